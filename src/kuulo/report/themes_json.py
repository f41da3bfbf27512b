"""themes.json: every theme and subtheme with its names, counts and most typical messages."""

from collections.abc import Mapping, Sequence

from kuulo.group.result import Grouping, Theme
from kuulo.message import Message
from kuulo.report.encoding import json_text
from kuulo.report.kind_counts import kinds_by_theme
from kuulo.report.origin import origin

FORMAT = 1


def themes_json(messages: Sequence[Message], grouping: Grouping) -> str:
    """Write the themes by size, each before its subthemes.

    ``secondary`` lists the messages that are counted elsewhere and also speak of the subtheme.
    ``counts.people`` is there only where the input names authors. ``kinds`` counts the grouped messages by what
    they do.
    """
    secondary = _secondary(messages, grouping)
    kinds = kinds_by_theme(grouping)
    themes = [_theme(theme, messages, secondary, kinds) for theme in grouping.themes]
    return json_text({"format": FORMAT, "run": grouping.run, "themes": themes}) + "\n"


def _theme(
    theme: Theme,
    messages: Sequence[Message],
    secondary: Mapping[str, list[dict[str, str | int]]],
    kinds: Mapping[str, Mapping[str, int]],
) -> dict[str, object]:
    return {
        "id": theme.id,
        "parent": theme.parent,
        "names": theme.names,
        "named_by": theme.named_by,
        "keyphrases": theme.keyphrases,
        "counts": _counts(theme),
        "kinds": dict(sorted(kinds.get(theme.id, {}).items())),
        "firmness": round(theme.firmness, 3),
        "central": [origin(messages[index]) | {"text": messages[index].text} for index in theme.central],
        "secondary": secondary.get(theme.id, []),
        "service": theme.service,
        "since": theme.since,
    }


def _counts(theme: Theme) -> dict[str, int]:
    counts = {"messages": theme.messages, "distinct": theme.distinct}
    return counts if theme.people is None else counts | {"people": theme.people}


def _secondary(messages: Sequence[Message], grouping: Grouping) -> dict[str, list[dict[str, str | int]]]:
    found: dict[str, list[dict[str, str | int]]] = {}
    for message, placement in zip(messages, grouping.placements, strict=True):
        for subtheme in placement.also:
            found.setdefault(subtheme, []).append(origin(message))
    return found

"""What the page's script draws its long lists, its search and its filters from, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kuulo.group.result import Grouping, Placement, Theme
from kuulo.message import Message
from kuulo.report.days import days
from kuulo.report.encoding import quotable, visible
from kuulo.report.facets import KINDS, Facet
from kuulo.report.names import language_tag, name_of
from kuulo.report.origin import Origins, origins
from kuulo.report.page_lists import UNCERTAIN, lists_of, most_central
from kuulo.report.words import Speech

EMBED_ALL = 20_000
_ROWS_APART = 1_000

SCRIPT_WORDS = (
    "across.part",
    "also",
    "close_all",
    "column.theme",
    "counted_in",
    "day",
    "export.row",
    "export.status",
    "export.subtheme",
    "export.text",
    "export.theme",
    "export.time",
    "filter.all",
    "filter.remove",
    "filter.shown",
    "messages.many",
    "messages.one",
    "more",
    "nearest",
    "open_all",
    "part",
    "part.apart",
    "people.many",
    "people.one",
    "read_on",
    "search.apart",
    "search.found",
    "search.found_texts",
    "search.hidden",
    "search.near",
    "search.none",
    "similar",
    "status.grouped",
    "status.uncertain",
    "texts.many",
    "texts.one",
    "themes.more.many",
    "themes.more.one",
    "thousands",
    "timeline.label",
    "times.many",
)

Similar = Mapping[int, Sequence[int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rows:
    """The messages with a text, in order: ``of`` gives each one's row in the data by its number."""

    of: Mapping[int, int]
    themes: Mapping[str, int]
    where: Origins
    similar: Similar


def page_data(
    messages: Sequence[Message],
    grouping: Grouping,
    *,
    facets: Sequence[Facet],
    similar: Similar,
    speech: Speech,
    language: str,
) -> dict[str, object]:
    """Gather the script's data. Whatever stands in ``columns`` has a cell for every message with a text, so that all
    counts can be made; ``texts`` has 0 for a text that the page does not hold, which above 20,000 messages are all
    but the most central ones of each theme.

    A theme is ``[name, language of the name, id, number of messages, number of its parent]``. A text is
    ``[text, language, origin, also, reason, kind, evidence, similar]``, where ``also`` are themes and ``similar``
    messages, by number; so are the columns theme, subtheme, first (copy) and person, -1 for none; day counts from
    1970-01-01. ``lists`` are by the number of the theme, and "uncertain". A row of ``apart`` is ``[text, language,
    note]``.
    """
    shown = [at for at, place in enumerate(grouping.placements) if place.theme]
    lists = lists_of(grouping)
    is_part = len(messages) > EMBED_ALL
    held = set(most_central(grouping, lists) if is_part else shown)
    themes = {theme.id: number for number, theme in enumerate(grouping.themes)} | {"": -1}
    rows = _Rows(
        of={at: row for row, at in enumerate(shown)},
        themes=themes,
        where=origins(messages, speech),
        similar=similar,
    )
    return {
        "words": {key: speech.words[key] for key in SCRIPT_WORDS},
        "part": is_part,
        "themes": [_theme(theme, themes, language) for theme in grouping.themes],
        "texts": [_text(at, messages, grouping, rows, speech) if at in held else 0 for at in shown],
        "columns": _columns(shown, messages, grouping, rows),
        "facets": [[facet.name, facet.values, [facet.of[at] for at in shown]] for facet in facets],
        "lists": {str(themes.get(name, name)): [rows.of[at] for at in lists[name]] for name in lists},
        "uncertain": len(lists[UNCERTAIN]),
        "apart": _apart(messages, grouping, rows.where),
    }


def _theme(theme: Theme, themes: Mapping[str, int], language: str) -> list[object]:
    name = name_of(theme, language)
    return [visible(name.value), name.language, theme.id, theme.messages, themes[theme.parent]]


def _text(index: int, messages: Sequence[Message], grouping: Grouping, rows: _Rows, speech: Speech) -> list[object]:
    message, placement = messages[index], grouping.placements[index]
    return [
        quotable(message.text),
        language_tag(placement.language),
        rows.where.of(message),
        [rows.themes[subtheme] for subtheme in placement.also],
        speech.reason(placement.reason),
        speech.say(f"kind.{placement.kind}") if placement.kind in KINDS[:-1] else "",
        ", ".join(speech.say(f"evidence.{code}") for code in placement.evidence),
        [rows.of[at] for at in rows.similar.get(index, ()) if at in rows.of],
    ]


def _columns(
    shown: Sequence[int], messages: Sequence[Message], grouping: Grouping, rows: _Rows
) -> dict[str, list[int | None]]:
    places = [grouping.placements[at] for at in shown]
    people: dict[str, int] = {"": -1}
    return {
        "theme": [rows.themes[place.theme] for place in places],
        "subtheme": [rows.themes[place.subtheme] for place in places],
        "first": [rows.of.get(place.copy_of, -1) for place in places],
        "uncertain": [int(place.status == "uncertain") for place in places],
        "kind": [KINDS.index(place.kind) if place.kind else -1 for place in places],
        "person": [people.setdefault(messages[at].author, len(people) - 1) for at in shown],
        "day": days([messages[at].time for at in shown]),
    }


def _apart(messages: Sequence[Message], grouping: Grouping, where: Origins) -> dict[str, object]:
    blank = [
        (message, placement)
        for message, placement in zip(messages, grouping.placements, strict=True)
        if placement.status in {"empty", "unreadable"}
    ]
    return {"rows": [_row(*pair, where) for pair in blank[:_ROWS_APART]], "all": len(blank)}


def _row(message: Message, placement: Placement, where: Origins) -> list[str]:
    status = where.speech.say(f"status.{placement.status}")
    reason = where.speech.reason(placement.reason or message.unreadable)
    note = " · ".join(part for part in (where.of(message), status, reason) if part)
    return [quotable(message.text.strip()), language_tag(placement.language), note]

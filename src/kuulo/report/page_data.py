"""What the page's script draws its long lists and its search from, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kuulo.group.result import Grouping, Placement, Theme
from kuulo.message import Message
from kuulo.report.encoding import quotable, visible
from kuulo.report.names import language_tag, name_of
from kuulo.report.origin import Origins, origins
from kuulo.report.page_lists import UNCERTAIN, count_texts, lists_of, most_central
from kuulo.report.words import Speech

EMBED_ALL = 20_000
_ROWS_APART = 1_000

SCRIPT_WORDS = (
    "also",
    "close_all",
    "counted_in",
    "messages.many",
    "messages.one",
    "more",
    "nearest",
    "open_all",
    "part",
    "part.apart",
    "read_on",
    "search.found",
    "search.found_texts",
    "search.none",
    "texts.many",
    "texts.one",
    "thousands",
    "times.many",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Places:
    """Where the page's data keeps what a message refers to."""

    where: Origins
    times: Mapping[int, int]
    themes: Mapping[str, int]
    messages: Mapping[int, int]


def page_data(messages: Sequence[Message], grouping: Grouping, *, speech: Speech, language: str) -> dict[str, object]:
    """Gather the script's data; above 20,000 messages only the most central texts of each theme.

    A theme is ``[name, language of the name, id, number of messages]``. A message is
    ``[text, language, origin, theme, subtheme, first copy, times, also, is uncertain, reason]``, where themes
    and messages are numbers (indices into ``themes`` and ``messages``), -1 for none. ``lists`` are by the
    number of the theme, and "uncertain". A row of ``apart`` is ``[text, language, note]``.
    """
    themes = {theme.id: number for number, theme in enumerate(grouping.themes)} | {"": -1}
    lists = lists_of(grouping)
    is_part = len(messages) > EMBED_ALL
    chosen = most_central(grouping, lists) if is_part else [at for at, m in enumerate(messages) if m.text]
    places = _Places(
        where=origins(messages, speech),
        times=count_texts(grouping),
        themes=themes,
        messages={index: at for at, index in enumerate(chosen)},
    )
    return {
        "words": {key: speech.words[key] for key in SCRIPT_WORDS},
        "part": is_part,
        "themes": [_theme(theme, language) for theme in grouping.themes],
        "messages": [_message(at, messages, grouping, places, speech) for at in chosen],
        "lists": {str(themes.get(name, name)): _embedded(lists[name], places) for name in lists},
        "uncertain": len(lists[UNCERTAIN]),
        "apart": _apart(messages, grouping, places.where),
    }


def _theme(theme: Theme, language: str) -> list[object]:
    name = name_of(theme, language)
    return [visible(name.value), name.language, theme.id, theme.messages]


def _message(
    index: int, messages: Sequence[Message], grouping: Grouping, places: _Places, speech: Speech
) -> list[object]:
    message, placement = messages[index], grouping.placements[index]
    return [
        quotable(message.text),
        language_tag(placement.language),
        places.where.of(message),
        places.themes[placement.theme],
        places.themes[placement.subtheme],
        places.messages.get(placement.copy_of, -1),
        places.times.get(index, 1),
        [places.themes[subtheme] for subtheme in placement.also],
        int(placement.status == "uncertain"),
        speech.reason(placement.reason),
    ]


def _embedded(members: Sequence[int], places: _Places) -> list[int]:
    return [places.messages[index] for index in members if index in places.messages]


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

"""A result as plain tables, for a workbook and for other programs: themes, kinds of message, messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from kuulo.group.result import Grouping, Theme
from kuulo.lang.services import concepts
from kuulo.message import Message
from kuulo.report.facets import KINDS
from kuulo.report.kind_counts import kinds_by_theme
from kuulo.report.names import firmness_code, name_of
from kuulo.report.origin import file_name
from kuulo.report.words import Speech

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are codes, ``headers`` the same in the reader's language.

    A column of the input's own background has the code ``background.`` and its name.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    headers: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def tables(messages: Sequence[Message], grouping: Grouping, *, language: str) -> tuple[Table, ...]:
    """Give the themes, the kinds of their messages, and every message with its text and where it went."""
    speech = Speech(language)
    named = {"": ""} | {theme.id: name_of(theme, language).value for theme in grouping.themes}
    background = tuple(dict.fromkeys(name for message in messages for name, _ in message.background))
    return (
        _table(
            "themes", _THEMES, [_theme(theme, named, messages, speech, language) for theme in grouping.themes], speech
        ),
        _table("kinds", _KINDS, _kind_rows(messages, grouping, named, speech), speech),
        _table(
            "messages",
            _MESSAGES,
            [
                _message(message, grouping, at, named, speech) + _told(message, background)
                for at, message in enumerate(messages)
            ],
            speech,
            more=background,
        ),
    )


_THEMES = ("id", "theme", "subtheme", "messages", "people", "firmness", "service", "phrases", "typical")
_KINDS = ("id", "theme", "subtheme", "kind", "messages", "percent", "typical")
_MESSAGES = (
    "file", "row", "column", "id", "time", "status", "theme", "subtheme", "kind", "evidence", "actor", "text",
)  # fmt: skip


def _table(
    name: str, columns: tuple[str, ...], rows: list[tuple[Cell, ...]], speech: Speech, more: tuple[str, ...] = ()
) -> Table:
    headers = tuple(speech.say(f"export.{column}") for column in columns)
    return Table(
        name,
        speech.say(f"export.{name}"),
        columns + tuple(f"background.{name}" for name in more),
        headers + more,
        rows,
    )


def _theme(
    theme: Theme, named: dict[str, str], messages: Sequence[Message], speech: Speech, language: str
) -> tuple[Cell, ...]:
    labels = {concept.id: concept.wording for concept in concepts()}
    return (
        theme.id,
        named[theme.parent or theme.id],
        named[theme.id] if theme.parent else "",
        theme.messages,
        theme.people,
        speech.say(f"firmness.{firmness_code(theme)}"),
        labels[theme.service][language].label if theme.service in labels else "",
        ", ".join(theme.keyphrases.get(language, ())),
        messages[theme.central[0]].text if theme.central else "",
    )


def _kind_rows(
    messages: Sequence[Message], grouping: Grouping, named: dict[str, str], speech: Speech
) -> list[tuple[Cell, ...]]:
    """Count the kinds of message in each theme, with the best fitting message of each."""
    counts = kinds_by_theme(grouping)
    typical: dict[tuple[str, str], int] = {}
    for at, place in enumerate(grouping.placements):
        if place.status != "grouped" or not place.kind:
            continue
        for theme in place.groups:
            side = (theme, place.kind)
            best = typical.get(side)
            if best is None or place.fit > grouping.placements[best].fit:
                typical[side] = at
    return [
        (
            theme.id,
            named[theme.parent or theme.id],
            named[theme.id] if theme.parent else "",
            speech.say(f"kind.{kind}"),
            counts[theme.id][kind],
            round(100 * counts[theme.id][kind] / theme.messages),
            messages[typical[theme.id, kind]].text,
        )
        for theme in grouping.themes
        for kind in KINDS
        if counts[theme.id][kind]
    ]


def _message(
    message: Message, grouping: Grouping, at: int, named: dict[str, str], speech: Speech
) -> tuple[Cell, ...]:
    place = grouping.placements[at]
    return (
        file_name(message.file),
        message.row,
        message.column,
        message.id,
        message.time,
        speech.say(f"status.{place.status}"),
        f"{place.theme} {named[place.theme]}".strip(),
        f"{place.subtheme} {named[place.subtheme]}".strip(),
        speech.say(f"kind.{place.kind}") if place.kind else "",
        ", ".join(speech.say(f"evidence.{code}") for code in place.evidence),
        speech.say(f"actor.{message.actor}") if message.actor else "",
        message.text,
    )


def _told(message: Message, background: Sequence[str]) -> tuple[Cell, ...]:
    told = dict(message.background)
    return tuple(told.get(name, "") for name in background)

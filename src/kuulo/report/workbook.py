"""A workbook for the planner: the themes, and every message with its text and where it went."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kuulo.group.result import Grouping, Theme
from kuulo.lang.services import concepts
from kuulo.message import Message
from kuulo.report.encoding import quotable, visible
from kuulo.report.names import firmness_code, name_of
from kuulo.report.origin import file_name
from kuulo.report.words import Speech

# A cell of a workbook holds no more characters.
_LONGEST = 32_767
_THEMES = ("id", "theme", "subtheme", "messages", "people", "firmness", "service", "phrases", "typical")
_MESSAGES = ("file", "row", "column", "id", "time", "status", "theme", "subtheme", "text")
_WIDTHS = {
    "theme": 34,
    "subtheme": 34,
    "service": 28,
    "phrases": 44,
    "typical": 70,
    "text": 90,
    "file": 20,
    "time": 18,
}
_USUAL_WIDTH = 12
_WRAPPED = {"typical", "text", "phrases"}
# The same result gives the same bytes: no clock in the file.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)

_Cell = str | int | None


def workbook(messages: Sequence[Message], grouping: Grouping, *, language: str) -> bytes:
    """Write an XLSX file with a sheet of themes and a sheet of messages, in one language.

    Residents' words stand as text, whatever sign they begin with; a text over 32,767 characters is cut, with "…".
    """
    speech = Speech(language)
    target = BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {"in_memory": True, **safe}) as book:
        book.set_properties({"created": _CREATED, "title": speech.say("title")})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for name, columns, rows in (
            ("themes", _THEMES, _theme_rows(messages, grouping, speech, language)),
            ("messages", _MESSAGES, _message_rows(messages, grouping, speech, language)),
        ):
            sheet = book.add_worksheet(speech.say(f"export.{name}"))
            _fill(sheet, [speech.say(f"export.{column}") for column in columns], columns, rows, bold, wrapped)
    return target.getvalue()


def _theme_rows(
    messages: Sequence[Message], grouping: Grouping, speech: Speech, language: str
) -> list[tuple[_Cell, ...]]:
    labels = {concept.id: concept.wording for concept in concepts()}
    named = {theme.id: name_of(theme, language).value for theme in grouping.themes}
    return [
        (
            theme.id,
            named[theme.parent or theme.id],
            named[theme.id] if theme.parent else "",
            theme.messages,
            theme.people,
            speech.say(f"firmness.{firmness_code(theme)}"),
            labels[theme.service][language].label if theme.service in labels else "",
            ", ".join(theme.keyphrases.get(language, ())),
            _typical(messages, theme),
        )
        for theme in grouping.themes
    ]


def _typical(messages: Sequence[Message], theme: Theme) -> str:
    return messages[theme.central[0]].text if theme.central else ""


def _message_rows(
    messages: Sequence[Message], grouping: Grouping, speech: Speech, language: str
) -> list[tuple[_Cell, ...]]:
    named = {"": ""} | {theme.id: name_of(theme, language).value for theme in grouping.themes}
    return [
        (
            file_name(message.file),
            message.row,
            message.column,
            message.id,
            message.time,
            speech.say(f"status.{place.status}"),
            f"{place.theme} {named[place.theme]}".strip(),
            f"{place.subtheme} {named[place.subtheme]}".strip(),
            message.text,
        )
        for message, place in zip(messages, grouping.placements, strict=True)
    ]


def _fill(
    sheet: Worksheet,
    headers: Sequence[str],
    columns: Sequence[str],
    rows: Sequence[tuple[_Cell, ...]],
    bold: Format,
    wrapped: Format,
) -> None:
    for place, (header, column) in enumerate(zip(headers, columns, strict=True)):
        sheet.set_column(place, place, _WIDTHS.get(column, _USUAL_WIDTH))
        sheet.write_string(0, place, header, bold)
    for number, row in enumerate(rows, start=1):
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, _held(cell), wrapped if column in _WRAPPED else None)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _held(text: str) -> str:
    """Give what a cell can hold: control characters visible, the rest cut."""
    shown = quotable(text) if "\n" in text else visible(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"

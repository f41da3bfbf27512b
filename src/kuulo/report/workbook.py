"""A workbook for the planner: the themes, the kinds of message in them, and every message with where it went."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kuulo.group.result import Grouping
from kuulo.message import Message
from kuulo.report.encoding import quotable, visible
from kuulo.report.tables import Table, tables
from kuulo.report.words import Speech

# A cell of a workbook holds no more characters.
_LONGEST = 32_767
_WIDTHS = {
    "theme": 34,
    "subtheme": 34,
    "kind": 22,
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


def workbook(messages: Sequence[Message], grouping: Grouping, *, language: str) -> bytes:
    """Write an XLSX file with a sheet each of themes, kinds and messages, in one language.

    Residents' words stand as text, whatever sign they begin with; a text over 32,767 characters is cut, with "…".
    """
    target = BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {"in_memory": True, **safe}) as book:
        book.set_properties({"created": _CREATED, "title": Speech(language).say("title")})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables(messages, grouping, language=language):
            _fill(book.add_worksheet(table.title), table, bold, wrapped)
    return target.getvalue()


def _fill(sheet: Worksheet, table: Table, bold: Format, wrapped: Format) -> None:
    for place, (header, column) in enumerate(zip(table.headers, table.columns, strict=True)):
        sheet.set_column(place, place, _WIDTHS.get(column, _USUAL_WIDTH))
        sheet.write_string(0, place, _held(header), bold)
    for number, row in enumerate(table.rows, start=1):
        for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, _held(cell), wrapped if column in _WRAPPED else None)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _held(text: str) -> str:
    """Give what a cell can hold: control characters visible, the rest cut."""
    shown = quotable(text) if "\n" in text else visible(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"

"""Find the headers of a file's rows and part them from the data."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from kuulo.hear import header
from kuulo.hear.formats import Rows
from kuulo.hear.header import Header
from kuulo.hear.reading import MOST_COLUMNS, Note
from kuulo.hear.refused import Refused

# So much is looked at before the columns are judged.
_ROWS, _CELLS = 2_000, 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Headers and data. ``sample`` are the first data rows; ``rows`` are all of them, the sample included."""

    header: Header
    header_row: int
    sample: list[list[str]]
    rows: Iterator[list[str]]
    notes: tuple[Note, ...]


def part(source: Rows, *, order: bool | None) -> Table:
    """Part headers from data, by the order, else by evidence; rows without cells are left out."""
    numbered = ((number, row) for number, row in enumerate(source.rows, source.skipped + 1) if row)
    first = _first(numbered)
    if not first:
        raise Refused("empty-file")
    widest = max(len(row) for _, row in first)
    if widest > MOST_COLUMNS:
        raise Refused("too-large", {"columns": widest, "limit": MOST_COLUMNS})
    found, body, header_row, notes = _headed(source, first, order=order)
    width = len(found.names)
    rest = (row for _, row in numbered if not _is_blank(row, width))
    sample = [row for row in body if not _is_blank(row, width)] or list(islice(rest, 1))
    if not sample:
        raise Refused("only-header" if found.found else "empty-file", {"row": header_row})
    return Table(header=found, header_row=header_row, sample=sample, rows=chain(sample, rest), notes=notes)


def _first(numbered: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Take the first rows: enough to judge by, and few where they are wide."""
    first = []
    cells = 0
    for number, row in islice(numbered, _ROWS):
        first.append((number, row))
        cells += len(row)
        if cells >= _CELLS:
            break
    return first


def _headed(
    source: Rows, first: list[tuple[int, list[str]]], *, order: bool | None
) -> tuple[Header, list[list[str]], int, tuple[Note, ...]]:
    """Give the header, the data rows among the first rows, the header's row from 1 (0: none) and notes."""
    rows = [row for _, row in first]
    if source.names:
        return Header(found=True, names=header.unique(source.names), labels=source.names), rows, 0, ()
    found = header.find(rows, order=order, least=source.width)
    if not found.found:
        return found, rows, 0, () if order is False else (Note(code="no-header"),)
    above = (Note(code="rows-above-header", facts={"rows": found.above}),) if found.above else ()
    return found, rows[found.above + 1 :], first[found.above][0], above


def _is_blank(row: list[str], width: int) -> bool:
    """Tell a line of mere spaces in a table of several columns."""
    return width > 1 and len(row) == 1 and not row[0].strip()

"""The child process that reads a foreign workbook, so that a bomb in it harms nobody else.

Run as ``python -m kuulo.hear.workbook SHEET MEMORY SECONDS UNPACKED < workbook``. It writes JSON lines: first
what was read, then one list of cells a row (empty where the row is), last ``{"end": true}``; or, at any
time, ``{"refused": code, "facts": {...}}``.
"""

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

import python_calamine

from kuulo.hear import cells, unpack
from kuulo.hear.refused import Refused

_LOOKED_AT = 2_000
_LONGEST_CELL = 100_001
Sheet = python_calamine.CalamineSheet


def main(arguments: list[str]) -> None:
    """Read the workbook on standard input under the limits given."""
    sheet, memory, seconds, most = arguments
    _limit(memory=int(memory), seconds=float(seconds))
    try:
        _tell(sys.stdin.buffer, order=sheet, most=int(most))
    except Refused as refused:
        _write({"refused": refused.code, "facts": refused.facts})
    except MemoryError:
        _write({"refused": "out-of-memory", "facts": {}})
    except BaseException:  # noqa: BLE001 - a panic in the Rust below is no Exception; the process ends here
        _write({"refused": "bad-workbook", "facts": {"reason": "broken"}})


def _limit(*, memory: int, seconds: float) -> None:
    """Bound what this process may use; where a limit is unknown, the parent's clock still stands."""
    whole = max(1, round(seconds))
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, whole, whole + 5),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (soft, hard))


def _tell(stream: BinaryIO, *, order: str, most: int) -> None:
    kind = unpack.check(stream, most=most)
    stream.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(stream)
    name = _ordered(book, order) if order else _wordiest(book)
    sheet = book.get_sheet_by_name(name)
    _write({
        "format": kind,
        "sheet": name,
        "others": [other for other in book.sheet_names if other != name],
        "width": max((len(row) for row in _rows(sheet)), default=0),
    })  # fmt: skip
    for row in _rows(sheet):
        _write(row)
    _write({"end": True})


def _ordered(book: python_calamine.CalamineWorkbook, order: str) -> str:
    for name in book.sheet_names:
        if name.casefold() == order.casefold():
            return name
    if order.isdecimal() and len(order) < 6 and 0 < int(order) <= len(book.sheet_names):
        return book.sheet_names[int(order) - 1]
    raise Refused("no-such-sheet", {"sheet": order, "sheets": ", ".join(book.sheet_names)[:1_000]})


def _wordiest(book: python_calamine.CalamineWorkbook) -> str:
    """Choose the visible sheet with the most cells of several words: answers, not a cover or a codebook."""
    sheets = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if not sheets:
        raise Refused("empty-file")
    if len(sheets) == 1:
        return sheets[0]
    return max(sheets, key=lambda name: _words(book.get_sheet_by_name(name)))


def _words(sheet: Sheet) -> tuple[int, int]:
    looked_at = [row for row, _ in zip(_rows(sheet), range(_LOOKED_AT), strict=False)]
    texts = [cell for row in looked_at for cell in row if not (cells.is_number(cell) or cells.is_date(cell))]
    return sum(len(cell.split()) > 2 for cell in texts), sum(cell != "" for cell in texts)


def _rows(sheet: Sheet) -> Iterator[list[str]]:
    """Yield the sheet's rows from its first row and column on, without empty cells at the end."""
    before = [""] * sheet.start[1] if sheet.start else []
    for row in sheet.iter_rows():
        texts = [cells.written(cell)[:_LONGEST_CELL] for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        yield before + texts if texts else []


def _write(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()

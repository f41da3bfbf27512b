"""See any file, whatever its format, as rows of cells one after the other."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from kuulo.hear import decode, delimiter, kinds, lines, records, sheets
from kuulo.hear.decode import Encoding
from kuulo.hear.reading import Limits, Note, Orders

# So much is looked at before the delimiter is chosen.
_LINES, _CHARACTERS = 20_000, 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """The rows of a file and how they were found; an empty list stands for a line or row without cells.

    ``names`` are the columns where the format itself names them (JSON). ``width`` is the least number of
    columns. ``delimiter`` parts the cells where a row's length means anything (not in sheets and JSON).
    ``skipped`` lines stood before the first row. ``repairs`` is complete when all rows are taken.
    """

    rows: Iterator[list[str]]
    format: str
    names: tuple[str, ...] = ()
    width: int = 0
    skipped: int = 0
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    notes: tuple[Note, ...] = ()
    repairs: Counter[str] = field(default_factory=Counter)


@contextmanager
def opened(stream: BinaryIO, *, suffix: str, orders: Orders, limits: Limits, whole: bool = True) -> Iterator[Rows]:
    """Open a file as rows, judging by its first bytes, then by its name's ``suffix`` (".csv").

    ``whole`` False: the stream is only the beginning of a file.
    """
    if kinds.is_workbook(stream):
        with sheets.opened(stream, order=orders.sheet, limits=limits) as sheet:
            yield _of_sheet(sheet)
        return
    encoding = decode.choose(stream, order=orders.encoding)
    with closing(decode.pieces(stream, encoding=encoding)) as pieces:
        start = next(pieces, "")
    if not orders.encoding:
        decode.check_is_text(start[:65_536], encoding=encoding)
    if kind := "" if orders.delimiter else lines.kind(start, suffix=suffix):
        with _of_json(stream, kind=kind, encoding=encoding, whole=whole) as rows:
            yield rows
        return
    with closing(decode.lines(stream, encoding=encoding)) as physical:
        head = _first_lines(physical)
        order = delimiter.ordered(orders.delimiter) if orders.delimiter else None
        yield _of_text(head, chain(head, physical), order=order, suffix=suffix, encoding=encoding)


def _first_lines(physical: Iterator[str]) -> list[str]:
    head: list[str] = []
    characters = 0
    for line in physical:
        head.append(line)
        characters += len(line)
        if len(head) >= _LINES or characters >= _CHARACTERS:
            break
    return head


def _of_sheet(sheet: sheets.Sheet) -> Rows:
    others = Note(code="other-sheets", facts={"sheet": sheet.name, "sheets": ", ".join(sheet.others)[:1_000]})
    return Rows(
        rows=sheet.rows,
        format=sheet.format,
        width=sheet.width,
        sheet=sheet.name,
        notes=(others,) if sheet.others else (),
    )


@contextmanager
def _of_json(stream: BinaryIO, *, kind: str, encoding: Encoding, whole: bool) -> Iterator[Rows]:
    """Read the file twice, first for the names: the last record may have one that no other has."""
    with _records(stream, kind=kind, encoding=encoding, whole=whole) as found:
        names = lines.names(found)
    with _records(stream, kind=kind, encoding=encoding, whole=whole) as found:
        yield Rows(
            rows=(_row(record, names) for record in found),
            format=kind,
            names=names,
            encoding=_plain(encoding),
            notes=_encoding_notes(encoding),
        )


@contextmanager
def _records(
    stream: BinaryIO, *, kind: str, encoding: Encoding, whole: bool
) -> Iterator[Iterator[lines.Record | None]]:
    if kind == "json":
        with closing(decode.pieces(stream, encoding=encoding)) as pieces:
            yield lines.array(pieces, whole=whole)
    else:
        with closing(decode.lines(stream, encoding=encoding)) as physical:
            yield lines.objects(physical)


def _row(record: lines.Record | None, names: tuple[str, ...]) -> list[str]:
    if record is None:
        return lines.BrokenRow([""] * len(names))
    return [record.get(name, "") for name in names]


def _of_text(head: list[str], whole: Iterator[str], *, order: str | None, suffix: str, encoding: Encoding) -> Rows:
    announced = records.SEPARATOR_LINE.fullmatch(head[0]) if head else None
    if announced and order in {None, announced[1]}:
        order = announced[1]
        next(whole)
    cut = delimiter.choose(head) if order is None else order
    quoted = bool(cut) or suffix in {".csv", ".tsv"} or delimiter.quotes_fit(head)
    repairs: Counter[str] = Counter()
    return Rows(
        rows=records.records(whole, delimiter=cut, repairs=repairs) if quoted else records.answers(whole),
        format="tsv" if cut == "\t" else "csv" if quoted else "text",
        skipped=1 if announced and order == announced[1] else 0,
        encoding=_plain(encoding),
        delimiter=cut,
        notes=_encoding_notes(encoding),
        repairs=repairs,
    )


def _plain(encoding: Encoding) -> str:
    return {"cp1252": "windows-1252"}.get(encoding.name, encoding.name)


def _encoding_notes(encoding: Encoding) -> tuple[Note, ...]:
    return (Note(code="encoding-guessed", facts={"encoding": encoding.name}),) if encoding.fallback else ()

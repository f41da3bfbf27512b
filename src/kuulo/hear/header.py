"""Find the row of headers, if there is one, and name the columns by it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kuulo.hear import cells, header_words

# So many title and group rows may stand above the headers.
_MOST_ABOVE = 6
# So many rows are looked at for evidence.
_LOOKED_AT = 200
_SPACE = re.compile(r"\s+")
_UNWRITABLE = re.compile(r"[\0\ud800-\udfff]")
Row = list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Where the headers stand: ``above`` rows come before them; without headers ``found`` is False.

    ``labels`` are the bare headers; ``names`` are unique and carry their group ("Background / Age").
    """

    found: bool
    above: int = 0
    names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def find(rows: Sequence[Row], *, order: bool | None, least: int = 0) -> Header:
    """Find the headers among the first rows (no empty ones); ``order`` decides whether there are any.

    Without an order a row is taken for headers only on evidence: otherwise the first row is data.
    ``least`` is the number of columns that there are at least.
    """
    width = max(least, _usual_width(rows))
    place = None if order is False else _place(rows)
    if place is None and order:
        place = 0
    if place is None:
        return Header(found=False, names=unique([""] * width), labels=("",) * width)
    labels = [_clean(cell) for cell in rows[place]]
    labels += [""] * ((least if _all_known(labels) else width) - len(labels))
    groups = _groups(rows[place - 1] if place else [], width=len(labels))
    names = [f"{group} / {bare}" if group and bare else bare for group, bare in zip(groups, labels, strict=True)]
    return Header(found=True, above=place, names=unique(names), labels=tuple(labels))


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Name nameless columns by their number from 1, and tell equal names apart: "Comment", "Comment (2)"."""
    taken: dict[str, None] = {}
    seen: Counter[str] = Counter()
    for number, name in enumerate(names, 1):
        base = candidate = _UNWRITABLE.sub("\ufffd", name) or str(number)
        while candidate in taken:
            seen[base] += 1
            candidate = f"{base} ({seen[base] + 1})"
        taken[candidate] = None
    return tuple(taken)


def _usual_width(rows: Sequence[Row]) -> int:
    """Give the most usual width of the rows; the widest of the equally usual."""
    widths = Counter(map(len, rows))
    return max(widths, key=lambda width: (widths[width], width))


def _clean(cell: str) -> str:
    return _SPACE.sub(" ", cell[:1_000]).strip()


def _filled(row: Row) -> Row:
    return [cell for cell in map(str.strip, row) if cell]


def _place(rows: Sequence[Row]) -> int | None:
    """Give the index of the first row that is full, of text and unique, if the rows below bear it out."""
    looked_at = rows[:_LOOKED_AT]
    columns = len({number for row in looked_at for number, cell in enumerate(row) if cell.strip()})
    for index, row in enumerate(rows[:_MOST_ABOVE]):
        filled = _filled(row)
        if len(filled) < max(1, 0.6 * columns) and not _all_known(row):
            continue
        words = [cell.casefold() for cell in filled if not (cells.is_number(cell) or cells.is_date(cell))]
        fits = len(words) >= 0.6 * len(filled) and len(set(words)) >= 0.8 * len(words)
        return index if fits and _borne_out(row, looked_at[index + 1 :]) else None
    return None


def _all_known(row: Row) -> bool:
    """Tell a row of several known headers and nothing else: longer rows below hold the delimiter in an answer."""
    return len(row) > 1 and all(cells.label(cell) in header_words.KNOWN for cell in row)


def _groups(above: Row, *, width: int) -> Row:
    """Spread a row of group headers to the right; a lone first cell is the table's title, not a group."""
    above = [_clean(cell) for cell in above[:width]] + [""] * (width - len(above))
    if not any(above[1:]):
        return [""] * width
    groups: Row = []
    for cell in above:
        groups.append(cell or (groups[-1] if groups else ""))
    return groups


def _borne_out(row: Row, below: Sequence[Row]) -> bool:
    """Weigh what each column says about the row being its header."""
    filled = [(number, cell.strip()) for number, cell in enumerate(row) if cell.strip()]
    columns = [[other[number] for other in below if number < len(other)] for number, _ in filled]
    if len(row) == 1 or len(filled) == 1:
        return _sure_vote(filled[0][1], columns[0]) > 0
    return sum(_vote(cell, column) for (_, cell), column in zip(filled, columns, strict=True)) > 0


def _sure_vote(cell: str, column: Row) -> int:
    """Vote by the word itself: 2 for a known header, -2 for a value that comes again below, else 0."""
    below = {other.strip().casefold() for other in column}
    if cell.casefold() in below:
        return -2
    return 2 if cells.label(cell) in header_words.KNOWN or cells.is_technical(cell) else 0


def _vote(cell: str, column: Row) -> int:
    """Vote for (above 0) or against (below 0) the cell being the header of the column."""
    seen = cells.profile(column)
    for share, is_such in (
        (seen.dates, cells.is_date),
        (seen.numbers, cells.is_number),
        (seen.codes, cells.is_code),
        (seen.languages, cells.is_language),
    ):
        if seen.filled and share >= 0.8:
            return -2 if is_such(cell) else 2
    if cells.is_date(cell):
        return -2
    sure = _sure_vote(cell, column)
    if sure:
        return sure
    choices = seen.filled >= 8 and seen.distinct <= 0.25
    return 1 if choices or _asks(cell, column) else 0


def _asks(cell: str, column: Row) -> bool:
    """Tell whether the cell is a question or numbered like one, unlike the cells below."""
    return _is_question(cell) and sum(map(_is_question, column)) < 0.2 * max(1, len(column))


def _is_question(cell: str) -> bool:
    return cell.rstrip().endswith("?") or re.match(r"\d{1,3}[.)]\s", cell) is not None

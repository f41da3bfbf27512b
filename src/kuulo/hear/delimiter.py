"""Choose what parts the cells of a record: a delimiter counts only if it gives a consistent table."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from kuulo.hear import cells, header_words
from kuulo.hear.reading import MOST_COLUMNS
from kuulo.hear.records import records
from kuulo.hear.refused import Refused

# In the order in which they win when they fit equally well: prose holds hardly any tabs, but many commas.
_CANDIDATES = "\t;|,"
_RECORDS = 50
_NAMES = {"tab": "\t", "\\t": "\t", "none": ""}


def ordered(order: str) -> str:
    """Give the delimiter that a person ordered: one character, "tab", or "none" for one cell a line."""
    delimiter = _NAMES.get(order.casefold(), order)
    if len(delimiter) > 1 or delimiter in {"\n", "\r", '"', "\0", "\ufeff"}:
        raise Refused("bad-delimiter", {"delimiter": order})
    return delimiter


def choose(lines: Sequence[str]) -> str:
    """Choose the delimiter by counting over the first records of a sample; "" where none makes a table."""
    best = (0.0, 0, "")
    for candidate in _CANDIDATES:
        share, width = _fit(lines, candidate)
        if (share, width) > best[:2]:
            best = (share, width, candidate)
    return best[2]


def quotes_fit(lines: Sequence[str]) -> bool:
    """Tell whether a list of one cell a record is written with quotes (some are, and they all fit)."""
    repairs: Counter[str] = Counter()
    for _ in islice(records(iter(lines), delimiter="", repairs=repairs), _RECORDS):
        pass
    return not repairs and any(line.startswith('"') for line in lines)


def _fit(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """Give the share of records that have the most usual width, and that width; 0, 0 where it is no table."""
    found = [row for row in islice(records(iter(lines), delimiter=delimiter, repairs=Counter()), _RECORDS) if row]
    wide = Counter(len(row) for row in found if len(row) > 1)
    if not wide:
        return 0.0, 0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    if width > MOST_COLUMNS:
        _check_no_table(rows=count, width=width)
        return 0.0, 0
    share = count / len(found)
    if _known(found[0]) > 1:
        return max(share, 0.5), len(found[0])
    if _known(_first(found, width)):
        return (share, width) if share >= 0.5 else (0.0, 0)
    # Tabs and bars are not typed in prose; a comma or semicolon must look like more than punctuation.
    if share < 0.8 or (delimiter in ";," and _is_prose(found, width)):
        return 0.0, 0
    return share, width


def _check_no_table(*, rows: int, width: int) -> None:
    """Refuse what is cut alike line by line: a table too wide to read, and no long text."""
    if rows > 1:
        raise Refused("too-large", {"columns": width, "limit": MOST_COLUMNS})


def _known(row: list[str]) -> int:
    """Count the cells that are known headers."""
    return sum(cells.label(cell) in header_words.KNOWN for cell in row)


def _first(found: list[list[str]], width: int) -> list[str]:
    return next(row for row in found if len(row) == width)


def _is_prose(found: list[list[str]], width: int) -> bool:
    """Tell punctuation from delimiters: it is followed by a space, and few lines prove nothing."""
    later = [cell for row in found for cell in row[1:] if cell]
    spaced = sum(cell[0].isspace() for cell in later)
    if spaced * 2 > len(later):
        return True
    return len(found) < 3 and width < 4 and not any(_is_value(cell) for row in found for cell in row)


def _is_value(cell: str) -> bool:
    return cells.is_code(cell) or cells.is_date(cell) or cells.is_number(cell) or cells.is_language(cell)

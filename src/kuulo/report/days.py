"""Read the days out of the cells of a time column, as numbers of days since 1970-01-01."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})\b")
_SECONDS = re.compile(r"\d{10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{13}")
EPOCH = date(1970, 1, 1).toordinal()
_CENTURY = 2000
_MONTHS = 12
_FIRST_YEAR, _LAST_YEAR = 1900, 2100

Day = int | None


def days(cells: Sequence[str]) -> list[Day]:
    """Give the day of each cell, None where it tells none; days come before months unless a cell says otherwise."""
    month_first = _is_month_first(cells)
    return [_day(cell, month_first=month_first) for cell in cells]


def _is_month_first(cells: Sequence[str]) -> bool:
    """Tell American dates by a second number that is no month; dates with full stops are never American."""
    found = [match for cell in cells if (match := _YEAR_LAST.search(cell)) and match[2] != "."]
    firsts, seconds = [int(match[1]) for match in found], [int(match[3]) for match in found]
    return max(seconds, default=0) > _MONTHS >= max(firsts, default=0)


def _day(cell: str, *, month_first: bool) -> Day:
    cell = cell.strip()
    if _MILLISECONDS.fullmatch(cell) or _SECONDS.fullmatch(cell):
        seconds = int(cell.partition(".")[0][:10])
        told = datetime.fromtimestamp(seconds, UTC)
        return _counted(told.year, told.month, told.day)
    if match := _YEAR_FIRST.match(cell):
        return _counted(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.search(cell):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day, month = (second, first) if month_first else (first, second)
        return _counted(year if year > 99 else _CENTURY + year, month, day)
    return None


def _counted(year: int, month: int, day: int) -> Day:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None  # 9999 stands for none
    try:
        return date(year, month, day).toordinal() - EPOCH
    except ValueError:
        return None

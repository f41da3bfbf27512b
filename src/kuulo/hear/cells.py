"""What a single cell, or the cells of one column, look like: number, date, code, language, free text."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kuulo.hear import header_words
from kuulo.lang.months import MONTHS

_NUMBER = re.compile(
    r"[-+−]?\s?\d{1,3}(?:[\s\u00a0\u202f.,]?\d{3})*(?:[.,]\d+)?\s?%?|[-+−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
)
_DAY = r"(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:\d{4}|\d{2})|\d{4}[-./]\d{1,2}[-./]\d{1,2})"
_CLOCK = r"\d{1,2}[.:]\d{2}(?:[.:]\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?:Z|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|[A-Z]{3,4})"
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_NAMED_DAY = (
    rf"(?:\d{{1,2}}\.?[\s-]?{_MONTH}[\s-]?(?:\d{{4}}|\d{{2}})"
    rf"|{_MONTH}\s\d{{1,2}},?\s(?:{_CLOCK}\s(?:{_ZONE}\s)?)?\d{{4}})"
)
_WEEK = r"\d{4}-?W\d{2}(?:-?[1-7])?"
_DATE = re.compile(
    rf"(?:[A-Za-zåäöø]{{2,12}}\.?,?\s)?(?:den\s)?(?:{_DAY}|{_NAMED_DAY}|{_WEEK})"
    rf"(?:[T,\s]\s*(?:klo\.?|kl\.?|at)?\s*{_CLOCK}\s?{_ZONE}?(?:\s\(.*\))?)?",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[A-Za-zÅÄÖØÆåäöøæ#]{0,6}[-_/]?\d+(?:[-_/.]\d+){0,3}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
_DECIMAL = re.compile(r"\d+[.,]\d+")
_TECHNICAL = re.compile(r"[A-Za-z]\w*(?:[_.]\w+)+|[Qq]\d+\w{0,3}")
_PUNCTUATION = re.compile(r"[\s_\-.:*()\[\]\"'/]+")
_LANGUAGES = header_words.every(header_words.LANGUAGES)
_CLOSED = header_words.every(header_words.CLOSED)
# Longer cells are text without looking: keeps the patterns away from hostile lengths.
_SHORT = 64


def written(value: object) -> str:
    """Write a sheet's or JSON's value as a person reads it: dates by ISO 8601, whole numbers without ".0"."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return _number(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case None:
            return ""
    return str(value)


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)


def label(header: str) -> str:
    """Give a header's words in one form: "1. Comment_Body:" and "comment body" are the same."""
    words = _PUNCTUATION.sub(" ", header[:200].casefold()).strip()
    return re.sub(r"^\d+ (?=\D)", "", words)


def is_number(cell: str) -> bool:
    """Tell whether the cell is a number, with decimal comma or point, grouped digits or a per cent sign."""
    cell = cell.strip()
    return 0 < len(cell) <= _SHORT and _NUMBER.fullmatch(cell) is not None


def is_date(cell: str) -> bool:
    """Tell whether the cell is a date or an instant as Nordic, ISO or American forms write it."""
    cell = cell.strip()
    return 5 < len(cell) <= _SHORT and _DATE.fullmatch(cell) is not None


def is_code(cell: str) -> bool:
    """Tell whether the cell could be an identifier: K0001, 2026-117, 42 or a UUID, but no decimal number."""
    cell = cell.strip()
    return 0 < len(cell) <= _SHORT and _CODE.fullmatch(cell) is not None and not _DECIMAL.fullmatch(cell)


def is_language(cell: str) -> bool:
    """Tell whether the cell names a language, by code (also fi-FI) or by name."""
    return len(cell) <= _SHORT and re.split(r"[-_]", cell.strip().casefold())[0] in _LANGUAGES


def is_technical(cell: str) -> bool:
    """Tell whether the cell reads like a field's name in a program: q_mika, comment.body, Q12."""
    return len(cell) <= _SHORT and _TECHNICAL.fullmatch(cell.strip()) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A column in numbers; shares are 0-1 of the filled cells, ``length`` is their mean in characters."""

    filled: int
    length: float
    words: float
    distinct: float
    numbers: float
    dates: float
    codes: float
    languages: float
    closed: float
    letters: float


def profile(cells: Sequence[str]) -> Profile:
    """Measure a column from a sample of its cells; empty ones do not count."""
    filled = [cell.strip()[:5_000] for cell in cells if cell.strip()]
    count = max(1, len(filled))
    return Profile(
        filled=len(filled),
        length=sum(map(len, filled)) / count,
        words=sum(cell.count(" ") + cell.count("\n") + 1 for cell in filled) / count,
        distinct=len(set(filled)) / count,
        numbers=sum(map(is_number, filled)) / count,
        dates=sum(map(is_date, filled)) / count,
        codes=sum(map(is_code, filled)) / count,
        languages=sum(map(is_language, filled)) / count,
        closed=sum(cell.casefold() in _CLOSED for cell in filled) / count,
        letters=sum(any(map(str.isalpha, cell)) for cell in filled) / count,
    )

"""Times: understand when something was said, however the file writes it; by own patterns, so always the same."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from kuulo.hear.instant import OLDEST
from kuulo.lang.months import MONTHS

_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3,
}  # fmt: skip
_CLOCK = (
    r"(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
_ZONE = r"(?P<zone>(?:GMT|UTC)?[+-]\d{2}:?(?:\d{2})?|[A-Z]{1,4})"
_TAIL = rf"(?:(?:T|,?\s+)(?:klo|kl|at)?\.?\s*{_CLOCK}(?:\s?{_ZONE})?)?(?:\s*[(\[][^)\]]{{1,60}}[)\]])?"
_MONTH = r"(?P<name>[^\W\d_]{3,12})\.?"
_DAY = r"(?:[^\W\d_]{2,12}\.?,?\s+)?(?:den\s+)?"
# A number that is a day in a workbook, counted from the last day of 1899; from 1970 to 2100.
_SHEET_ZERO, _SHEET_FIRST, _SHEET_LAST = datetime(1899, 12, 30), 25_569, 73_050
# Seconds since 1970 of the years that a message may come from.
_UNIX_FIRST, _UNIX_LAST = 100_000_000, 4_102_444_800
_LONGEST = 100
# a clock that goes wrong, or another zone
_EARLY = timedelta(days=1)
_PIVOT = 69
_NUMERIC = re.compile(
    rf"{_DAY}(?P<first>\d{{1,2}})(?P<sign>[./-])\s?(?P<other>\d{{1,2}})(?P=sign)\s?(?P<year>\d{{4}}|\d{{2}}){_TAIL}"
)


@dataclass(slots=True)
class DayOrder:
    """Whether days or months come first in a column of dates such as 3/4/2026, as its other cells show."""

    days: int = 0
    months: int = 0
    open: int = 0

    def see(self, cell: str) -> None:
        """Look at one cell of the column."""
        found = _NUMERIC.fullmatch(cell.strip()) if len(cell) <= _LONGEST else None
        if not found or found["sign"] == ".":
            return
        first, other = int(found["first"]), int(found["other"])
        self.days += first > 12 >= other
        self.months += other > 12 >= first
        self.open += first <= 12 and other <= 12

    @property
    def day_first(self) -> bool:
        """Tell whether days come first; so it is where nothing shows otherwise."""
        return self.days >= self.months

    @property
    def code(self) -> str:
        """Give how that was decided: "day-first", "month-first" or "day-first-assumed"; "" where it plays no part."""
        if not self.open:
            return ""
        if not self.days and not self.months:
            return "day-first-assumed"
        return "day-first" if self.day_first else "month-first"


def trouble_of(cell: str, told: datetime | None, *, brought: datetime) -> str:
    """Give the code of what is wrong with a time that a cell tells, "" where nothing is."""
    if told is None:
        return "time-not-understood" if cell else ""
    return "time-in-future" if told > brought + _EARLY else ""


def moment(cell: str, *, day_first: bool, zone: tzinfo) -> datetime | None:
    """Give the instant that a cell tells, in UTC; None where it is not understood.

    A time without a zone is the ``zone``'s; a day without a time of day begins then.
    """
    text = cell.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        told = _number(text, zone) or _written(text, day_first=day_first, zone=zone)
        return told.astimezone(UTC) if told and told.year >= OLDEST else None
    except (ValueError, OverflowError):
        return None


def _number(text: str, zone: tzinfo) -> datetime | None:
    """Read a bare number: seconds or a thousandth or millionth of them since 1970, or a workbook's days."""
    if not re.fullmatch(r"\d{5}(?:[.,]\d{1,12})?|\d{9,10}(?:[.,]\d{1,9})?|\d{12,13}|\d{15,16}", text):
        return None
    value = float(text.replace(",", "."))
    if _SHEET_FIRST <= value < _SHEET_LAST:
        # to the second: a fraction of a day in a workbook is never exact
        return (_SHEET_ZERO + timedelta(seconds=round(value * 86_400))).replace(tzinfo=zone)
    for scale in (1, 1_000, 1_000_000):
        if _UNIX_FIRST <= value / scale < _UNIX_LAST:
            return datetime.fromtimestamp(value / scale, tz=UTC)
    return None


def _written(text: str, *, day_first: bool, zone: tzinfo) -> datetime | None:
    for pattern, day_of in _PATTERNS:
        if found := pattern.fullmatch(text):
            day = day_of(found, day_first)
            return _at(day, found.groupdict(), zone) if day else None
    return None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < _PIVOT else 1900)


def _numeric(found: re.Match[str], day_first: bool) -> date:
    first, other = int(found["first"]), int(found["other"])
    # what cannot be a month is the day, whatever the column's order
    days_lead = found["sign"] == "." or first > 12 or (day_first and other <= 12)
    day, month = (first, other) if days_lead else (other, first)
    return date(_year(found["year"]), month, day)


def _named(found: re.Match[str], _day_first: bool) -> date | None:
    month = MONTHS.get(found["name"].casefold())
    return date(_year(found["year"]), month, int(found["day"])) if month else None


def _iso(found: re.Match[str], _day_first: bool) -> date:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _week(found: re.Match[str], _day_first: bool) -> date:
    return date.fromisocalendar(int(found["year"]), int(found["week"]), int(found["weekday"] or 1))


def _at(day: date, told: dict[str, str | None], zone: tzinfo) -> datetime | None:
    """Put the time of day and the zone to a day; None for a zone that is none."""
    hour = int(told.get("hour") or 0)
    if half := (told.get("half") or "").casefold():
        hour = hour % 12 + (12 if half == "p" else 0)
    later = hour == 24 and not int(told.get("minute") or 0)
    clock = datetime(
        day.year,
        day.month,
        day.day,
        0 if later else hour,
        int(told.get("minute") or 0),
        int(told.get("second") or 0),
        int((told.get("part") or "0").ljust(6, "0")[:6]),
    )
    told_zone = _zone(told.get("zone") or "", zone)
    return (clock + timedelta(days=later)).replace(tzinfo=told_zone) if told_zone else None


def _zone(text: str, default: tzinfo) -> tzinfo | None:
    if not text:
        return default
    if text in _ZONES:
        return timezone(timedelta(hours=_ZONES[text]))
    found = re.fullmatch(r"(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})?", text)
    if not found:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(ahead if found[1] == "+" else -ahead)


_Day = Callable[[re.Match[str], bool], date | None]
_PATTERNS: tuple[tuple[re.Pattern[str], _Day], ...] = (
    # 2026-03-04, 2026/3/4 14:05, 2026-03-04T14:05:06.789+02:00, 20260304, 20260304T140506Z
    (re.compile(rf"(?P<year>\d{{4}})(?P<sign>[-./])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}}){_TAIL}"), _iso),
    (
        re.compile(
            r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
            rf"(?:[T ]?(?P<hour>\d{{2}}):?(?P<minute>\d{{2}})(?::?(?P<second>\d{{2}}))?{_ZONE}?)?"
        ),
        _iso,
    ),
    # 2026-W10, 2026-W10-3, 2026W103
    (re.compile(rf"(?P<year>\d{{4}})-?[Ww](?P<week>\d{{2}})(?:-?(?P<weekday>[1-7]))?{_TAIL}"), _week),
    # 4.3.2026 klo 14.05, ke 4.3.2026, 04/03/2026 2:05 PM, 4-3-26
    (_NUMERIC, _numeric),
    # 4. maaliskuuta 2026 klo 14.05, Wed, 04 Mar 2026 14:05:06 +0200 (EET), 4-Mar-2026
    (re.compile(rf"{_DAY}(?P<day>\d{{1,2}})\.?[\s-]?{_MONTH}[\s-]?(?P<year>\d{{4}}|\d{{2}}){_TAIL}"), _named),
    # March 4, 2026 at 2:05 PM, Wed Mar 04 2026 14:05:06 GMT+0200 (Eastern European Standard Time)
    (re.compile(rf"{_DAY}{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}}){_TAIL}"), _named),
    # Wed Mar 04 14:05:06 +0200 2026
    (
        re.compile(
            rf"{_DAY}{_MONTH}\s+(?P<day>\d{{1,2}})\s{_CLOCK}(?:\s{_ZONE})?\s(?P<year>\d{{4}})",
        ),
        _named,
    ),
)

"""Days and weeks in the municipality's time."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localtime

WEEK = timedelta(days=7)
# so that the day after and any time zone's instant can be told of each
_YEARS = range(1000, 9000)


def read_day(told: str) -> date | None:
    """Read a day of an address (2026-03-29); None where it is none that anything was said on."""
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def day_begins(day: date) -> datetime:
    """Give the first moment of a day."""
    return datetime.combine(day, time.min, get_current_timezone())


def day_ends(day: date) -> datetime:
    """Give the first moment after a day."""
    return day_begins(day + timedelta(days=1))


def local_day(moment: datetime) -> date:
    """Give the day of a moment."""
    return localtime(moment).date()


def monday(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())

"""Days and weeks in the municipality's time."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localtime

WEEK = timedelta(days=7)


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

"""Instant: the moments that sources write, in whichever way they do."""

import email.utils
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Helsinki")
# the year from which on something may have been said
OLDEST = 1900


def instant(told: object, *, zone: tzinfo = HOME) -> datetime | None:
    """Give the moment: seconds since 1970, ISO 8601 or the form of mails; None for what is no moment.

    ``zone`` is that of a moment which names none.
    """
    if isinstance(told, bool) or told is None:
        return None
    try:
        if isinstance(told, int | float):
            return datetime.fromtimestamp(told, UTC)
        text = str(told).strip()
        read = datetime.fromisoformat(text) if text[:4].isdigit() else email.utils.parsedate_to_datetime(text)
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return None

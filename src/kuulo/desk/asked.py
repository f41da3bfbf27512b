"""Asked: what somebody wrote into an address, read as a number or a day; None for what can be neither."""

from datetime import date

# more digits no database keeps, and thousands of them Python itself refuses to read
_MOST_DIGITS = 18
# a day near the ends of the calendar has no neighbour, or none in another time zone
_YEARS = range(1000, 9000)


def whole_number(text: str) -> int | None:
    """Read a whole number that a database can hold."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def read_day(text: str) -> date | None:
    """Read an ISO day of these times."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None

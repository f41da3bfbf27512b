"""Holidays: the public holidays where the municipality lies, on which people write as on a Sunday."""

from datetime import date
from functools import lru_cache

import holidays
from django.utils.timezone import get_current_timezone_name

# The country of a time zone: the municipality tells its time zone already.
_COUNTRIES = {
    "Europe/Helsinki": "FI", "Europe/Mariehamn": "AX", "Europe/Stockholm": "SE", "Europe/Oslo": "NO",
    "Europe/Copenhagen": "DK", "Atlantic/Reykjavik": "IS",
}  # fmt: skip


def public_holidays(years: range) -> frozenset[date]:
    """Give the public holidays of these years; none where the country is not known."""
    return _of(get_current_timezone_name(), years)


@lru_cache(maxsize=8)
def _of(zone: str, years: range) -> frozenset[date]:
    country = _COUNTRIES.get(zone)
    return frozenset(holidays.country_holidays(country, years=years)) if country else frozenset()

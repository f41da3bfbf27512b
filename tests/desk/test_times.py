"""Times as files write them, told as the instant they mean."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kuulo.desk.times import DayOrder, moment
from kuulo.hear.cells import is_date

HELSINKI = ZoneInfo("Europe/Helsinki")


def told(cell, *, day_first=True):
    found = moment(cell, day_first=day_first, zone=HELSINKI)
    return found and found.strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-03-04", "2026-03-03T22:00:00"),
        ("2026-03-04 14:05", "2026-03-04T12:05:00"),
        ("2026-03-04T14:05:06.789+02:00", "2026-03-04T12:05:06"),
        ("2026-03-04T14:05:06Z", "2026-03-04T14:05:06"),
        ("2026/03/04 14:05", "2026-03-04T12:05:00"),
        ("20260304T140506Z", "2026-03-04T14:05:06"),
        ("20260304", "2026-03-03T22:00:00"),
        ("4.3.2026", "2026-03-03T22:00:00"),
        ("04.03.2026 klo 14.05", "2026-03-04T12:05:00"),
        ("ke 4.3.2026 14:05", "2026-03-04T12:05:00"),
        ("4.3.26", "2026-03-03T22:00:00"),
        ("04/03/2026 2:05 PM", "2026-03-04T12:05:00"),
        ("4-3-2026 12:05 am", "2026-03-03T22:05:00"),
        ("4. maaliskuuta 2026 klo 14.05", "2026-03-04T12:05:00"),
        ("4 mars 2026", "2026-03-03T22:00:00"),
        ("den 4 mars 2026 kl. 14:05", "2026-03-04T12:05:00"),
        ("4. desember 2026", "2026-12-03T22:00:00"),
        ("04-Mar-2026", "2026-03-03T22:00:00"),
        ("March 4, 2026 at 2:05 PM", "2026-03-04T12:05:00"),
        ("Wed, 04 Mar 2026 14:05:06 +0200 (EET)", "2026-03-04T12:05:06"),
        ("Wed Mar 04 2026 14:05:06 GMT+0200 (Eastern European Standard Time)", "2026-03-04T12:05:06"),
        ("Wed Mar 04 14:05:06 +0200 2026", "2026-03-04T12:05:06"),
        ("2026-W10-3", "2026-03-03T22:00:00"),
        ("2026-W10", "2026-03-01T22:00:00"),
        ("46085", "2026-03-03T22:00:00"),
        ("46085,5868055556", "2026-03-04T12:05:00"),
        ("1772625906", "2026-03-04T12:05:06"),
        ("1772625906000", "2026-03-04T12:05:06"),
        ("1772625906.25", "2026-03-04T12:05:06"),
        ("4.7.2026 24:00", "2026-07-04T21:00:00"),
    ],
)
def test_a_time_is_understood(cell, instant):
    assert told(cell) == instant


@pytest.mark.parametrize(
    "cell",
    [
        "", "joskus", "31.2.2026", "4.13.2026", "2026-02-30", "25:00", "12", "0001-01-01", "9" * 60, "99999",
        "4. kuukautta 2026", "2026-W60", "4.3.2026 25:99", "4.3.2026 14:05 XYZ",
        "9999-12-31 23:59:59-12:00",
    ],
)  # fmt: skip
def test_what_is_no_time_is_not_guessed_at(cell):
    assert told(cell) is None


@pytest.mark.parametrize(
    "cell",
    ["4. maaliskuuta 2026 klo 14.05", "March 4, 2026", "2026-W10-3", "Wed, 04 Mar 2026 14:05:06 +0200 (EET)"],
)
def test_a_column_of_such_times_is_known_as_one(cell):
    assert is_date(cell)


@pytest.mark.parametrize(
    ("cells", "code", "march"),
    [
        (["03/04/2026", "25/04/2026"], "day-first", False),
        (["03/04/2026", "04/25/2026"], "month-first", True),
        (["03/04/2026"], "day-first-assumed", False),
        (["25/04/2026"], "", False),
        (["3.4.2026"], "", False),
    ],
)
def test_the_whole_column_decides_whether_days_come_first(cells, code, march):
    order = DayOrder()
    for cell in cells:
        order.see(cell)
    assert order.code == code
    assert (told("03/04/2026", day_first=order.day_first) < "2026-04") == march


def test_a_night_that_has_an_hour_twice_or_never_is_no_obstacle():
    assert told("29.3.2026 3.30") == "2026-03-29T01:30:00"
    assert told("25.10.2026 3.30") == "2026-10-25T00:30:00"


def test_the_instant_is_in_utc():
    assert moment("2026-03-04 00:00", day_first=True, zone=HELSINKI) == datetime(2026, 3, 3, 22, tzinfo=UTC)

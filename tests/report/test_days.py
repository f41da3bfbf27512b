"""Days are read out of whatever a time column holds, and nothing else is taken for a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.report.days import EPOCH, days


def told(*cells):
    return [None if day is None else date.fromordinal(day + EPOCH).isoformat() for day in days(cells)]


@pytest.mark.parametrize(
    "cell",
    ["2026-11-16", "2026-11-16T23:59:00Z", "16.11.2026", "16.11.2026 klo 9.15", "ma 16.11.2026 9.15", "16. 11. 26",
     "16/11/2026", "1794787200", "1794787200000", "2026/11/16"],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_form(cell):
    assert told(cell) == ["2026-11-16"]


def test_american_dates_are_told_by_a_day_that_is_no_month():
    assert told("11/2/2026", "11/16/2026") == ["2026-11-02", "2026-11-16"]
    assert told("2/11/2026", "16/11/2026") == ["2026-11-02", "2026-11-16"]


@pytest.mark.parametrize("cell", ["", "eilen", "31.2.2026", "42", "2026-13-01", "9:15"])
def test_what_is_no_day_is_none(cell):
    assert told(cell) == [None]


@given(st.lists(st.text()))
def test_any_cells_are_read_without_a_word(cells):
    assert len(days(cells)) == len(cells)

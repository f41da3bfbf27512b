"""What is normal: hour classes over clock changes and holidays, profiles, levels that storms do not teach."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.rate import BIN, WINDOWS, Baseline, Calendar, History, fit, fit_levels, fit_profiles, hour_class

HELSINKI = ZoneInfo("Europe/Helsinki")
CALENDAR = Calendar(HELSINKI, frozenset([date(2026, 12, 24)]))
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=HELSINKI), datetime(2026, 10, 25, tzinfo=HELSINKI)


def seconds(*moment: int) -> float:
    return datetime(*moment, tzinfo=HELSINKI).timestamp()


def first_bin(day: datetime) -> int:
    return int(day.timestamp() // BIN)


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [(23, 17, 17), (27, 0, 0), (28, 5, 29), (29, 23, 71)],
    ids=["Mon", "Fri", "Sat", "Sun"],
)
def test_an_hour_has_its_class_by_the_kind_of_day(day, hour, expected):
    assert hour_class(datetime(2026, 11, day, hour, 59)) == expected


def test_a_public_holiday_is_a_sunday():
    eve = datetime(2026, 12, 24, 9)
    assert hour_class(eve) == 9
    assert hour_class(eve, frozenset([eve.date()])) == 48 + 9


def test_the_day_the_clocks_go_forward_has_23_hours_and_no_third():
    classes = CALENDAR.classes(first_bin(SPRING), 92)
    assert set(CALENDAR.days(first_bin(SPRING), 92)) == {SPRING.toordinal()}
    assert np.bincount(classes, minlength=72)[48:].tolist() == [4, 4, 4, 0, *[4] * 20]


def test_the_day_the_clocks_go_back_has_its_third_hour_twice():
    classes = CALENDAR.classes(first_bin(AUTUMN), 100)
    assert set(CALENDAR.days(first_bin(AUTUMN), 100)) == {AUTUMN.toordinal()}
    assert np.bincount(classes, minlength=72)[48:].tolist() == [4, 4, 4, 8, *[4] * 20]


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_windows_over_a_change_of_clocks_are_as_long_as_ever(day):
    for hours in range(0, 30, 3):
        exposure = CALENDAR.exposure(day.timestamp() + hours * 3600 + 100)
        assert exposure.sum(axis=1) == pytest.approx(WINDOWS)


@given(st.floats(1.6e9, 2.2e9), st.integers(0, 6))
def test_the_exposure_is_the_integral_of_the_profile(now, window):
    profile = np.random.default_rng(3).gamma(2, 0.5, 72)
    first = int(now // BIN) - 97
    summed = np.concatenate([[0.0], np.cumsum(profile[CALENDAR.classes(first, 98)])])
    start, end = np.interp([now / BIN - WINDOWS[window] - first, now / BIN - first], np.arange(99), summed)
    assert Baseline(profile, 2.0).expected(now, calendar=CALENDAR)[window] == pytest.approx(2 * (end - start))


def test_a_profile_has_a_mean_of_one_and_leans_on_the_others():
    exposure = np.bincount(CALENDAR.classes(first_bin(datetime(2026, 1, 5, tzinfo=HELSINKI)), 4032), minlength=72)
    noon = np.where(np.arange(72) % 24 == 12, 50.0, 0.5) * exposure
    pooled, own = fit_profiles(np.stack([noon, noon / 1e4, np.zeros(72)]), exposure=exposure.astype(float))
    assert (own * exposure / exposure.sum()).sum(axis=1) == pytest.approx([1, 1, 1])
    assert own[2] == pytest.approx(pooled)
    assert own[0, 12] > own[1, 12] > 5
    assert own[0, 4] < 0.2


def test_without_a_message_every_hour_is_alike():
    pooled, own = fit_profiles(np.zeros((2, 72)), exposure=np.full(72, 8.0))
    assert pooled == pytest.approx(np.ones(72))
    assert own == pytest.approx(np.ones((2, 72)))


def test_hours_that_were_never_seen_are_taken_from_the_pool():
    exposure = np.where(np.arange(72) < 24, 4.0, 0.0)
    pooled, own = fit_profiles(np.full((1, 72), 3.0) * (exposure > 0), exposure=exposure)
    assert np.isfinite(own).all()
    assert own[0, 30] > 0
    assert np.isfinite(pooled).all()


def test_a_level_follows_the_days_before_and_never_its_own():
    counts = np.full((1, 60), 10.0)
    counts[0, 59] = 500
    level = fit_levels(counts, exposure=np.full((1, 60), 96.0), start=1.0)
    assert level[0, 0] == pytest.approx(1.0)
    assert level[0, 59] == pytest.approx(10 / 96, rel=0.01)
    assert fit_levels(counts[:, :59], exposure=np.full((1, 59), 96.0), start=1.0)[0, 59] == level[0, 59]


def test_a_storm_teaches_the_level_little_and_nothing_while_its_alarm_is_open():
    counts, exposure = np.full((3, 40), 10.0), np.full((3, 40), 96.0)
    counts[1:, 30] = 1000
    skip = np.zeros((3, 40), bool)
    skip[2, 30] = True
    calm, capped, frozen = fit_levels(counts, exposure=exposure, start=0.1, skip=skip)[:, 31]
    assert calm < capped < 1.12 * calm
    assert frozen == pytest.approx(calm, rel=0.001)


def test_fitting_a_history_gives_what_is_normal_by_the_clocks_of_the_place():
    start, end = date(2026, 2, 2), date(2026, 4, 13)
    at_nine = [seconds(2026, 2, 2, 9, 30) + day * 86400 for day in range(70) if (day % 7) < 5]
    # the same hour by the clock: after the change it is an hour earlier in UTC
    at_nine = [at - 3600 if at > SPRING.timestamp() else at for at in at_nine]
    fitted = fit([History(times=np.sort(np.repeat(at_nine, 4)))], calendar=CALENDAR, start=start, end=end)
    baseline = fitted.baseline(0)
    assert len(fitted.days) == 70 * 96 - 4
    assert baseline.profile[9] > 6 > 2 > baseline.profile[13]
    assert baseline.level == pytest.approx(len(at_nine) * 4 / len(fitted.days), rel=0.2)
    ten = seconds(2026, 4, 13, 10)
    assert baseline.expected(ten, calendar=CALENDAR)[2] > 2 * baseline.expected(ten + 4 * 3600, calendar=CALENDAR)[2]


def test_a_fitted_history_tells_what_was_expected_then():
    times = np.sort(np.random.default_rng(1).uniform(seconds(2026, 2, 2), seconds(2026, 3, 2), 900))
    fitted = fit([History(times=times)], calendar=CALENDAR, start=date(2026, 2, 2), end=date(2026, 3, 2))
    now = seconds(2026, 2, 20, 15, 7)
    grid, at = fitted.grid(0), int(now // BIN) - fitted.first
    assert fitted.expected(0, np.array([now]))[0, 6] == pytest.approx(grid[at - 96 : at].sum(), rel=0.1)


def test_a_young_stream_begins_at_what_is_assumed_and_learns_from_its_birth():
    born = seconds(2026, 2, 20)
    old = np.arange(seconds(2026, 2, 2), seconds(2026, 3, 2), 3600.0)
    histories = [History(times=old), History(times=old[old > born], born=born)]
    fitted = fit(histories, calendar=CALENDAR, start=date(2026, 2, 2), end=date(2026, 3, 2))
    assert fitted.levels[1, :18] == pytest.approx(0.005)
    assert fitted.levels[1, -1] == pytest.approx(0.25, rel=0.5)
    assert fitted.new().level == 0.005


def test_days_of_an_alarm_teach_nothing():
    storm = np.sort(seconds(2026, 2, 25, 12) + np.arange(300.0))
    calm = np.arange(seconds(2026, 2, 2), seconds(2026, 3, 2), 7200.0)
    dates = {"start": date(2026, 2, 2), "end": date(2026, 3, 2)}
    with_storm = np.sort(np.concatenate([calm, storm]))
    skipping = History(times=with_storm, skip=frozenset([date(2026, 2, 25)]))
    levels = fit([History(times=calm), skipping], calendar=CALENDAR, **dates).levels[:, -1]
    assert levels[1] == pytest.approx(levels[0], rel=0.1)


def test_times_outside_the_history_and_wrong_spans_do_no_harm():
    wild = History(times=np.array([-1e12, 0.0, 1e12]))
    fitted = fit([wild], calendar=CALENDAR, start=date(2026, 2, 2), end=date(2026, 2, 9))
    assert np.isfinite(fitted.levels).all()
    with pytest.raises(ValueError, match="one day"):
        fit([wild], calendar=CALENDAR, start=date(2026, 2, 2), end=date(2026, 2, 2))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
def test_every_bin_has_a_class_and_a_day(moment):
    bin_ = int(moment.replace(tzinfo=UTC).timestamp() // BIN)
    local = datetime.fromtimestamp(bin_ * BIN, HELSINKI)
    assert 0 <= CALENDAR.classes(bin_, 1)[0] < 72
    assert date.fromordinal(int(CALENDAR.days(bin_, 1)[0])) == local.date()

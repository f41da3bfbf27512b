"""The scan: its formula, its explanation, and what must never change a score."""

from math import exp, log
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.burst import (
    ADDED,
    NOTHING,
    log_evidence,
    log_evidences,
    record,
    score,
    scores,
    weigh,
    weigh_all,
)
from kuulo.group.dispersion import SHIPPED
from kuulo.group.rate import WINDOWS, Baseline, Calendar

CALENDAR = Calendar(ZoneInfo("Europe/Oslo"))
EVEN = np.ones(72)
NOW = 1_795_000_000.0
DAY = 86400.0

ago = st.floats(0, DAY - 1)
arrivals = st.lists(ago.map(lambda seconds: NOW - seconds), max_size=80)


def looked(times, *, level=0.05, now=NOW):
    return score(sorted(times), now, baseline=Baseline(EVEN, level), calendar=CALENDAR)


@pytest.mark.parametrize(
    ("x", "m", "phi", "c", "expected"),
    [
        (17, 1, 1, 0.189, 18.938),
        (17, 2, 1, 0.189, 10.491),
        (5, 0.02, 1, 2, 11.562),
        (12, 0.2, 1, 0.207, 26.478),
        (30, 10, 1.05, 0.175, 2.509),
        (6, 0.4, 1.61, 0.15, 3.878),
    ],
)
def test_the_evidence_of_a_window_is_as_published(x, m, phi, c, expected):
    assert log_evidence(x, m, phi=phi, c=c) == pytest.approx(expected, abs=1e-3)
    assert log_evidences(np.array([x]), np.array([m]), phi=phi, c=c)[0] == pytest.approx(expected, abs=1e-3)


def spread(count, hours, rate):
    """Messages evenly over the last hours: counts and expected ones of the windows."""
    counts = [int(count * (window / 4) / hours) if window / 4 < hours else count for window in WINDOWS]
    return counts, [rate * window / 4 for window in WINDOWS]


@pytest.mark.parametrize(
    ("count", "hours", "rate", "expected"),
    [
        (17, 2, 0.5, 20.33),
        (17, 2, 1, 11.89),
        (12, 1, 0.2, 27.18),
        (8, 2, 0.2, 13.14),
        (7, 2, 0.2, 11.09),
        (59, 2, 5, 12.73),
    ],
)
def test_the_score_of_all_windows_is_as_published(count, hours, rate, expected):
    assert weigh(*spread(count, hours, rate)).score == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize(("count", "expected"), [(5, 13.02), (4, 10.54)])
def test_a_new_theme_needs_little(count, expected):
    assert weigh(*spread(count, 2, 0.01), SHIPPED.for_new()).score == pytest.approx(expected, abs=0.006)


def test_the_window_that_explains_is_told_with_its_counts():
    evidence = weigh(*spread(17, 2, 0.5))
    assert (evidence.seconds, evidence.count, evidence.expected) == (7200, 17, 1.0)


def test_nothing_is_said_of_two_messages_or_of_fewer_than_normal():
    assert weigh([2] * 7, [0.001] * 7).score == NOTHING
    assert weigh([50] * 7, [60.0] * 7) == weigh([0] * 7, [0.0] * 7)


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0, 300)), min_size=7, max_size=7), st.booleans())
def test_many_at_once_are_weighed_as_one(windows, new):
    counts, expected = zip(*windows, strict=True)
    dispersion = SHIPPED.for_new() if new else SHIPPED
    one = weigh(counts, expected, dispersion)
    many, evidence = weigh_all(np.array([counts], float), np.array([expected]), dispersion)
    assert many[0] == pytest.approx(one.score, abs=1e-6)
    total = exp(NOTHING) + sum(added * exp(min(e, 600)) for added, e in zip(ADDED, evidence[0], strict=True))
    if evidence.max() < 600:
        assert one.score == pytest.approx(log(total), abs=1e-6)


@given(st.integers(3, 400), st.floats(1e-4, 200), st.sampled_from(range(7)), st.booleans())
def test_one_message_more_is_never_less_evidence(x, m, window, new):
    dispersion = SHIPPED.for_new() if new else SHIPPED
    spread_of = {"phi": dispersion.phi[window], "c": dispersion.c[window]}
    if x > m:
        assert log_evidence(x + 1, m, **spread_of) >= log_evidence(x, m, **spread_of)


@given(arrivals, ago)
def test_a_message_more_never_lowers_a_score(times, more):
    assert looked([*times, NOW - more]).score >= looked(times).score


@given(arrivals, st.lists(st.floats(NOW - 30 * DAY, NOW - DAY - 1), max_size=30))
def test_messages_of_yesterday_do_not_change_the_score_now(times, late):
    assert looked([*times, *late]) == looked(times)


@given(arrivals, st.lists(st.floats(NOW + 1, NOW + 1e9), max_size=30))
def test_messages_from_the_future_wait_for_their_time(times, future):
    assert looked([*times, *future]) == looked(times)


def test_a_day_without_sixty_minutes_in_each_hour_is_no_storm():
    """One message each quarter of an hour by the clock of UTC, over the night in which the clocks go back."""
    change = 1_792_890_000.0  # 25 October 2026, 01:00 UTC
    times = [change + 900 * at for at in range(-200, 200)]
    scores = [looked([time for time in times if time <= now], level=1.0, now=now).score for now in times[120:]]
    assert max(scores) < 3


def test_the_record_is_the_largest_count_before():
    weekly = np.array([NOW - 7 * DAY * weeks - minute * 60 for weeks in range(13, 1, -1) for minute in (50, 40, 30)])
    peak = np.array([NOW - 20 * DAY - at * 60 for at in range(6)])
    times = np.sort(np.concatenate([weekly, peak, NOW - np.arange(17) * 60.0]))
    assert record(times, seconds=7200, before=NOW - 7200) == (6, 12)
    assert record(times, seconds=7200, before=NOW - 7200, weeks=2) == (3, 1)
    assert record(np.zeros(0), seconds=7200, before=NOW) == (0, 0)


@given(
    st.lists(st.lists(st.integers(0, 100_000), max_size=60), max_size=6),
    st.lists(st.floats(0.001, 5), min_size=6, max_size=6),
)
def test_many_streams_are_weighed_as_each_is(ages, levels):
    times = [sorted(NOW - age for age in held) for held in ages]
    baselines = [Baseline(EVEN, level) for level in levels[: len(times)]]
    found = scores(times, NOW, baselines=baselines, calendar=CALENDAR)
    for seen, held, baseline in zip(found, times, baselines, strict=True):
        alone = score(held, NOW, baseline=baseline, calendar=CALENDAR)
        assert seen.score == pytest.approx(alone.score, abs=1e-6)
        assert (seen.seconds, seen.count) == (alone.seconds, alone.count)
        assert seen.expected == pytest.approx(alone.expected)

"""The monitor: it says what the scan says, counts what the scan counts, and forgets what is a day old."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuulo.group.burst import LATE, RISE, score
from kuulo.group.dispersion import SHIPPED
from kuulo.group.monitor import Monitor
from kuulo.group.rate import Baseline, Calendar

CALENDAR = Calendar(ZoneInfo("Europe/Stockholm"))
START = 1_795_000_000
PROFILE = np.random.default_rng(5).gamma(4, 0.25, 72)
PROFILE /= PROFILE.mean()
LEVELS = np.array([0.02, 0.5, 0.005])
NEW = np.array([False, False, True])


def monitor(threshold=RISE):
    return Monitor(np.tile(PROFILE, (3, 1)), LEVELS, calendar=CALENDAR, threshold=threshold, new=NEW)


def scanned(times, stream, now):
    dispersion = SHIPPED.for_new() if NEW[stream] else SHIPPED
    return score(
        sorted(times),
        now,
        baseline=Baseline(PROFILE, float(LEVELS[stream])),
        calendar=CALENDAR,
        dispersion=dispersion,
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 5_000), min_size=1, max_size=80), st.integers(0, 2), st.sampled_from([2.0, RISE, 20.0])
)
def test_it_says_what_the_scan_says(gaps, stream, threshold):
    watching, times = monitor(threshold), []
    for now in (START + np.cumsum(gaps)).tolist():
        times.append(now)
        seen, truth = watching.hear(stream, now, now=now), scanned(times, stream, now)
        assert (seen is not None) == (truth.score >= threshold)
        if seen is not None:
            assert seen.score == pytest.approx(truth.score)
            assert (seen.seconds, seen.count) == (truth.seconds, truth.count)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, int(LATE)), min_size=4, max_size=40), st.randoms())
def test_the_order_of_arrival_does_not_matter(ages, random):
    now = START + 900
    shuffled = random.sample(ages, len(ages))
    one, other = monitor(-40.0), monitor(-40.0)
    for age in ages:
        one.hear(0, now - age, now=now)
    for age in shuffled:
        other.hear(0, now - age, now=now)
    assert one.hear(0, now, now=now + 1) == other.hear(0, now, now=now + 1)


def test_messages_of_yesterday_raise_nothing():
    watching = monitor()
    for at in range(500):
        assert watching.hear(0, START - 80_000 + at, now=START) is None
    assert watching.hear(0, START, now=START) is None


def test_a_message_from_the_future_is_one_of_now():
    watching, plain = monitor(), monitor()
    told = [
        (watching.hear(0, START * 10, now=START + at), plain.hear(0, START + at, now=START + at)) for at in range(9)
    ]
    assert all(one == other for one, other in told)
    assert told[-1][0] is not None


def test_a_clock_that_jumps_a_year_ahead_and_back_breaks_nothing():
    watching = monitor()
    for now in (START, START + 365 * 86400, START + 10, START + 20):
        assert watching.hear(1, now, now=now) is None
    told = [watching.hear(1, START + 30 + at, now=START + 30 + at) for at in range(40)]
    assert told[-1] is not None
    assert told[-1].count == 43  # what the wrong clock brought waits for its time


def test_a_day_later_all_is_forgotten():
    watching = monitor()
    for at in range(3_000):
        watching.hear(0, START + at, now=START + at)
    assert watching.hear(0, START + 3_000, now=START + 3_000) is not None
    assert watching.hear(0, START + 90_000, now=START + 90_000) is None


def test_streams_do_not_hear_each_other():
    watching = monitor()
    for at in range(50):
        watching.hear(0, START + at, now=START + at)
    assert watching.hear(1, START + 60, now=START + 60) is None

"""The life of an alarm: gates, levels, alerts on doubling, the end, planned events."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.alarm import FREEZE, QUIET, Alarm, Level, Look, Rules, step
from kuulo.group.burst import Evidence

HOUR = 3600.0
RULES = Rules(rise=12.4, storm=15.0)
STORM = Look(now=0.0, evidence=Evidence(20.3, 7200, 17, 1.0), messages=19, people=14)


def going_on(now, *, total=17, recent=17, score=20.3):
    return Look(
        now=now,
        evidence=Evidence(score, 7200, recent, 1.0),
        messages=recent,
        people=9,
        total=total,
        recent=recent,
        normal=1.0,
    )


def opened(look=STORM, rules=RULES):
    alarm, event = step(None, look, rules)
    assert event == "opened"
    assert alarm is not None
    return alarm


def test_an_alarm_opens_with_the_window_that_explains_it():
    alarm = opened()
    assert alarm == Alarm(opened=0.0, began=-7200.0, window=7200, level=Level.STORM, peak=20.3, told=17)


@pytest.mark.parametrize(
    "look",
    [
        replace(STORM, messages=3),
        replace(STORM, people=2),
        replace(STORM, evidence=Evidence(20.3, 7200, 17, 9.0)),
        replace(STORM, evidence=Evidence(12.3, 7200, 17, 1.0)),
        replace(STORM, evidence=Evidence(-50.0)),
        replace(STORM, planned=True),
    ],
    ids=["messages", "people", "ratio", "score", "nothing", "planned"],
)
def test_nobody_is_told_of_what_does_not_pass(look):
    assert step(None, look, RULES) == (None, None)


@pytest.mark.parametrize(
    ("score", "big", "level"),
    [(12.4, 99, Level.RISE), (14.9, 5, Level.RISE), (15.0, 99, Level.STORM), (15.0, 17, Level.UPROAR)],
)
def test_the_level_is_by_score_and_by_the_largest_of_the_past(score, big, level):
    look = replace(STORM, evidence=Evidence(score, 7200, 17, 1.0))
    assert opened(look, replace(RULES, big=big)).level == level


def test_people_are_told_again_only_when_it_has_doubled():
    alarm, event = step(opened(), going_on(HOUR, total=33), RULES)
    assert event is None
    alarm, event = step(alarm, going_on(2 * HOUR, total=34), RULES)
    assert event == "doubled"
    assert alarm.told == 34
    assert step(alarm, going_on(2 * HOUR, total=34), RULES)[1] is None


def test_a_rise_becomes_a_storm_and_a_storm_that_doubles_twice_an_uproar():
    alarm = opened(replace(STORM, evidence=Evidence(13.0, 7200, 8, 1.0)))
    told = []
    for total, score in [(10, 13.0), (12, 16.0), (24, 20.0), (48, 25.0), (49, 13.0)]:
        alarm, event = step(alarm, going_on(HOUR, total=total, score=score), RULES)
        told.append((alarm.level, event))
    storm, uproar = Level.STORM, Level.UPROAR
    assert told == [(Level.RISE, None), (storm, "risen"), (storm, "doubled"), (uproar, "risen"), (uproar, None)]


def test_it_closes_after_six_quiet_hours_and_noise_begins_them_anew():
    alarm = opened()
    for hour, recent in [(3, 1), (7, 2), (8, 3), (9, 0), (14, 1)]:
        alarm, event = step(alarm, going_on(hour * HOUR, recent=recent), RULES)
        assert event is None
    assert alarm.quiet_since == 9 * HOUR
    assert step(alarm, going_on(15 * HOUR, recent=0), RULES) == (None, "closed")


def test_a_clock_that_is_put_back_neither_closes_nor_breaks():
    alarm, _ = step(opened(), going_on(30 * HOUR, recent=0), RULES)
    alarm, event = step(alarm, going_on(2 * HOUR, recent=0), RULES)
    assert (alarm.quiet_since, event) == (2 * HOUR, None)
    assert step(alarm, going_on(2 * HOUR + QUIET, recent=0), RULES)[1] == "closed"


def test_an_alarm_freezes_what_is_normal_for_a_week():
    alarm = opened()
    assert alarm.freezes(FREEZE - 1)
    assert not alarm.freezes(FREEZE)


looks = st.builds(
    lambda now, score, recent, total: going_on(now, score=score, recent=recent, total=total),
    st.floats(-1e6, 1e6),
    st.floats(-50, 100),
    st.integers(0, 60),
    st.integers(0, 10_000),
)


@given(st.lists(looks, max_size=30))
def test_whatever_is_seen_the_level_never_falls_and_events_fit_the_state(sequence):
    alarm = None
    for look in sequence:
        changed, event = step(alarm, look, RULES)
        if alarm is None:
            assert (changed is None) == (event is None)
        elif changed is None:
            assert event == "closed"
        else:
            assert changed.level >= alarm.level
            assert (event == "risen") == (changed.level > alarm.level)
            assert changed.peak >= alarm.peak
        alarm = changed

"""Replay: the threshold keeps the budget, episodes are told apart, and kin alarm as one."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kuulo.group.alarm import Gates
from kuulo.group.burst import NOTHING, RISE, score
from kuulo.group.dispersion import SHIPPED
from kuulo.group.rate import Calendar, History, fit
from kuulo.group.replay import LEAST, Scores, Watched, calibrate, episodes, replay, scores

ZONE = ZoneInfo("Europe/Helsinki")
CALENDAR = Calendar(ZONE)
FIRST, LAST = date(2026, 6, 1), date(2026, 10, 5)
BEGIN, END = (datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp() for day in (FIRST, LAST))
MONTHS = (END - BEGIN) / (30 * 86400)
SPAN = {"start": BEGIN + 21 * 86400, "end": END}


def stream(rate, seed, bursts=()):
    """Messages with replies, and bursts (start, count) within an hour each."""
    draw = np.random.default_rng(seed)
    times = np.sort(draw.uniform(BEGIN, END, draw.poisson(rate * (END - BEGIN) / 3600)))
    many = draw.poisson(0.4, len(times)) + 6 * (draw.random(len(times)) < 0.02)
    replies = [at + draw.exponential(3600, count) for at, count in zip(times, many, strict=True)]
    stormy = [at + draw.uniform(0, 3600, count) for at, count in bursts]
    return np.sort(np.concatenate([times, *replies, *stormy]))


@pytest.fixture(scope="module")
def town():
    histories = [History(times=stream(rate, seed)) for seed, rate in enumerate([0.1, 0.3, 1, 3] * 5)]
    return histories, fit(histories, calendar=CALENDAR, start=FIRST, end=LAST)


def watched(histories):
    return [Watched(history=history, fitted=at) for at, history in enumerate(histories)]


@pytest.mark.parametrize("budget", [1.0, 2.0, 4.0])
def test_the_threshold_is_the_least_that_keeps_the_budget(town, budget):
    histories, fitted = town
    found = replay(watched(histories), fitted=fitted, budget=budget, **SPAN)
    looks = [scores(one, fitted=fitted, dispersion=SHIPPED, gates=Gates(), **SPAN) for one in watched(histories)]
    assert found.rate <= budget
    assert len(found.episodes) == len(episodes(looks, found.threshold))
    if found.threshold > LEAST:
        assert len(episodes(looks, found.threshold - 0.01)) > budget * found.months


def test_a_smaller_budget_is_a_higher_threshold(town):
    histories, fitted = town
    low, high = (replay(watched(histories), fitted=fitted, budget=budget, **SPAN).threshold for budget in (4.0, 0.3))
    assert high > low


def test_replay_looks_as_one_looks_live(town):
    histories, fitted = town
    seen = scores(
        watched(histories)[2],
        fitted=fitted,
        dispersion=SHIPPED,
        gates=Gates(messages=0, people=0, ratio=0),
        start=END - 6e5,
        end=END,
    )
    for at in (0, len(seen.times) // 2, len(seen.times) - 1):
        now = float(seen.times[at])
        evidence = score(histories[2].times, now, baseline=_baseline(fitted, 2, now), calendar=CALENDAR)
        assert seen.scores[at] == pytest.approx(evidence.score, abs=1e-6)


def _baseline(fitted, at, now):
    day = datetime.fromtimestamp(now, ZONE).date().toordinal() - int(fitted.days[0])
    return type(fitted.baseline(at))(fitted.profiles[at], float(fitted.levels[at, day]))


def test_a_storm_is_an_episode_and_one_that_is_excused_is_not():
    noon = BEGIN + 60 * 86400 + 43200
    times = stream(0.3, 1, [(noon, 40)])
    histories = [History(times=times)]
    fitted = fit(histories, calendar=CALENDAR, start=FIRST, end=LAST)
    plain, excused = (
        scores(
            Watched(history=histories[0], fitted=0, excused=spans),
            fitted=fitted,
            dispersion=SHIPPED,
            gates=Gates(),
            **SPAN,
        )
        for spans in ((), ((noon - 60, noon + 90_000),))
    )
    (storm,) = episodes([plain], 40)
    assert noon < storm.start < noon + 3600
    assert episodes([excused], 40) == []


def test_a_young_stream_is_judged_as_new():
    born = BEGIN + 50 * 86400
    times = born + np.arange(5) * 600.0
    histories = [History(times=stream(0.3, 2)), History(times=times, born=born)]
    fitted = fit(histories, calendar=CALENDAR, start=FIRST, end=LAST)
    looked = scores(Watched(history=histories[1], fitted=1), fitted=fitted, dispersion=SHIPPED, gates=Gates(), **SPAN)
    as_old = Watched(history=History(times=times), fitted=1)
    old = scores(as_old, fitted=fitted, dispersion=SHIPPED, gates=Gates(), **SPAN)
    assert looked.scores[:3].tolist() == [NOTHING] * 3
    assert RISE < looked.scores[-1] < old.scores[-1]


def test_alarms_more_than_a_day_apart_are_two():
    look = Scores(times=np.array([0.0, 80_000, 160_000, 250_000]), scores=np.array([20.0, 20, 3, 20]))
    assert [(one.start, one.end) for one in episodes([look], 12)] == [(0.0, 80_000.0), (250_000.0, 250_000.0)]


def test_kin_that_alarm_together_are_one_alarm():
    times = np.array([0.0, 3600.0])
    theme = Scores(times=times, scores=np.array([14.0, 15.0]), kin=frozenset(["theme:1"]))
    at_place = Scores(times=times, scores=np.array([20.0, 3.0]), kin=frozenset(["theme:1", "place:2"]))
    other = Scores(times=times, scores=np.array([14.0, 3.0]), kin=frozenset(["theme:3"]))
    joined, alone = sorted(episodes([theme, at_place, other], 12), key=lambda one: -one.score)
    assert (joined.streams, joined.score, joined.end) == ((1, 0), 20.0, 3600.0)
    assert alone.streams == (2,)


def test_kin_of_kin_are_one_alarm_whichever_rose_first():
    looks = [
        Scores(times=np.array([at]), scores=np.array([14.0]), kin=frozenset(kin))
        for at, kin in [
            (0.0, ["place:1"]),
            (1.0, ["place:2"]),
            (2.0, ["theme:4", "place:1"]),
            (3.0, ["theme:4", "place:2"]),
        ]
    ]
    (episode,) = episodes(looks, 12.0)
    assert sorted(episode.streams) == [0, 1, 2, 3]


def test_where_nothing_was_seen_the_threshold_is_what_is_shipped():
    assert calibrate([], most=2) == RISE
    assert calibrate([Scores(times=np.zeros(1), scores=np.array([NOTHING]))], most=2) == RISE

"""A small turn of the benchmark of storms: on fresh streams Kuulo's scan sees more than the others, and soon."""

import numpy as np
import pytest
from benchmarks.nab import STANDARD, Series, alarms, nab_score
from benchmarks.storm_data import HISTORY, Event, drawn
from benchmarks.storm_detectors import Seen, ears_c2, kuulo, poisson_scan, z_score
from benchmarks.storm_measures import calibrate, caught, episodes, false_alarms

from kuulo.group.burst import RISE


@pytest.fixture(scope="module")
def streams():
    return drawn("clustered", seed=11, each=8)


@pytest.fixture(scope="module")
def seen(streams):
    return Seen(streams.null.astype(float)), Seen(streams.storm.astype(float))


def test_it_sees_more_storms_than_others_at_the_same_false_alarms(streams, seen):
    null, storm = seen
    found = {}
    for detector in (kuulo, ears_c2, z_score, poisson_scan):
        threshold = calibrate(detector(null), streams.levels, 0.1)
        found[detector.__name__] = caught(detector(storm), streams.events, threshold)
    ours = found.pop("kuulo")
    assert ours.recall > 0.35
    assert ours.delay <= 2
    assert ours.recall > 1.2 * max(other.recall for other in found.values())


def test_the_shipped_threshold_gives_few_false_alarms(streams, seen):
    assert false_alarms(kuulo(seen[0]), streams.levels, RISE) < 0.3


def test_a_draw_is_what_it_says(streams):
    injected = streams.storm.astype(int) - streams.null
    assert injected.min() == 0
    assert injected.sum() == sum(len(event.bins) for event in streams.events)
    assert injected[:, :HISTORY].sum() == 0
    again = drawn("clustered", seed=11, each=8)
    assert (again.storm == streams.storm).all()
    means = streams.null[:, :HISTORY].mean(axis=1) * 4 / streams.levels
    assert means.mean() == pytest.approx(1, abs=0.1)


def test_alarms_a_day_apart_are_one_episode():
    scores = np.zeros(400)
    scores[[10, 106, 300]] = 5
    assert episodes(scores, 5) == 2


def test_a_storm_that_begins_in_an_alarm_is_left_out():
    scores = np.zeros((1, 400))
    scores[0, 9] = scores[0, 110] = scores[0, 200] = 5
    storms = [
        Event(stream=0, bins=np.array([HISTORY + at, HISTORY + at + 10]), size=2, shape="fast")
        for at in (10, 105, 300)
    ]
    result = caught(scores, storms, 5)
    assert (result.excluded, result.recall, result.delay, result.messages) == (1, 0.5, 1.5, 1)


def test_the_scorer_of_nab_gives_nothing_for_nothing_and_all_for_the_left_edges():
    series = [Series(name="x", counts=np.zeros(2000), hours=np.zeros(2000, int), windows=[(900, 1000), (1500, 1700)])]
    nothing, perfect, late = (np.zeros(2000, bool) for _ in range(3))
    perfect[[900, 1500]] = late[[990, 1690]] = True
    assert nab_score(series, [nothing], STANDARD) == 0
    assert nab_score(series, [perfect], STANDARD) == pytest.approx(100, abs=0.1)
    assert 50 < nab_score(series, [late], STANDARD) < 75
    assert np.flatnonzero(alarms(np.where(perfect | late, 9.0, 0.0), 5)).tolist() == [900, 1500]

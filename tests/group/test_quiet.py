"""Who does not come is seen: by what was hoped for, and earlier by what is usual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from kuulo.group.quiet import ASSUMED, FEWEST, LEAST, RARE, WITHIN, Course, Wanted, judge, lower_tail, usual

DAYS = st.dictionaries(st.integers(0, 60), st.integers(1, 40), max_size=12)
COURSES = st.builds(Course, days=st.integers(0, 90), voices=DAYS, over=st.booleans())
WANTED = st.builds(Wanted, voices=st.integers(1, 60), within=st.integers(1, 60))


def course(*voices: int, days: int, over: bool = False) -> Course:
    return Course(days, {day: n for day, n in enumerate(voices) if n}, over)


LIVELY = [course(3, 2, 2, 1, 1, n, days=40, over=True) for n in range(8)]


def test_fewer_than_n_in_k_days_is_quiet():
    wanted = Wanted(5, 14)
    assert judge(course(1, 0, 3, days=14), wanted).code == "quiet"
    assert judge(course(1, 0, 4, days=14), wanted).code == "enough"
    assert judge(course(1, 0, 3, days=13), wanted).code == "too-early"


def test_the_first_day_tells_nothing_and_a_day_to_come_neither():
    wanted = Wanted(5, 14)
    assert judge(course(days=0), wanted, past=LIVELY).code == "too-early"
    assert judge(course(days=-3), wanted, past=LIVELY).code == "to-come"


def test_what_is_rare_among_the_own_ones_is_seen_before_the_days_have_passed():
    seen = judge(course(0, 0, 0, days=3), Wanted(5, 14), past=LIVELY)
    assert (seen.code, seen.of, seen.expected) == ("quieter", 8, 7.0)
    assert seen.is_quiet
    assert seen.chance <= RARE
    assert judge(course(2, 1, 1, days=3), Wanted(5, 14), past=LIVELY).code == "too-early"


def test_too_few_earlier_ones_tell_nothing():
    seen = judge(course(days=3), Wanted(5, 14), past=LIVELY[: FEWEST - 1])
    assert (seen.code, seen.expected, seen.chance, seen.of) == ("too-early", None, None, 0)


def test_a_closed_one_is_past_help():
    assert judge(course(1, days=9, over=True), Wanted(5, 14)).code == "closed-quiet"
    assert judge(course(7, days=9, over=True), Wanted(5, 14)).code == "closed"
    assert not judge(course(1, days=9, over=True), Wanted(5, 14)).is_quiet


@given(COURSES, WANTED, st.lists(COURSES, max_size=12))
def test_whatever_goes_on_is_judged(one, wanted, past):
    seen = judge(one, wanted, past=past)
    assert seen.heard == sum(one.voices.values())
    assert not (seen.is_quiet and seen.heard >= wanted.voices)
    assert seen.chance is None or 0 <= seen.chance <= 1
    assert (seen.expected is None) == (seen.chance is None) == (seen.of == 0)


@given(COURSES, WANTED, st.lists(COURSES, max_size=12), st.integers(0, 60))
def test_one_more_voice_never_makes_it_quieter(one, wanted, past, day):
    more = Course(one.days, {**one.voices, day: one.voices.get(day, 0) + 1}, one.over)
    assert judge(one, wanted, past=past).is_quiet or not judge(more, wanted, past=past).is_quiet


@given(st.lists(st.integers(0, 300), min_size=2, max_size=40), st.integers(0, 300))
def test_the_tail_grows_and_is_the_negative_binomials(past, heard):
    tail, next_tail = lower_tail(heard, past), lower_tail(heard + 1, past)
    assert 0 <= tail <= next_tail + 1e-12 <= 1 + 1e-9
    if mean := np.mean(past):
        variance = max(np.var(past, ddof=1), mean) * (1 + 1 / len(past))
        assert tail == pytest.approx(nbinom.cdf(heard, mean**2 / (variance - mean), mean / variance), abs=1e-6)


def test_where_nobody_ever_comes_nobody_coming_is_usual():
    assert lower_tail(0, [0] * 9) == 1.0


@pytest.mark.parametrize("size", [0.8, 3.0, 50.0])
@pytest.mark.parametrize("known", [6, 12, 30])
def test_what_is_usual_is_called_rare_seldom(size, known):
    draw = np.random.default_rng(7)
    rare = 0
    for _ in range(2_000):
        *past, new = draw.negative_binomial(size, size / (size + 12.0), known + 1)
        rare += lower_tail(int(new), [int(one) for one in past]) <= RARE
    assert rare / 2_000 <= 1.5 * RARE


def test_what_to_hope_for_is_what_three_in_four_came_to():
    past = [course(n, days=40, over=True) for n in (4, 6, 9, 12, 12, 20, 31, 40)]
    assert usual(past) == Wanted(6, WITHIN, 8)
    assert usual(past[: FEWEST - 1]) == Wanted(ASSUMED, WITHIN, 0)
    assert usual([course(days=40)] * 9) == Wanted(LEAST, WITHIN, 9)


def test_a_discussion_that_is_younger_than_the_days_teaches_nothing_yet():
    young = [course(9, days=5)] * 9
    assert usual(young).of == 0
    assert usual(young, within=5).of == 9

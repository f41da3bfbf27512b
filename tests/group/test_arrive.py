"""A single message is placed by its nearest examples; many examples are drawn from, none of a theme's few are lost."""

import numpy as np
import pytest

from kuulo.group import arrive
from kuulo.group.arrive import Example, Standing, most_alike, vote, voters


def points(count, *, seed=0, around=None, spread=0.05):
    dice = np.random.default_rng(seed)
    vectors = dice.standard_normal((count, 64)) * spread + (np.zeros(64) if around is None else around)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def town():
    """Three themes around three directions, ten messages each, in one subtheme each."""
    vectors = np.concatenate([points(10, seed=axis, around=np.eye(64)[axis]) for axis in range(3)])
    known = Standing(64)
    known.add([Example(at + 1, at // 10 + 1, at // 10 + 101) for at in range(30)], vectors)
    return known


def placed(known, vector, **where):
    return known.place(vector, known.likeness(vector[None])[0], **where)


def test_a_text_goes_where_its_nearest_are(town):
    (vector,) = points(1, seed=9, around=np.eye(64)[1])
    found = placed(town, vector)
    assert (found.theme, found.subtheme, found.uncertain) == (2, 102, False)
    assert all(10 < one <= 20 for one in found.nearest)


def test_forbidden_themes_are_left_out_and_an_ordered_one_is_taken(town):
    (vector,) = points(1, seed=9, around=np.eye(64)[1])
    assert placed(town, vector, without={2}).theme in {1, 3}
    assert placed(town, vector, within=3).theme == 3
    assert placed(town, vector, without={1, 2, 3}) is None
    assert placed(Standing(64), vector) is None


def test_a_text_far_from_everything_is_uncertain(town):
    assert placed(town, np.eye(64, dtype=np.float32)[40]).uncertain


def test_who_is_uncertain_has_no_vote(town):
    vectors = points(20, seed=5, around=np.eye(64)[0])
    town.add([Example(100 + at, 3, 0, counted=False) for at in range(20)], vectors)
    assert placed(town, vectors[0]).theme == 1


def test_what_was_added_since_the_look_is_seen(town):
    vectors = points(13, seed=6, around=np.eye(64)[50])
    before = town.likeness(vectors)
    town.add([Example(200 + at, 9) for at in range(12)], vectors[:12])
    assert town.place(vectors[12], before[12]).theme == 9


def test_likely_copies_are_found_nearest_first(town):
    (vector,) = points(1, seed=9, around=np.eye(64)[1])
    town.add([Example(500, 2)], vector[None])
    assert town.alike(vector)[0] == 500


def test_of_very_many_examples_a_draw_votes_and_small_themes_keep_theirs(monkeypatch):
    monkeypatch.setattr(arrive, "MOST_EXAMPLES", 200)
    large, small = points(400, seed=1, around=np.eye(64)[0]), points(5, seed=2, around=np.eye(64)[1])
    vectors = np.concatenate([large, small])
    known = Standing(64)
    known.add([Example(at + 1, 1 if at < 400 else 2) for at in range(405)], vectors)
    assert known.likeness(vectors[:1]).shape == (1, 200)
    assert placed(known, small[0]).theme == 2


def test_the_vote_is_the_share_of_likeness():
    likeness, theme = np.array([1.0, 0.5, 0.25, 0.1], np.float32), np.array([4, 7, 7, 4])
    near = most_alike(likeness, 3)
    assert near.tolist() == [0, 1, 2]
    chosen, fit = vote(likeness[near], theme[near])
    assert (chosen, round(fit, 3)) == (4, 0.571)
    assert most_alike(np.array([0.5, 0.5, 0.5], np.float32), 2).tolist() == [0, 1]
    assert [voters(n) for n in (1, 4, 10_000)] == [1, 4, 22]

"""Themes that are alike lie near each other, and what was laid out stays."""

import numpy as np
import pytest

from kuulo.group.layout import lay_out


def unit(*rows):
    stacked = np.array(rows, np.float32)
    return list(stacked / np.linalg.norm(stacked, axis=1, keepdims=True))


def distance(one, other):
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def test_like_themes_lie_near():
    near, also_near, far = lay_out(unit([1, 0, 0], [0.95, 0.1, 0], [0, 0, 1]), {})
    assert distance(near, also_near) < 0.3 * distance(near, far)


def test_the_likeness_of_three_is_drawn_exactly():
    centres = unit([1, 0, 0], [0, 1, 0], [0, 0, 1])
    places = lay_out(centres, {})
    for one in range(3):
        assert distance(places[one], places[one - 1]) == pytest.approx(np.sqrt(2), abs=0.01)


def test_what_is_known_stays_and_the_new_stands_amid_what_it_is_like():
    centres = unit([1, 0, 0], [0.9, 0.3, 0], [0.9, 0, 0.3], [0, 0, 1], [0.95, 0.1, 0.1])
    known = {0: (0.0, 0.0), 1: (0.3, 0.0), 2: (0.0, 0.3), 3: (9.0, 9.0)}
    places = lay_out(centres, known)
    assert places[:4] == list(known.values())
    assert places[4] == pytest.approx((0.1, 0.1))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_themes_are_laid_out_too(count):
    assert len(set(lay_out(unit([1, 0], [0, 1])[:count], {}))) == count

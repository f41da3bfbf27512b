"""On the map no island lies on another, and areas stand for messages."""

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuulo.group.result import Grouping, Theme
from kuulo.report.islands import draw_map


def grouping_of(sizes, at=None):
    themes = []
    for number, parts in enumerate(sizes):
        place = at[number] if at else (math.cos(number), math.sin(number))
        themes.append(Theme(id=f"T{number}", messages=sum(parts), at=place))
        themes += [Theme(id=f"T{number}.{n}", parent=f"T{number}", messages=part) for n, part in enumerate(parts)]
    return Grouping(placements=(), themes=tuple(themes))


def overlaps(circles):
    return [
        (one, other)
        for one, other in combinations(circles, 2)
        if math.hypot(one.x - other.x, one.y - other.y) < one.radius + other.radius - 0.05
    ]


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=12), min_size=1, max_size=12))
def test_circles_do_not_lie_on_each_other_and_parts_lie_inside(sizes):
    drawn = draw_map(grouping_of(sizes))
    assert overlaps([island.shore for island in drawn.islands]) == []
    for island in drawn.islands:
        assert overlaps(island.parts) == []
        for part in island.parts:
            away = math.hypot(part.x - island.shore.x, part.y - island.shore.y)
            assert away + part.radius <= island.shore.radius + 0.05


def test_area_stands_for_messages():
    (island,) = draw_map(grouping_of([[4, 16]])).islands
    assert [part.radius for part in island.parts] == [2, 4]


def test_themes_at_one_place_are_told_apart():
    drawn = draw_map(grouping_of([[9], [9], [9]], at=[(0.0, 0.0)] * 3))
    assert overlaps([island.shore for island in drawn.islands]) == []


def test_all_lies_in_the_box():
    drawn = draw_map(grouping_of([[30, 3], [4], [50]]))
    for island in drawn.islands:
        assert drawn.left <= island.shore.x - island.shore.radius
        assert drawn.top + drawn.height >= island.shore.y + island.shore.radius


@pytest.mark.parametrize("grouping", [Grouping(placements=(), themes=()), grouping_of([[0]])])
def test_nothing_gives_an_empty_map(grouping):
    assert draw_map(grouping).islands == ()

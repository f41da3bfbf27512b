"""A point lies in areas; the smallest comes first."""

import pytest
from invented_places import place, square
from shapely.geometry import Polygon

from kuulo.place.areas import Areas, with_parents
from kuulo.place.gazetteer import Gazetteer

HOLE = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(4, 4), (6, 4), (6, 6), (4, 6)]])


def areas(*places):
    return Areas(Gazetteer.of(places))


def test_the_smallest_area_comes_first():
    town = place("town", kind="municipality", area=square(20, 60, 1))
    part = place("part", area=square(20, 60, 0.5))
    assert areas(town, part).at(60.1, 20.1) == ["part", "town"]
    assert areas(town, part).at(60.9, 20.9) == ["town"]
    assert areas(town, part).at(61.5, 20.1) == []


def test_a_hole_is_outside_and_a_border_belongs_to_all_that_meet_there():
    assert areas(place("ring", area=HOLE)).at(5, 5) == []
    assert areas(place("ring", area=HOLE)).at(4, 4) == ["ring"]
    beside = areas(place("left", area=square(0, 0, 1)), place("right", area=square(1, 0, 1)))
    assert sorted(beside.at(0.5, 1)) == ["left", "right"]


@pytest.mark.parametrize("point", [(91, 0), (0, 181), (float("nan"), 0), (float("inf"), 0)])
def test_what_is_off_the_earth_lies_nowhere(point):
    assert areas(place("all", area=square(-180, -90, 360))).at(*point) == []


def test_a_gazetteer_without_areas_has_none():
    assert areas(place("Pajula")).at(60, 20) == []


def test_a_point_lies_in_the_catchment_of_a_school_too():
    catchment = place("koulualue", kind="school-catchment", area=square(20, 60, 1))
    assert areas(catchment).at(60.5, 20.5) == ["koulualue"]


def test_a_circle_of_parents_ends():
    circle = Gazetteer.of([place("a", parent="b"), place("b", parent="a")])
    assert list(circle.ancestors("a")) == ["b"]
    assert circle.children("a") == ("b",)


def test_parents_are_found_by_where_places_lie():
    town = place("town", kind="municipality", area=square(20, 60, 1), point=(60.5, 20.5))
    part = place("part", area=square(20, 60, 0.5), point=(60.2, 20.2))
    same = place("same", area=square(20, 60, 0.5), point=(60.2, 20.2))
    school = place("school", kind="school", point=(60.1, 20.1))
    told = place("told", parent="elsewhere", point=(60.1, 20.1))
    found = with_parents(Gazetteer.of([town, part, same, school, told, place("nowhere")]))
    parents = {one.id: one.parent for one in found.places.values()}
    assert parents.pop("school") in {"part", "same"}
    assert parents == {"town": "", "part": "town", "same": "town", "told": "elsewhere", "nowhere": ""}

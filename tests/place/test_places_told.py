"""A message gets its places from its text, then from its coordinates, then from where its source is at home."""

import pytest
from invented_places import finder, place, square

from kuulo.place.areas import Areas
from kuulo.place.gazetteer import Gazetteer
from kuulo.place.told import places_of

TOWN = place("Kaislalahti", kind="municipality", area=square(20, 62, 1))
PART = place("Pajula", parent="Kaislalahti", area=square(20, 62, 0.5))
OTHER = place("Vesala", parent="Kaislalahti", area=square(20.5, 62.5, 0.5))
PLACES = (TOWN, PART, OTHER)
NAMES, AREAS = finder(*PLACES), Areas(Gazetteer.of(PLACES))


def told(text, **more):
    return [(one.place, one.source) for one in places_of(text, names=NAMES, areas=AREAS, **more)]


def test_the_text_comes_before_the_coordinates_and_each_place_once():
    assert told("Vesalassa sataa", coordinates=(62.1, 20.1)) == [
        ("Vesala", "text"),
        ("Pajula", "coordinates"),
        ("Kaislalahti", "coordinates"),
    ]
    assert told("Pajulassa sataa", coordinates=(62.1, 20.1)) == [("Pajula", "text"), ("Kaislalahti", "coordinates")]


def test_home_stands_only_where_there_is_nothing_else():
    assert told("sataa", home="Pajula") == [("Pajula", "home")]
    assert told("Vesalassa sataa", home="Pajula") == [("Vesala", "text")]
    assert told("sataa", coordinates=(0, 0)) == []


def test_what_is_said_more_often_comes_first_and_shares_make_one():
    first, second = places_of("Pajulassa. Vesalassa ja Vesalan puolella.", names=NAMES, areas=AREAS)
    assert (first.place, second.place) == ("Vesala", "Pajula")
    assert first.share + second.share == pytest.approx(1)
    assert [mention.facts["form"] for mention in first.mentions] == ["Vesalassa", "Vesalan"]
    assert first.confidence > second.confidence


def test_places_of_one_name_share_and_name_each_other():
    twins = (place("Pajula", id="east"), place("Pajula", id="west"))
    east, west = places_of("Pajulassa", names=finder(*twins), areas=Areas(Gazetteer.of(twins)))
    assert (east.share, east.among, west.among) == (0.5, ("west",), ("east",))

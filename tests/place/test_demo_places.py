"""The demo has places of its own: the ones that its residents name."""

import csv
from importlib.resources import files

import pytest
from invented_places import finder

from kuulo.place.areas import Areas
from kuulo.place.gazetteer import Gazetteer
from kuulo.place.reading import read

DEMO = files("kuulo") / "demo"


@pytest.fixture(scope="module")
def demo():
    return read((DEMO / "places.geojson").read_bytes(), name="places.geojson")


def test_it_is_read_without_a_fault(demo):
    assert demo.faults == ()
    assert demo.refused == 0
    assert {"district", "school", "school-catchment", "street", "municipality"} <= {one.kind for one in demo.places}


def test_every_area_of_the_weeks_has_a_place_of_that_name(demo):
    known = {name for place in demo.places for names in place.names.values() for name in names}
    rows = csv.DictReader((DEMO / "weeks.csv").read_text("utf-8-sig").splitlines(keepends=True), delimiter=";")
    assert {row["area"] for row in rows} - {""} <= known


def test_its_residents_are_heard_to_name_them(demo):
    names = finder(*demo.places, languages=("fi", "sv", "nb", "en"))
    rows = csv.DictReader((DEMO / "messages.csv").read_text("utf-8-sig").splitlines(keepends=True), delimiter=";")
    found = {place for row in rows for one in names.mentions(row["message"]) for place in one.places}
    assert {"sahanranta", "rantakyla", "varisniemi", "jokitorma", "koulukatu", "rantakylan-koulu"} <= found


def test_a_school_lies_in_the_area_where_its_pupils_live(demo):
    gazetteer = Gazetteer.of(demo.places)
    stands = gazetteer["rantakylan-koulu"].point
    assert "rantakylan-koulun-alue" in Areas(gazetteer).at(*stands)
    assert gazetteer.lies_in("koulukatu", "kaislalahti")

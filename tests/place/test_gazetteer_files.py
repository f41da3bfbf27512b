"""Gazetteers are read from the files that towns have, and each row is accounted for."""

import io
import json

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kuulo.hear.refused import Refused
from kuulo.place.geometry import shape_at, shape_of
from kuulo.place.reading import MOST_PLACES, read

RING = [[20.0, 62.0], [20.1, 62.0], [20.1, 62.1], [20.0, 62.1], [20.0, 62.0]]
BOW_TIE = [[20.0, 62.0], [20.1, 62.1], [20.1, 62.0], [20.0, 62.1], [20.0, 62.0]]


def feature(geometry=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(ring):
    return {"type": "Polygon", "coordinates": [ring]}


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def of_csv(text):
    return read(text.encode(), name="places.csv")


def codes(imported):
    return [(fault.row, fault.code, fault.kept) for fault in imported.faults]


def test_a_map_with_names_in_two_languages():
    content = collection(
        feature(polygon(RING), id=7, aluejako="KAUPUNGINOSA", nimi_fi="ETU-TÖÖLÖ", nimi_se="FRÄMRE TÖLÖ"),
        feature(polygon(RING), id=8, aluejako="OSA-ALUE", nimi_fi="Malmin lentokenttä", nimi_se=None),
    )
    found = read(content, name="areas.geojson")
    first, second = found.places
    assert (first.id, first.kind, first.names) == ("7", "district", {"fi": ("Etu-Töölö",), "sv": ("Främre Tölö",)})
    assert first.area is not None
    assert first.point is not None
    assert 62.0 < first.point[0] < 62.1
    assert second.names == {"fi": ("Malmin lentokenttä",)}
    assert (found.rows, found.refused, found.faults) == (2, 0, ())


@pytest.mark.parametrize(
    ("written", "proper"),
    [
        ("BAGARMOSSEN", "Bagarmossen"),
        ("HÄSSELBY VILLASTAD", "Hässelby villastad"),
        ("NORRA DJURGÅRDEN", "Norra Djurgården"),
        ("GAMLA STAN", "Gamla stan"),
        ("MUSTIKKAMAA-KORKEASAARI", "Mustikkamaa-Korkeasaari"),
        ("MALMIN LENTOKENTTÄ", "Malmin lentokenttä"),
        ("ÅS", "Ås"),
        ("Pikku  Huopalahti ", "Pikku Huopalahti"),
    ],
)
def test_names_in_capitals_are_written_as_people_do(written, proper):
    (place,) = read(collection(feature(name=written)), name="a.json").places
    assert place.name() == proper


def test_a_topology_with_shared_arcs_and_quantized_numbers():
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [20, 60]},
        "arcs": [[[0, 0], [10, 0]], [[10, 0], [0, 10], [-10, 0], [0, -10]], [[0, 0], [0, -10], [10, 0], [0, 10]]],
        "objects": {
            "kunnat": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"id": "1", "nimi": "Ylälä", "namn": "Övre"}},
                    {
                        "type": "Polygon",
                        "arcs": [[2, -1]],
                        "properties": {"id": "2", "nimi": "Alala", "namn": "Nedre"},
                    },
                    {"type": "Polygon", "arcs": [[99]], "properties": {"id": "3", "nimi": "Rikki"}},
                ],
            }
        },
    }
    found = read(json.dumps(topology).encode(), name="a.topojson")
    upper, lower, broken = found.places
    assert upper.area.bounds == (20.0, 60.0, 21.0, 61.0)
    assert lower.area.bounds == (20.0, 59.0, 21.0, 60.0)
    assert broken.area is None
    assert codes(found) == [(3, "no-shape", True)]


def test_a_table_as_a_spreadsheet_saves_it():
    found = of_csv(
        "tunnus;Nimi;Namn;Muut nimet;Laji;Yläalue;Lat;Lon;Osoite;Paikallissija;Monitulkintainen\r\n"
        "K1;Kotkanmäki;Örnbacken;Kotkis, Mäki;kaupunginosa;;62,50;20,07;;-lla;\r\n"
        "K2;Kotkanmäen koulu;;;;Kotkanmäki;62,51;20,08;Koulukatu 1;;x\r\n"
    )
    hill, school = found.places
    assert hill.names == {"fi": ("Kotkanmäki",), "sv": ("Örnbacken",), "": ("Kotkis", "Mäki")}
    assert (hill.id, hill.kind, hill.locative, hill.point) == ("K1", "district", "outer", (62.5, 20.07))
    assert (school.kind, school.parent, school.address, school.ambiguous) == ("school", "K1", "Koulukatu 1", True)
    assert found.faults == ()


def test_a_workbook():
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nimi", "Namn", "Lat", "Lon", "Laji"])
        sheet.write_row(1, 0, ["PAJULA", "VIDEBY", 62.5, 20.1, "kylä"])
    (one,) = read(written.getvalue(), name="a.xlsx").places
    assert (one.names, one.kind, one.point) == ({"fi": ("Pajula",), "sv": ("Videby",)}, "district", (62.5, 20.1))


def test_a_table_in_an_old_encoding_with_coordinates_swapped():
    found = read("Nimi;Lat;Lon\nTöölö;62,5;20,1\nJärvelä;20,1;62,5\n".encode("cp1252"), name="a.csv")
    assert [(one.name(), one.point) for one in found.places] == [("Töölö", (62.5, 20.1)), ("Järvelä", (62.5, 20.1))]
    assert codes(found) == [(2, "swapped", True)]


def test_a_table_with_coordinates_of_another_system_says_so_of_each_row():
    found = of_csv("nimi,x,y\nPajula,25496000,6672000\nVesala,,\n")
    assert [one.point for one in found.places] == [None, None]
    assert codes(found) == [(1, "not-degrees", True)]


def test_a_table_of_kindergartens_with_two_systems_of_coordinates():
    found = of_csv(
        "nord;oest;breddegrad;lengdegrad;adresse;barnehagens_navn\n"
        "6540041.30;308455.36;58.95;5.66;Bakken 31;Tuftebarna barnehage\n"
    )
    (one,) = found.places
    assert (one.kind, one.point, one.names) == ("kindergarten", (58.95, 5.66), {"nb": ("Tuftebarna barnehage",)})


def test_a_broken_polygon_is_mended_and_said_to_be():
    found = read(collection(feature(polygon(BOW_TIE), name="Rusetti"), feature(polygon(RING), name="Ehjä")), name="a")
    mended = found.places[0]
    assert mended.area.is_valid
    assert mended.area.area == pytest.approx(0.005)
    assert codes(found) == [(1, "mended-area", True)]


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (polygon([[6672000.0, 25496000.0], [6673000.0, 25496000.0], [6673000.0, 25497000.0]]), "not-degrees"),
        (polygon([[20.0, 62.0], [20.0, 62.0]]), "no-shape"),
        (polygon([["x", "y"], [1, 2], [3, 4]]), "no-shape"),
        (polygon([]), "no-shape"),
        ({"type": "Polygon"}, "no-shape"),
        ({"type": "Circle", "coordinates": [20, 62]}, "no-shape"),
        ("POINT (20 62)", "no-shape"),
        ({"type": "Point", "coordinates": [float("nan"), 62]}, "not-degrees"),
        (polygon([[20.0, 62.0], [20.1, 62.0], [20.2, 62.0], [20.0, 62.0]]), "broken-area"),
        ({"type": "Point", "coordinates": [10**400, 62]}, "no-shape"),
        ({"type": ["Point"], "coordinates": [20, 62]}, "no-shape"),
    ],
)
def test_a_place_with_a_shape_that_is_none_is_kept_without(geometry, code):
    found = read(collection(feature(geometry, name="Paikka")), name="a.geojson")
    (place,) = found.places
    assert place.area is None
    assert codes(found) == [(1, code, True)]


def test_swapped_coordinates_are_turned_round_and_said_to_be():
    turned = [[latitude, longitude] for longitude, latitude in RING]
    found = read(collection(feature(polygon(turned), name="Paikka")), name="a.geojson")
    assert found.places[0].area.bounds == (20.0, 62.0, 20.1, 62.1)
    assert codes(found) == [(1, "swapped", True)]


def test_rows_without_a_name_are_refused_by_their_number():
    found = of_csv("id,name,lat,lon\n1,Pajula,62,20\n2,,62,20\n3,123,62,20\n4," + "x" * 200 + ",62,20\n")
    assert [place.id for place in found.places] == ["1"]
    assert codes(found) == [(2, "no-name", False), (3, "no-name", False), (4, "name-too-long", False)]
    assert found.rows == len(found.places) + found.refused


def test_equal_names_and_ids_are_all_kept():
    found = of_csv("id,name\n1,Pajula\n1,Pajula\n1 (2),Vesala\n")
    assert [place.id for place in found.places] == ["1", "1 (2)", "1 (2) (2)"]
    assert [fault.code for fault in found.faults] == ["same-id", "same-id"]


def test_parents_are_tied_by_id_or_by_name_and_what_does_not_exist_is_told():
    found = of_csv("id,name,parent\na,Itälä,\nb,Pajula,Itälä\nc,Vesala,a\nd,Kotila,Olematon\n")
    assert [place.parent for place in found.places] == ["", "a", "a", ""]
    assert [(fault.row, fault.code, fault.facts) for fault in found.faults] == [
        (4, "no-such-parent", {"parent": "Olematon"})
    ]


def test_an_unknown_kind_is_told_and_what_is_asked_for_stands_where_none_is():
    found = read(b"name,kind\nPajula,\nVesala,zzz\n", name="a.csv", kind="district", language="fi")
    assert [place.kind for place in found.places] == ["district", "district"]
    assert found.places[0].names == {"fi": ("Pajula",)}
    assert codes(found) == [(2, "unknown-kind", True)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b" \n\n", "empty-file"),
        (b"{", "bad-json"),
        (b"[" * 100_000, "bad-json"),
        (b"[1, 2]", "not-places"),
        (b'{"type": "Tiger"}', "not-places"),
        (b'{"type": "FeatureCollection", "features": []}', "empty-file"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": 1}}]}', "not-places"),
        (b'{"type": "Topology", "objects": {}}', "bad-json"),
        (b"a,b\n1,2\n", "not-places"),
        (b"name\n", "only-header"),
    ],
)
def test_what_is_no_gazetteer_is_refused(content, code):
    with pytest.raises(Refused) as refusal:
        read(content, name="file")
    assert refusal.value.code == code


def test_coordinates_that_are_not_degrees_by_their_own_word_are_refused():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3879"}}
    with pytest.raises(Refused) as refusal:
        read(collection(feature(polygon(RING), name="Paikka"), crs=crs), name="a.geojson")
    assert (refusal.value.code, refusal.value.facts) == ("not-wgs84", {"crs": "urn:ogc:def:crs:EPSG::3879"})


def test_more_places_than_can_be_are_refused():
    with pytest.raises(Refused) as refusal:
        of_csv("name\n" + "Pajula\n" * (MOST_PLACES + 1))
    assert refusal.value.code == "too-large"


def test_arcs_used_over_and_over_do_not_swell():
    arc = [[index % 7, index % 5] for index in range(10_000)]
    shape = {"type": "Polygon", "arcs": [[0] * 200], "properties": {"name": "Paikka"}}
    bomb = {
        "type": "Topology",
        "arcs": [arc],
        "objects": {"a": {"type": "GeometryCollection", "geometries": [shape] * 9}},
    }
    with pytest.raises(Refused) as refusal:
        read(json.dumps(bomb).encode(), name="a.topojson")
    assert refusal.value.code == "too-large"


def test_a_number_of_a_topology_that_is_too_great_spoils_one_place_only():
    shapes = [{"type": "Polygon", "arcs": [[at]], "properties": {"name": f"Paikka {at}"}} for at in (0, 1)]
    arcs = [[[10**400, 62], [1, 0], [0, 1]], [[20, 62], [1, 0], [0, 1]]]
    for transform in ({"scale": [0.5, 0.5], "translate": [0, 0]}, None):
        parts = {"type": "Topology", "objects": {"a": {"type": "GeometryCollection", "geometries": shapes}}}
        found = read(json.dumps({**parts, "arcs": arcs, "transform": transform}).encode(), name="a.topojson")
        assert [place.area is None for place in found.places] == [True, False]


def test_letters_that_nothing_can_store_are_in_no_place_and_no_refusal():
    (place,) = read(collection({**feature(None, name="Paikka"), "id": "a\0\ud800b"}), name="a.geojson").places
    assert place.id == "a b"
    for content in (
        collection(feature(None, **{"x\0\ud800": 1})),
        collection(feature(None, name="Paikka"), crs={"properties": {"name": "x\0\ud800"}}),
    ):
        with pytest.raises(Refused) as refusal:
            read(content, name="a.geojson")
        assert [*refusal.value.facts.values()] == ["x"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(["Polygon", "Point", "LineString", "MultiPolygon", "GeometryCollection", "Q"])
SHAPES = st.fixed_dictionaries({"type": KINDS, "coordinates": JSON, "geometries": JSON})
FEATURES = st.fixed_dictionaries({"properties": st.dictionaries(st.sampled_from(["name", "id", "kind"]), JSON) | JSON,
                                  "geometry": SHAPES | JSON})  # fmt: skip


@given(st.lists(FEATURES | JSON, max_size=4))
@settings(deadline=None)
def test_hostile_features_give_places_or_faults_or_a_refusal(features):
    try:
        found = read(json.dumps({"features": features}).encode(), name="a.geojson")
    except Refused:
        return
    assert found.rows == len(found.places) + found.refused == len(features)


@given(st.dictionaries(st.sampled_from(["arcs", "objects", "transform", "bbox"]), JSON))
@settings(deadline=None)
def test_hostile_topologies_give_places_or_a_refusal(parts):
    try:
        found = read(json.dumps({"arcs": [], "objects": {}, **parts, "type": "Topology"}).encode(), name="a")
    except Refused:
        return
    assert found.rows == len(found.places) + found.refused


_FINITE = st.floats(-400, 400) | st.floats(allow_nan=False, allow_infinity=False)


@given(_FINITE, _FINITE)
def test_a_point_of_a_table_is_judged_as_one_of_a_map(latitude, longitude):
    assert shape_at(latitude, longitude) == shape_of({"type": "Point", "coordinates": [longitude, latitude]})

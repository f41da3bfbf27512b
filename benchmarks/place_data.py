"""Gazetteers and texts with places, made of public sets: they are no part of the project (see docs/benchmarks.md)."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import shapely

from benchmarks.datasets import _path, _rows
from kuulo.place.gazetteer import Gazetteer, Place
from kuulo.place.reading import read

HELSINKI = ("helsinki-kaupunginosat.geojson", "helsinki-osa-alueet.geojson")
_GEO = "https://github.com/GispoCoding/geospatial-text-analysis"
_OMASTADI = "https://github.com/bokyong-shin/mapping_citizen_voices"
_NORWAY = "https://github.com/robhop/fylker-og-kommuner"
_STOCKHOLM = "https://github.com/KTHHealthData/stockholm-stadsdelar"


@dataclass(frozen=True)
class Proposal:
    """A proposal, the number it has, and the district that its pin lies in ("" where it has none)."""

    number: int
    text: str
    pinned: str
    scope: str


def proposals() -> list[Proposal]:
    """OmaStadi, round 1: title and text as they stand."""
    path = _path("OmaStadi", "omastadi/proposals-round1.csv (columns id, title, text, district)", _OMASTADI)
    return [
        Proposal(
            int(row["id"]),
            f"{row['title'].strip()}. {row['text']}",
            "" if row["district"] == "location_not_specified" else row["district"],
            row["area_scope"],
        )
        for row in _rows(path)
    ]


def helsinki() -> tuple[Gazetteer, dict[str, str]]:
    """Helsinki's districts and sub-areas, and for each the one of the 34 districts of the pins that most of it is."""
    places = [place for name in HELSINKI for place in _read(name, _GEO, f"geo/{name}")]
    pinned = _read("districts.geojson", _OMASTADI, "omastadi/districts.geojson")
    return Gazetteer.of(places), {place.id: _mostly(place, pinned) for place in places}


def stockholm() -> Gazetteer:
    """Stockholm's stadsdelar."""
    name = "stockholm-stadsdelar.geojson"
    return Gazetteer.of(_read(name, _STOCKHOLM, f"geo/{name}", language="sv", kind="district"))


def norway() -> Gazetteer:
    """Norway's municipalities."""
    name = "norway-kommuner.topojson"
    return Gazetteer.of(_read(name, _NORWAY, f"geo/{name}", language="nb", kind="municipality"))


def many(count: int) -> Gazetteer:
    """Invented names of one to three parts, each a place: what a national register could be like in number."""
    fronts = "Ala Ylä Iso Pikku Itä Länsi Etelä Pohjois Uusi Vanha Kivi Kala Metsä Ranta Hiekka Suo Kallio Salo".split()
    middles = [a + b for a in "haka kuja leppä koivu kuusi mänty paju raita pihla tammi saarni vaahtera".split()
               for b in " n la".split(" ")]  # fmt: skip
    ends = "mäki niemi lahti saari järvi koski vuori joki kylä la nen ranta harju suo niitty perä kangas rinne".split()
    names = (f"{front}{middle}{end}".capitalize() for middle in middles for front in fronts for end in ends)
    pool = list(dict.fromkeys(names))
    made = [pool[at % len(pool)] + ("" if at < len(pool) else _suffix(at // len(pool))) for at in range(count)]
    return Gazetteer.of(Place(id=str(at), names={"fi": (name,)}, kind="district") for at, name in enumerate(made))


def _suffix(number: int) -> str:
    """Give letters for a number, so that further names differ: 1: "ma", 2: "ka" ..."""
    parts = "ma ka ta sa va ra na ja la ha".split()
    return "".join(parts[int(digit)] for digit in str(number)) + "mäki"


def _read(name: str, source: str, relative: str, *, language: str = "", kind: str = "") -> Sequence[Place]:
    path: Path = _path(name, relative, source)
    found = read(path.read_bytes(), name=name, language=language, kind=kind)
    return [replace(place, id=f"{name}/{place.id}") for place in found.places]


def _mostly(place: Place, pinned: Sequence[Place]) -> str:
    areas = {one.name(): shapely.intersection(place.area, one.area).area for one in pinned}
    return max(areas, key=areas.__getitem__) if max(areas.values()) > 0 else ""


csv.field_size_limit(10**8)

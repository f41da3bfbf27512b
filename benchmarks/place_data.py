"""Gazetteers and texts with places, made of public sets: they are no part of the project (see docs/benchmarks.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import shapely

from benchmarks.datasets import _path, _rows
from kuulo.place.gazetteer import Gazetteer, Place
from kuulo.place.reading import read

HELSINKI = ("helsinki-kaupunginosat.geojson", "helsinki-osa-alueet.geojson")
_GEO = "https://github.com/GispoCoding/geospatial-text-analysis"
_OMASTADI = "https://github.com/bokyong-shin/mapping_citizen_voices"
_NORWAY = "https://github.com/robhop/fylker-og-kommuner"
_FINLAND = "https://github.com/Yleisradio/geodata"
_STOCKHOLM = "https://github.com/KTHHealthData/stockholm-stadsdelar"

_FRONTS = "Ala Ylä Iso Pikku Itä Länsi Etelä Pohjois Uusi Vanha Kivi Kala Metsä Ranta Hiekka Suo Kallio Salo"
_MIDDLES = "haka kuja leppä koivu kuusi mänty paju raita pihla tammi saarni vaahtera"
_ENDS = "mäki niemi lahti saari järvi koski vuori joki kylä la nen ranta harju suo niitty perä kangas rinne"


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


def finland() -> Gazetteer:
    """Finland's municipalities, in Finnish and Swedish."""
    name = "finland-municipalities.topojson"
    return Gazetteer.of(_read(name, _FINLAND, f"geo/{name}", kind="municipality"))


def many(count: int) -> Gazetteer:
    """Helsinki's areas among invented names of one to three parts: what a national register is like in number."""
    known = helsinki()[0].places.values()
    middles = [middle + joint for middle in _MIDDLES.split() for joint in ("", "n", "la")]
    pool = [f"{a}{b}{c}".capitalize() for b in middles for a in _FRONTS.split() for c in _ENDS.split()]
    made = (pool[at % len(pool)] + (_suffix(at // len(pool)) if at >= len(pool) else "") for at in range(count))
    invented = (Place(id=str(at), names={"fi": (name,)}, kind="district") for at, name in enumerate(made))
    return Gazetteer.of([*known, *islice(invented, count - len(known))])


def _suffix(number: int) -> str:
    """Give letters for a number, so that further names differ: 1: "ma", 2: "ka" ..."""
    parts = ["ma", "ka", "ta", "sa", "va", "ra", "na", "ja", "la", "ha"]
    return "".join(parts[int(digit)] for digit in str(number)) + "mäki"


def _read(name: str, source: str, relative: str, *, language: str = "", kind: str = "") -> Sequence[Place]:
    path = _path(name, relative, source)
    found = read(path.read_bytes(), name=name, language=language, kind=kind)
    return [replace(place, id=f"{name}/{place.id}") for place in found.places]


def _mostly(place: Place, pinned: Sequence[Place]) -> str:
    areas = {one.name(): shapely.intersection(place.area, one.area).area for one in pinned}
    return max(areas, key=areas.__getitem__) if max(areas.values()) > 0 else ""

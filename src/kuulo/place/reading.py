"""Read a gazetteer from a file: GeoJSON, TopoJSON or a table; each row is accounted for."""

import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath
from typing import Any, BinaryIO

from kuulo.hear import decode, formats, table
from kuulo.hear.reading import Limits, Orders
from kuulo.place import topology
from kuulo.place.columns import Roles, roles_of
from kuulo.place.gazetteer import Place
from kuulo.place.refused import GazetteerRefused
from kuulo.place.rows import Fault, Row, named_in, place_of, text

MOST_BYTES, MOST_PLACES = 64 << 20, 250_000
# Names that GeoJSON's crs has for longitude and latitude on WGS 84, or what differs from it by less than a metre.
_DEGREES = ("crs84", "epsg::4326", "epsg:4326", "epsg::4258", "epsg:4258", "epsg::4979")
_PROPERTIES_LOOKED_AT = 200
_GEOMETRIES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """Places of a file, how many rows it had, and what was wrong with some. ``rows`` are those taken and refused."""

    format: str
    rows: int
    places: tuple[Place, ...]
    faults: tuple[Fault, ...]
    roles: Roles

    @property
    def refused(self) -> int:
        """Give how many rows gave no place."""
        return sum(not fault.kept for fault in self.faults)


def read(content: bytes, *, name: str, kind: str = "", language: str = "") -> Imported:
    """Read the places of a file; ``kind`` and ``language`` are those of what tells none itself.

    Raises GazetteerRefused with code and facts: "too-large" (bytes, places, corners), "empty-file", "bad-json",
    "not-places" (a JSON that is something else, a table without names), "not-wgs84" (coordinates in another
    system); and Refused with those of reading tables (``kuulo.hear.formats``).
    """
    if len(content) > MOST_BYTES:
        raise GazetteerRefused("too-large", {"bytes": len(content), "limit": MOST_BYTES})
    if not content.strip():
        raise GazetteerRefused("empty-file")
    if _looks_like_json(content):
        return _of_map(_parsed(content), kind=kind, language=language)
    return _of_table(content, suffix=PurePath(name).suffix.casefold(), kind=kind, language=language)


def _looks_like_json(content: bytes) -> bool:
    return content[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in {b"{", b"["}


def _parsed(content: bytes) -> object:
    with io.BytesIO(content) as stream:
        encoding = decode.choose(stream, order="")
    try:
        parsed: object = json.loads(content.decode(encoding.name).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as problem:
        raise GazetteerRefused("bad-json") from problem
    return parsed


def _of_map(parsed: object, *, kind: str, language: str) -> Imported:
    if not isinstance(parsed, dict):
        raise GazetteerRefused("not-places")
    if parsed.get("type") == "Topology" and isinstance(parsed.get("objects"), dict):
        try:
            rows = _feature_rows(topology.features(parsed))
        except (TypeError, ValueError, KeyError, IndexError) as problem:
            raise GazetteerRefused("bad-json") from problem
        return _imported(rows, format_name="topojson", kind=kind, language=language)
    _check_degrees(parsed.get("crs"))
    features = [parsed] if parsed.get("type") == "Feature" else parsed.get("features")
    if not isinstance(features, list):
        raise GazetteerRefused("not-places")
    if not features:
        raise GazetteerRefused("empty-file")
    return _imported(_feature_rows(iter(features)), format_name="geojson", kind=kind, language=language)


def _check_degrees(crs: object) -> None:
    """Refuse coordinates that are not longitude and latitude; without a word GeoJSON's are (RFC 7946)."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    told = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(told, str) and not told.casefold().endswith(_DEGREES):
        raise GazetteerRefused("not-wgs84", {"crs": text(told)[:80]})


def _feature_rows(features: Iterator[Any]) -> list[Row]:
    rows = [_feature_row(number, one) for number, one in enumerate(islice(features, MOST_PLACES + 1), 1)]
    _check_count(len(rows))
    return rows


def _feature_row(number: int, feature: object) -> Row:
    if not isinstance(feature, dict):
        return Row(number, {}, broken=True)
    properties, geometry = feature.get("properties"), feature.get("geometry")
    told = text(feature.get("id") or "")[:80]
    known = isinstance(geometry, dict) and geometry.get("type") in _GEOMETRIES
    return Row(
        number,
        properties if isinstance(properties, dict) else {},
        geometry if known else None,
        id=told,
        layer=str(feature.get("layer", "")),
        broken=bool(feature.get("broken")) or (geometry is not None and not known),
    )


def _of_table(content: bytes, *, suffix: str, kind: str, language: str) -> Imported:
    orders, limits = Orders(), Limits(file=MOST_BYTES)
    with _as_file(content) as stream, formats.opened(stream, suffix=suffix, orders=orders, limits=limits) as source:
        found = table.part(source, order=True)
        names = found.header.names
        rows = [
            Row(number, dict(zip(names, cells, strict=False)))
            for number, cells in enumerate(islice(found.rows, MOST_PLACES + 1), 1)
        ]
        _check_count(len(rows))
        return _imported(rows, format_name=source.format, kind=kind, language=language)


@contextmanager
def _as_file(content: bytes) -> Iterator[BinaryIO]:
    """Give the content as a file that a child process can read, as workbooks are."""
    with tempfile.TemporaryFile() as stream:
        stream.write(content)
        stream.seek(0)
        yield stream


def _check_count(count: int) -> None:
    if count > MOST_PLACES:
        raise GazetteerRefused("too-large", {"places": count, "limit": MOST_PLACES})


def _imported(rows: Sequence[Row], *, format_name: str, kind: str, language: str) -> Imported:
    columns = dict.fromkeys(str(key) for row in rows[:_PROPERTIES_LOOKED_AT] for key in row.values)
    roles = roles_of(list(columns))
    if not any(role.startswith("name:") for role in roles):
        raise GazetteerRefused("not-places", {"columns": text(", ".join(columns))[:300]})
    places: list[Place] = []
    at_row: list[int] = []
    faults: list[Fault] = []
    taken: dict[str, int] = {}
    for row in rows:
        place, wrong = place_of(row, roles, kind=kind, language=language)
        faults += wrong
        if place is None:
            continue
        place, clash = _with_own_id(place, taken)
        if clash:
            faults.append(Fault(row=row.number, code="same-id", facts={"id": clash}))
        places.append(place)
        at_row.append(row.number)
    tied, loose = _tied(places, at_row)
    return Imported(
        format=format_name,
        rows=len(rows),
        places=tuple(tied),
        faults=tuple(sorted([*faults, *loose], key=lambda fault: fault.row)),
        roles=roles,
    )


def _with_own_id(place: Place, taken: dict[str, int]) -> tuple[Place, str]:
    """Give a place whose id is taken another one: both are kept."""
    told = place.id
    if told not in taken:
        taken[told] = 1
        return place, ""
    while (own := f"{told} ({taken[told] + 1})") in taken:
        taken[told] += 1
    taken[told] += 1
    taken[own] = 1
    return replace(place, id=own), told


def _tied(places: list[Place], at_row: list[int]) -> tuple[list[Place], list[Fault]]:
    """Turn what rows call their parents, by id or by name, into ids."""
    if not any(place.parent for place in places):
        return places, []
    ids, named = {place.id for place in places}, named_in(places)
    tied: list[Place] = []
    faults: list[Fault] = []
    for place, row in zip(places, at_row, strict=True):
        found = _id_of(place.parent, ids, named)
        if place.parent and not found:
            faults.append(Fault(row=row, code="no-such-parent", facts={"parent": place.parent[:80]}))
        tied.append(replace(place, parent=found if found != place.id else ""))
    return tied, faults


def _id_of(told: str, ids: set[str], named: Mapping[str, str]) -> str:
    return told if told in ids else named.get(told.casefold(), "")

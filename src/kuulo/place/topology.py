"""Decode TopoJSON (https://github.com/topojson/topojson-specification) to the geometries of GeoJSON."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from kuulo.place.refused import GazetteerRefused

# All geometries together; arcs that are used over and over would else swell a small file.
MOST_CORNERS = 5_000_000
_DEEP = {"Point": 0, "MultiPoint": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
Corner = list[float]


def features(topology: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield GeoJSON features of all geometries; one that is broken has the geometry None. Refused where it swells."""
    decoder = _Decoder(topology)
    for name, thing in topology["objects"].items():
        if not isinstance(thing, dict):
            yield {"properties": {}, "geometry": None, "layer": name}
            continue
        parts = thing.get("geometries") if thing.get("type") == "GeometryCollection" else [thing]
        for part in parts if isinstance(parts, list) else []:
            yield {**decoder.feature(part), "layer": name}


class _Decoder:
    def __init__(self, topology: dict[str, Any]) -> None:
        transform = topology.get("transform")
        self._scale: list[float] = transform["scale"] if transform else [1, 1]
        self._move: list[float] = transform["translate"] if transform else [0, 0]
        self._moved = bool(transform)
        self._raw = topology["arcs"]
        self._arcs: dict[int, list[Corner]] = {}
        self._corners = 0

    def feature(self, part: object) -> dict[str, Any]:
        if not isinstance(part, dict):
            return {"properties": {}, "geometry": None, "broken": True}
        properties = part.get("properties")
        made = {"properties": properties if isinstance(properties, dict) else {}, "id": part.get("id", "")}
        if part.get("type") is None:
            return {**made, "geometry": None}
        try:
            return {**made, "geometry": self._geometry(part)}
        except (TypeError, ValueError, KeyError, IndexError, OverflowError):
            return {**made, "geometry": None, "broken": True}

    def _geometry(self, part: dict[str, Any]) -> dict[str, Any]:
        kind = part["type"]
        if kind == "Point":
            return {"type": kind, "coordinates": self._corner(part["coordinates"])}
        if kind == "MultiPoint":
            return {"type": kind, "coordinates": [self._corner(one) for one in part["coordinates"]]}
        return {"type": kind, "coordinates": self._lines(part["arcs"], _DEEP[kind])}

    def _corner(self, pair: list[float]) -> Corner:
        return [pair[at] * self._scale[at] + self._move[at] for at in (0, 1)]

    def _lines(self, arcs: list[Any], deep: int) -> list[Any]:
        if deep > 1:
            return [self._lines(one, deep - 1) for one in arcs]
        line: list[Corner] = []
        for number in arcs:
            arc = self._arc(number)
            self._corners += len(arc)
            if self._corners > MOST_CORNERS:
                raise GazetteerRefused("too-large", {"corners": self._corners, "limit": MOST_CORNERS})
            line += arc[1:] if line else arc
        return line

    def _arc(self, number: int) -> list[Corner]:
        at = ~number if number < 0 else number
        if at not in self._arcs:
            self._arcs[at] = self._decoded(self._raw[at])
        return self._arcs[at][::-1] if number < 0 else self._arcs[at]

    def _decoded(self, arc: list[list[float]]) -> list[Corner]:
        if not self._moved:
            return [[pair[0], pair[1]] for pair in arc]
        xs, ys = accumulate(pair[0] for pair in arc), accumulate(pair[1] for pair in arc)
        return [self._corner([x, y]) for x, y in zip(xs, ys, strict=True)]

"""Make shapes of GeoJSON geometries, mend them where they are broken, and say what was wrong."""

import math
from typing import Any, NamedTuple

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

# One shape: all coast and islands of a municipality in full detail have some 50,000.
MOST_CORNERS = 200_000
# Latitudes and longitudes of the Nordic countries: one in the place of the other is told by that.
_NORTH, _EAST = (54.0, 72.0), (4.0, 32.0)


class Shape(NamedTuple):
    """Where a place lies: a point (latitude, longitude) and an area if it has one; ``fault`` says what was wrong.

    Faults: "swapped" and "mended-area" were put right; "broken-area", "not-degrees", "too-many-corners" and
    "no-shape" left the place without.
    """

    point: tuple[float, float] | None = None
    area: BaseGeometry | None = None
    fault: str = ""


def shape_of(geometry: object) -> Shape:
    """Make a shape of a GeoJSON geometry (longitude before latitude); None has none."""
    if geometry is None:
        return Shape()
    if _corners(geometry) > MOST_CORNERS:
        return Shape(fault="too-many-corners")
    made = _made(geometry)
    if made is None or made.is_empty:
        return Shape(fault="no-shape")
    west, south, east, north = made.bounds
    if not all(map(math.isfinite, made.bounds)) or west < -180 or east > 180 or max(-south, north) > 180:
        return Shape(fault="not-degrees")
    if _is_swapped((south + north) / 2, (west + east) / 2):
        turned = shapely.transform(made, lambda corners: corners[:, ::-1])
        return _placed(turned)._replace(fault="swapped")
    return _placed(made) if max(-south, north) <= 90 else Shape(fault="not-degrees")


def shape_at(latitude: float, longitude: float) -> Shape:
    """Make the shape of a place that is a point; both are finite. It is judged as ``shape_of`` judges one."""
    if _is_swapped(latitude, longitude):
        return Shape(point=(round(longitude, 7), round(latitude, 7)), fault="swapped")
    if abs(latitude) > 90 or abs(longitude) > 180:
        return Shape(fault="not-degrees")
    return Shape(point=(round(latitude, 7), round(longitude, 7)))


def _corners(part: object) -> int:
    """Count pairs of numbers, without a recursion that hostile nesting could exhaust."""
    count, waiting = 0, [part]
    while waiting and count <= MOST_CORNERS:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [one.get("coordinates"), one.get("geometries")]
        elif isinstance(one, list) and one and isinstance(one[0], int | float):
            count += 1
        elif isinstance(one, list):
            waiting += one
    return count


def _made(geometry: object) -> BaseGeometry | None:
    try:
        made: BaseGeometry = shapely.force_2d(shape(_plain(geometry)))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        return None
    return made


def _plain(geometry: object) -> dict[str, Any]:
    if not isinstance(geometry, dict):
        raise TypeError
    return geometry


def _is_swapped(latitude: float, longitude: float) -> bool:
    return _EAST[0] <= latitude <= _EAST[1] and _NORTH[0] <= longitude <= _NORTH[1]


def _placed(made: BaseGeometry) -> Shape:
    if made.geom_type not in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        return Shape(point=_middle(made))
    area, fault = made, ""
    if not made.is_valid:
        area, fault = shapely.make_valid(made), "mended-area"
    polygons = _polygons(area)
    if polygons is None:
        return Shape(point=_middle(made), fault="broken-area" if fault or made.area else "")
    shapely.prepare(polygons)
    return Shape(point=_middle(polygons), area=polygons, fault=fault)


def _polygons(made: BaseGeometry) -> BaseGeometry | None:
    """Keep what has an area: mending may leave lines and points beside."""
    parts = [one for part in shapely.get_parts([made]) for one in shapely.get_parts([part])]
    kept = [one for one in parts if isinstance(one, Polygon) and one.area > 0]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else MultiPolygon(kept)


def _middle(made: BaseGeometry) -> tuple[float, float] | None:
    """Give a point of the shape itself, near its middle."""
    try:
        point = made.representative_point()
    except ShapelyError:
        return None
    return None if point.is_empty else (round(point.y, 7), round(point.x, 7))

"""Outlines: areas as a map draws them, with so few corners that two hundred of them make a small page."""

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

# Of the width of all areas together: about a pixel of a map.
_FINEST = 1 / 900
_DECIMALS = 5
Outline = list[list[list[float]]]


def outlines(areas: Mapping[str, BaseGeometry]) -> dict[str, Outline]:
    """Give the rings of areas, pairs of longitude and latitude; those that share a border share it still."""
    if not areas:
        return {}
    shapes: Any = list(areas.values())
    west, south, east, north = shapely.total_bounds(shapes)
    finest = max(east - west, north - south) * _FINEST
    if shapely.coverage_is_valid(shapes):
        drawn = shapely.coverage_simplify(shapes, finest)
    else:  # areas of several levels lie over each other
        drawn = shapely.simplify(shapes, finest, preserve_topology=True)
    return {key: _rings(area, finest) for key, area in zip(areas, drawn, strict=True)}


def _rings(area: BaseGeometry, finest: float) -> Outline:
    """Give the rings of one area, but for islands and lakes that nobody would see."""
    parts = sorted(shapely.get_parts([area]), key=lambda part: -part.area)
    seen = [part for part in parts if part.area > finest**2] or parts[:1]
    found = [ring for part in seen for ring in (part.exterior, *part.interiors)]
    return [[[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y in ring.coords[:-1]] for ring in found]

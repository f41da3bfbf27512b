"""Landscape: the living themes as islands on a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10

from kuulo.group.result import Grouping
from kuulo.group.result import Theme as Shape
from kuulo.models import Theme
from kuulo.report.islands import Map, draw_map

# Of more themes the largest are drawn: a map of hundreds of islands is no help.
MOST_ISLANDS = 60
# Sizes are drawn in so many steps from one to ten, so that a message more seldom moves the islands.
_STEPS = 12
_Shape = tuple[str, str, int, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A theme or subtheme of the map by its code, with its names and the messages that it holds."""

    code: str
    names: Mapping[str, str]
    messages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Landscape:
    """The map; ``places`` are by the numbers of its circles. ``left_out`` themes are too small to be drawn."""

    map: Map
    places: tuple[Place, ...]
    left_out: int


def landscape() -> Landscape:
    """Draw the living themes and their subthemes: one query."""
    columns = ("id", "parent_id", "code", "names", "at_x", "at_y", "figures__messages")
    told = list(Theme.objects.filter(state=Theme.State.LIVE).order_by("id").values_list(*columns))
    held = [row for row in told if row[-1]]
    top = sorted((row for row in held if row[1] is None), key=lambda row: (-row[-1], row[0]))
    codes = {row[0]: row[2] for row in top[:MOST_ISLANDS]}
    shown = [row for row in held if row[0] in codes or row[1] in codes]
    shapes = tuple((row[2], codes.get(row[1], ""), _rounded(row[-1]), row[4], row[5]) for row in shown)
    places = tuple(Place(code=row[2], names=row[3], messages=row[-1]) for row in shown)
    return Landscape(map=_drawn(shapes), places=places, left_out=len(top) - len(codes))


@lru_cache(maxsize=4)
def _drawn(shapes: Sequence[_Shape]) -> Map:
    themes = [Shape(id=code, parent=parent, messages=n, at=(x, y)) for code, parent, n, x, y in shapes]
    return draw_map(Grouping(placements=(), themes=tuple(themes)))


def _rounded(messages: int) -> int:
    return round(10 ** (round(log10(messages) * _STEPS) / _STEPS))

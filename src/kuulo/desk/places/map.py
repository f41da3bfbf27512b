"""Map: areas with the messages about them, and points gathered on a grid, as one drawing."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from kuulo.desk.places.counts import of_theme
from kuulo.desk.places.listing import Box
from kuulo.desk.places.outlines import Outline
from kuulo.desk.places.standing import Mark, mark
from kuulo.models import Place, Theme
from kuulo.place.gazetteer import AREA_KINDS

WIDTH, _TALLEST, _EDGE = 1000.0, 1400.0, 20.0
STEPS = 5
MOST_AREAS, MOST_POINTS = 300, 5_000
_CELL = 60.0


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the map: its place, its messages, its step of five (0: none), its path and where its label stands.

    ``room`` is how wide and high it is at most.
    """

    place: Place
    n: int
    step: int
    path: str
    x: float
    y: float
    room: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places that lie near each other: where on the map, how many messages, and the part of the map they lie in."""

    places: Sequence[Place]
    n: int
    x: float
    y: float
    r: float
    box: Box


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map: how large it is, its areas from the largest to the smallest, its clusters, and what the steps hold."""

    height: float = 0.0
    areas: Sequence[Area] = ()
    clusters: Sequence[Cluster] = ()
    steps: Sequence[tuple[int, int, int]] = ()
    points: Sequence[tuple[Place, int]] = ()
    more_areas: bool = False
    kind: str = ""
    kinds: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where degrees lie on the drawing: east to the right, each as long as it is at the middle of the map."""

    west: float
    north: float
    scale: float
    narrow: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (
            round(_EDGE + (longitude - self.west) * self.narrow * self.scale, 1),
            round(_EDGE + (self.north - latitude) * self.scale, 1),
        )

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        return self.west + (x - _EDGE) / self.scale / self.narrow, self.north - (y - _EDGE) / self.scale


@dataclass(frozen=True, slots=True)
class _Shape:
    """How an area is drawn: its path, where its label stands, and how wide and high it is at most."""

    path: str
    x: float
    y: float
    room: float


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A map without counts: where degrees lie, how high it is, and the shapes of areas by the numbers of these."""

    plane: _Plane
    height: float
    shapes: Mapping[int, _Shape] = field(default_factory=dict)


def drawn(
    *,
    theme: Theme | None = None,
    since: date | None = None,
    until: date | None = None,
    kind: str = "",
    with_points: bool = False,
) -> Drawing:
    """Draw the areas of a kind (districts, without any); with the points that are talked about where asked, or where
    there are no areas.
    """
    counts = of_theme(theme, since=since, until=until)
    held = _kinds()
    kind = kind if kind in held else next(iter(held), "")
    areas = _areas(kind)
    points = _points(counts) if with_points or not areas else []
    if not areas and not points:
        return Drawing(kinds=held)
    # which areas are shown depends on the counts, how they are drawn does not
    sheet = _sheet(mark(), tuple(sorted(place.pk for place in areas))) if areas else _sheet_of(points)
    steps = _steps([counts.get(place.pk, 0) for place in areas])
    there = [place for place in areas[:MOST_AREAS] if place.pk in sheet.shapes]
    shown = [_area(place, counts.get(place.pk, 0), steps, sheet) for place in there]
    plane, height = sheet.plane, sheet.height
    inside = [place for place in points if _is_inside(plane, place, height)]
    return Drawing(
        height=height,
        areas=sorted(shown, key=lambda one: -one.room),
        clusters=_clusters(inside, counts, plane),
        points=[(place, counts[place.pk]) for place in inside],
        steps=[(at + 1, first, last) for at, (first, last) in enumerate(steps)],
        more_areas=len(areas) > MOST_AREAS,
        kind=kind,
        kinds=held,
    )


def _kinds() -> list[str]:
    """Give the kinds of area there are to draw: districts before all others, the whole municipality last."""
    areas = Place.objects.filter(gone=None, kind__in=AREA_KINDS, outline__isnull=False)
    found = set(areas.values_list("kind", flat=True).distinct())
    return [kind for kind in AREA_KINDS if kind in found]


def _areas(kind: str) -> list[Place]:
    rows = Place.objects.filter(gone=None, kind=kind, outline__isnull=False).order_by("-messages", "pk")
    return list(rows.only("code", "names", "kind")[: MOST_AREAS + 1])


@lru_cache(maxsize=8)
def _sheet(stands: Mark, areas: Sequence[int]) -> _Sheet:
    """Draw areas, as they are while these places stand."""
    rows = list(Place.objects.filter(pk__in=areas, outline__isnull=False).only("outline", "latitude", "longitude"))
    plane, height = _plane(pair for place in rows for ring in _outline(place) for pair in ring)
    return _Sheet(plane, height, {place.pk: _shape(place, plane) for place in rows})


def _sheet_of(points: Sequence[Place]) -> _Sheet:
    return _Sheet(*_plane([place.longitude or 0.0, place.latitude or 0.0] for place in points))


def _points(counts: Mapping[int, int]) -> list[Place]:
    """Give the places without an area that are talked about, those most of all first."""
    talked = Place.objects.filter(messages__gt=0, area__isnull=True, latitude__isnull=False, longitude__isnull=False)
    rows = talked.order_by("-messages", "pk").only("code", "names", "kind", "latitude", "longitude")[:MOST_POINTS]
    return [place for place in rows if counts.get(place.pk)]


def _plane(corners: Iterable[Sequence[float]]) -> tuple[_Plane, float]:
    longitudes, latitudes = zip(*corners, strict=True)
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    narrow = max(0.01, math.cos(math.radians((south + north) / 2)))
    across, along = max((east - west) * narrow, 1e-4), max(north - south, 1e-4)
    scale = min((WIDTH - 2 * _EDGE) / across, (_TALLEST - 2 * _EDGE) / along)
    return _Plane(west, north, scale, narrow), round(along * scale + 2 * _EDGE, 1)


def _is_inside(plane: _Plane, place: Place, height: float) -> bool:
    assert place.longitude is not None
    assert place.latitude is not None
    x, y = plane.at(place.longitude, place.latitude)
    return 0 <= x <= WIDTH and 0 <= y <= height


def _steps(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Part the counts above none in five of about as many areas: the least and the greatest count of each."""
    told = sorted(n for n in counts if n)
    cuts = [told[len(told) * at // STEPS : len(told) * (at + 1) // STEPS] for at in range(STEPS)]
    found: list[tuple[int, int]] = []
    for some in cuts:
        if some and found and some[0] <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], some[-1]))
        elif some:
            found.append((some[0], some[-1]))
    return found


def _area(place: Place, n: int, steps: Sequence[tuple[int, int]], sheet: _Sheet) -> Area:
    shape = sheet.shapes[place.pk]
    step = next((at for at, (first, last) in enumerate(steps, 1) if first <= n <= last), 0)
    return Area(place, n, step, shape.path, shape.x, shape.y, shape.room)


def _shape(place: Place, plane: _Plane) -> _Shape:
    rings = [[plane.at(*pair) for pair in ring] for ring in _outline(place)]
    xs, ys = zip(*(pair for ring in rings for pair in ring), strict=True)
    x, y = plane.at(place.longitude, place.latitude) if place.longitude and place.latitude else (xs[0], ys[0])
    return _Shape("".join(map(_path, rings)), x, y, min(max(xs) - min(xs), max(ys) - min(ys)))


def _outline(place: Place) -> Outline:
    return place.outline or []


def _path(ring: Sequence[tuple[float, float]]) -> str:
    """Draw a ring by steps from corner to corner, in whole units: half as long as where each stands."""
    x, y = (round(side) for side in ring[0])
    told = [f"M{x} {y}"]
    for corner in ring[1:]:
        to_x, to_y = (round(side) for side in corner)
        if (to_x, to_y) != (x, y):
            told.append(f"l{to_x - x} {to_y - y}")
        x, y = to_x, to_y
    return "".join(told) + "z"


def _clusters(places: Iterable[Place], counts: Mapping[int, int], plane: _Plane) -> list[Cluster]:
    """Gather places on a grid; each stands where its places do on average."""
    cells: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in places:
        x, y = plane.at(place.longitude or 0.0, place.latitude or 0.0)
        cells[int(x // _CELL), int(y // _CELL)].append(place)
    return [_cluster(cell, some, counts, plane) for cell, some in sorted(cells.items())]


def _cluster(cell: tuple[int, int], places: Sequence[Place], counts: Mapping[int, int], plane: _Plane) -> Cluster:
    spots = [plane.at(place.longitude or 0.0, place.latitude or 0.0) for place in places]
    x, y = (sum(side) / len(spots) for side in zip(*spots, strict=True))
    n = sum(counts[place.pk] for place in places)
    west, north = plane.degrees(cell[0] * _CELL, cell[1] * _CELL)
    east, south = plane.degrees((cell[0] + 1) * _CELL, (cell[1] + 1) * _CELL)
    return Cluster(
        places, n, round(x, 1), round(y, 1), min(_CELL / 2, 12 + 3 * math.log2(n)), Box(west, south, east, north)
    )

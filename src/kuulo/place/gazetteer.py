"""The places that a municipality knows, by id: what they are called, where they lie and what they belong to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

AREA_KINDS = ("district", "school-catchment", "kindergarten-catchment", "municipality")
FACILITY_KINDS = ("school", "kindergarten", "library", "health", "facility")
KINDS = (*AREA_KINDS, *FACILITY_KINDS, "street", "stop", "park", "water", "other")
# Deeper nesting is a mistake in the data.
_DEEPEST = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One place. ``names`` hold, by language ("" where it is not known), the official name first, then by-names.

    ``kind`` is one of KINDS; ``parent`` is an id; ``point`` is latitude and longitude in degrees (WGS 84), ``area`` a
    polygon or several in longitude and latitude. ``locative`` tells the cases that Finnish uses of it: "inner"
    (Kalliossa), "outer" (Malmilla) or "" where it is not known. ``ambiguous``: a person said that its name is also
    something else.
    """

    id: str
    names: Mapping[str, tuple[str, ...]]
    kind: str = "other"
    parent: str = ""
    point: tuple[float, float] | None = None
    area: "BaseGeometry | None" = None
    locative: str = ""
    ambiguous: bool = False
    address: str = ""

    def name(self, language: str = "") -> str:
        """Give the official name in a language, else in any."""
        chosen = self.names.get(language) or next(iter(self.names.values()), ())
        return chosen[0] if chosen else ""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by id. Two places may have one name; they are told apart where the name is found."""

    places: Mapping[str, Place]
    _children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list), repr=False)

    @classmethod
    def of(cls, places: Iterable[Place]) -> "Gazetteer":
        """Make a gazetteer; of several places with one id the last stands."""
        made = cls({place.id: place for place in places})
        for place in made.places.values():
            if place.parent:
                made._children[place.parent].append(place.id)
        return made

    def __getitem__(self, place_id: str) -> Place:
        return self.places[place_id]

    def __len__(self) -> int:
        return len(self.places)

    def children(self, place_id: str) -> tuple[str, ...]:
        """Give the ids of the places whose parent this is."""
        return tuple(self._children.get(place_id, ()))

    def ancestors(self, place_id: str) -> Iterator[str]:
        """Yield the ids of parent, grandparent and so on; a circle in the data ends the row."""
        seen = {place_id}
        for _ in range(_DEEPEST):
            place = self.places.get(place_id)
            if place is None or not place.parent or place.parent in seen or place.parent not in self.places:
                return
            place_id = place.parent
            seen.add(place_id)
            yield place_id

    def lies_in(self, place_id: str, other: str) -> bool:
        """Tell whether a place is another one, belongs to it, or lies in its area."""
        if place_id == other or other in self.ancestors(place_id):
            return True
        inner, outer = self.places.get(place_id), self.places.get(other)
        if inner is None or outer is None or outer.area is None:
            return False
        return _middle_inside(inner, outer.area)

    def same_names(self) -> dict[str, tuple[str, ...]]:
        """Give the names, in lower case, that several places have, with the ids of these."""
        by_name: dict[str, dict[str, None]] = defaultdict(dict)
        for place in self.places.values():
            for name in (one for names in place.names.values() for one in names):
                by_name[name.casefold()][place.id] = None
        return {name: tuple(ids) for name, ids in by_name.items() if len(ids) > 1}


def _middle_inside(inner: Place, area: "BaseGeometry") -> bool:
    from shapely.geometry import Point  # noqa: PLC0415 - loads numpy, which those without areas do without

    if inner.area is not None:
        return inner.area.area <= area.area and bool(area.covers(inner.area.representative_point()))
    return inner.point is not None and bool(area.covers(Point(inner.point[1], inner.point[0])))

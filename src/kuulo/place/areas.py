"""Find the areas that a point lies in."""

from collections.abc import Collection
from dataclasses import replace

from shapely import STRtree
from shapely.geometry import Point

from kuulo.place.gazetteer import Gazetteer, Place

# Two files may draw one area a little differently: what holds another is larger than that.
_LARGER = 1.01


class Areas:
    """The areas of a gazetteer, ready to be asked."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._ids = [place.id for place in gazetteer.places.values() if place.area is not None]
        shapes = [place.area for place in gazetteer.places.values() if place.area is not None]
        self._sizes = [shape.area for shape in shapes]
        self._tree = STRtree(shapes)

    def at(self, latitude: float, longitude: float, *, kinds: Collection[str] = ()) -> list[str]:
        """Give the ids of the areas that a point lies in, the smallest first; on a border all that meet there.

        ``kinds`` are the kinds of area to look at, all without any. Nothing lies in no area, off the earth neither.
        """
        if not self._ids or not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return []
        found = self._tree.query(Point(longitude, latitude), predicate="intersects")
        ordered = sorted((self._sizes[at], self._ids[at]) for at in found)
        return [one for _, one in ordered if not kinds or self._gazetteer[one].kind in kinds]

    def parent(self, place: Place) -> str:
        """Give the parent of a place: the one it names, else the smallest district or municipality around it."""
        if place.parent or place.point is None:
            return place.parent
        least = place.area.area * _LARGER if place.area is not None else 0.0
        around = self.at(*place.point, kinds=("district", "municipality"))
        return next((one for one in around if one != place.id and self._size(one) > least), "")

    def _size(self, place_id: str) -> float:
        area = self._gazetteer[place_id].area
        return area.area if area is not None else 0.0


def with_parents(gazetteer: Gazetteer) -> Gazetteer:
    """Give a gazetteer in which places without a parent have the one that their point lies in."""
    areas = Areas(gazetteer)
    return Gazetteer.of(replace(place, parent=areas.parent(place)) for place in gazetteer.places.values())

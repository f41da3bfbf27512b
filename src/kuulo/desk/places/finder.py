"""Finder: the places that stand, compiled for finding them in messages; made once and kept until others stand."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kuulo.desk.places.pure import pure
from kuulo.desk.places.standing import Mark, mark
from kuulo.hear import cells
from kuulo.models import Place as Row
from kuulo.models import Whereabouts
from kuulo.place.areas import Areas
from kuulo.place.gazetteer import AREA_KINDS, Gazetteer
from kuulo.place.index import Index
from kuulo.place.kinds import kind_of
from kuulo.place.names import Mention, Names
from kuulo.place.told import Found, places_of

By = Whereabouts.By
# what a source's own column says of the area; sure, but of where its writer is as often as of the matter
_BY_COLUMN = 0.8
_COLUMNS = {"area", "place", "location", "paikka", "sijainti", "plats", "ställe", "sted", "stad", "osa-alue"}
_ROWS_AT_A_TIME = 2_000


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message is about: the number of a place, and the rest as Whereabouts holds it."""

    place: int
    by: str
    sure: float
    start: int | None = None
    end: int | None = None
    why: Mapping[str, Any] = field(default_factory=dict, hash=False)


class Finder:
    """Finds the places of messages."""

    def __init__(self, stands: Mark, places: Gazetteer, numbers: Mapping[str, int]) -> None:
        from kuulo.group.describe import word_tables  # noqa: PLC0415 - numpy and more, which no page needs

        self.mark = stands
        self._places, self._numbers = places, numbers
        self._codes = {number: code for code, number in numbers.items()}
        languages = {language for place in places.places.values() for language in place.names if language}
        self._names = Names(Index(places, languages=sorted(languages)), tables=word_tables())
        self._areas = Areas(places)
        self._areas_called = _areas_called(places)

    def spots(
        self,
        text: str,
        *,
        language: str = "",
        coordinates: tuple[float, float] | None = None,
        background: Sequence[Sequence[str]] = (),
        home: int | None = None,
    ) -> list[Spot]:
        """Give where a message is about, each place once, by the way of knowing that counts first."""
        at_home = self._codes.get(home, "") if home else ""
        found = places_of(
            text, names=self._names, areas=self._areas, language=language, coordinates=coordinates, home=at_home
        )
        told = list(self._by_column(background))
        if told:
            found = [one for one in found if one.source != "home"]
        spots = [*map(self._spot, self._innermost(found)), *told]
        return list({spot.place: spot for spot in reversed(spots)}.values())[::-1]

    def _innermost(self, found: Sequence[Found]) -> Iterator[Found]:
        """Leave out the areas around another one that the coordinates lie in: they hold it anyway."""
        inside = [one.place for one in found if one.source == "coordinates"]
        around = {outer for place in inside for outer in self._places.ancestors(place)}
        return (one for one in found if one.source != "coordinates" or one.place not in around)

    def _spot(self, one: Found) -> Spot:
        among = {"among": [self._numbers[place] for place in one.among]} if one.among else {}
        if not one.mentions:
            return Spot(self._numbers[one.place], one.source, round(one.confidence, 3), why=among)
        best = max(one.mentions, key=lambda mention: (mention.confidence, -mention.start))
        why = {"reason": best.reason, "times": len(one.mentions), **_plain(best), **among}
        return Spot(self._numbers[one.place], By.TEXT, round(one.confidence, 3), best.start, best.end, why)

    def _by_column(self, background: Sequence[Sequence[str]]) -> Iterator[Spot]:
        """Give the area that a column of the background names, where its header says that it holds areas."""
        for header, value in background:
            place = self._areas_called.get(value.strip().casefold())
            if place and (cells.label(header) in _COLUMNS or kind_of(header) in AREA_KINDS):
                yield Spot(self._numbers[place], By.COLUMN, _BY_COLUMN, why={"column": header, "name": value.strip()})


def _plain(mention: Mention) -> dict[str, str]:
    return {name: str(fact) for name, fact in mention.facts.items() if name in {"name", "form", "cue", "case"}}


def _areas_called(places: Gazetteer) -> dict[str, str]:
    """Give the areas by their names in small letters; a name that several have is none's."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for place in places.places.values():
        if place.kind in AREA_KINDS:
            for name in (one for names in place.names.values() for one in names):
                found[name.casefold()].add(place.id)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1}


_lock = threading.Lock()
_kept: Finder | None = None


def finder() -> Finder:
    """Give the finder of the places that stand now. Making one of 200,000 places takes many seconds."""
    global _kept  # noqa: PLW0603
    stands = mark()
    with _lock:
        if _kept is None or _kept.mark != stands:
            _kept = _made(stands)
        return _kept


def _made(stands: Mark) -> Finder:
    rows = Row.objects.filter(gone=None).select_related("parent").order_by("pk")
    light = rows.defer("search", "outline", "figures").only(*_READ, "parent__code")
    places, numbers = [], {}
    for row in light.iterator(_ROWS_AT_A_TIME):
        places.append(pure(row, parent=row.parent.code if row.parent else ""))
        numbers[row.code] = row.pk
    return Finder(stands, Gazetteer.of(places), numbers)


_READ = ("code", "names", "kind", "parent", "latitude", "longitude", "area", "inner", "ambiguous")

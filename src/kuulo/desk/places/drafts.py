"""Drafts: the places of a file as rows, each with a code of its own and with the area that it lies in."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from shapely.geometry import mapping

from kuulo.desk.places.outlines import Outline, outlines
from kuulo.desk.places.pure import pure
from kuulo.models import Gazetteer, PlaceDraft
from kuulo.models import Place as Row
from kuulo.place.areas import Areas
from kuulo.place.gazetteer import Gazetteer as Places
from kuulo.place.gazetteer import Place
from kuulo.place.reading import Imported

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# what other places lie in; a catchment cuts across them
AROUND = ("district", "municipality")
_LONGEST_CODE = 200


def of_file(row: Gazetteer, imported: Imported) -> Iterator[PlaceDraft]:
    """Give the places of a file as drafts; one without parent lies in the smallest district around it."""
    codes = _codes(row, imported)
    drawn = _outlines(imported)
    around = _around(row, imported, codes)
    for place in imported.places:
        lies = replace(place, id=codes[place.id], parent=codes.get(place.parent, ""))
        yield PlaceDraft(
            gazetteer=row,
            code=codes[place.id],
            parent=around.parent(lies),
            kind=place.kind,
            names={language: list(names) for language, names in place.names.items()},
            search=searched(place),
            inner={"inner": True, "outer": False}.get(place.locative),
            ambiguous=place.ambiguous,
            latitude=place.point[0] if place.point else None,
            longitude=place.point[1] if place.point else None,
            area=mapping(place.area) if place.area is not None else None,
            outline=drawn.get(place.id),
        )


def _outlines(imported: Imported) -> dict[str, Outline]:
    """Draw the areas of each kind together: those share their borders."""
    by_kind: defaultdict[str, dict[str, BaseGeometry]] = defaultdict(dict)
    for place in imported.places:
        if place.area is not None:
            by_kind[place.kind][place.id] = place.area
    return {place: drawn for areas in by_kind.values() for place, drawn in outlines(areas).items()}


def searched(place: Place) -> str:
    """Give what a place is looked up by: its names in small letters, one a line."""
    names = dict.fromkeys(name.casefold() for names in place.names.values() for name in names)
    return "\n".join(["", *names, ""])


def _codes(row: Gazetteer, imported: Imported) -> Mapping[str, str]:
    """Give each place the code that it keeps in later files: what its file calls it, else its kind and name.

    The number of a row is no code: it changes as soon as a row is added above.
    """
    told = "id" in imported.roles
    wanted = {place.id: place.id if told or not place.id.isdecimal() else _named(place) for place in imported.places}
    others = Row.objects.exclude(gazetteer__name=row.name).values_list("code", flat=True)
    taken = set(others.iterator())
    codes: dict[str, str] = {}
    numbers: Counter[str] = Counter()
    for place_id, code in wanted.items():
        codes[place_id] = _free(code[: _LONGEST_CODE - 60], row, taken, numbers)
        taken.add(codes[place_id])
    return codes


def _named(place: Place) -> str:
    return f"{place.kind}: {place.name()}"


def _free(code: str, row: Gazetteer, taken: set[str], numbers: Counter[str]) -> str:
    """Give a code that is not taken, with the name of its file where another file has it.

    ``numbers`` are the last that were given: a file may call all its places the same.
    """
    if code not in taken:
        return code
    found = own = f"{code} ({row.name[-40:]})"
    while found in taken:
        numbers[code] += 1
        found = f"{own} {numbers[code] + 1}"
    return found


def _around(row: Gazetteer, imported: Imported, codes: Mapping[str, str]) -> Areas:
    mine = [replace(place, id=codes[place.id], parent="") for place in imported.places if _holds(place)]
    others = Row.objects.exclude(gazetteer__name=row.name).filter(kind__in=AROUND, area__isnull=False, gone=None)
    return Areas(Places.of([*map(pure, others), *mine]))


def _holds(place: Place) -> bool:
    return place.kind in AROUND and place.area is not None

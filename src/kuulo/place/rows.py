"""Make a place of one row of a file, whatever the file's format, and say what was wrong with it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kuulo.hear import cells
from kuulo.hear.refused import Fact
from kuulo.lang.composed import composed
from kuulo.place.columns import Roles
from kuulo.place.gazetteer import Place
from kuulo.place.geometry import Shape, shape_at, shape_of
from kuulo.place.kinds import kind_by_name, kind_of
from kuulo.place.spelling import proper

LONGEST_NAME, MOST_NAMES, _LONGEST_CELL = 120, 50, 2_000
_PARTED = re.compile(r"\s*[;|\n/]\s*|\s*,\s+")
_LETTER = re.compile(r"[^\W\d_]")
_UNWRITABLE = re.compile(r"[\0-\x1f\x7f\ud800-\udfff]+")
_INNER = frozenset({"inner", "sisä", "sisäpaikallissija", "inessiivi", "ssa", "ssä", "i", "s"})
_OUTER = frozenset({"outer", "ulko", "ulkopaikallissija", "adessiivi", "lla", "llä", "u", "l"})
_YES = frozenset({"1", "x", "yes", "true", "kyllä", "ja"})


class Row(NamedTuple):
    """A row as it stood: its number from 1, its cells or properties, and a GeoJSON geometry where it had one.

    ``broken``: the format promised a geometry that could not be decoded.
    """

    number: int
    values: Mapping[str, Any]
    geometry: object = None
    id: str = ""
    layer: str = ""
    broken: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Something about one row of a file: ``kept`` tells whether its place was taken all the same.

    Codes of those kept: "mended-area", "swapped", "broken-area", "not-degrees", "no-shape", "too-many-corners",
    "same-id", "no-such-parent", "unknown-kind", "names-left-out"; of those refused:
    "no-name", "name-too-long", "no-row".
    """

    row: int
    code: str
    kept: bool = True
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Made(NamedTuple):
    """A place made of a row, or None, and its faults."""

    place: Place | None
    faults: tuple[Fault, ...] = ()


def place_of(row: Row, roles: Roles, *, kind: str = "", language: str = "") -> Made:
    """Make a place of a row; ``kind`` and ``language`` are those where the row tells none."""
    values = {role: text(row.values.get(column)) for role, column in roles.items()}
    names, left_out = _names(values, language)
    if not names:
        return _refused(row, "no-name")
    if any(len(names[language][0]) > LONGEST_NAME for language in names):
        return _refused(row, "name-too-long", limit=LONGEST_NAME)
    faults = [Fault(row=row.number, code="names-left-out", facts={"names": left_out})] if left_out else []
    told = kind_of(values.get("kind", ""))
    if values.get("kind") and not told:
        faults.append(Fault(row=row.number, code="unknown-kind", facts={"kind": values["kind"][:80]}))
    shape = _shape(row, values)
    if shape.fault:
        faults.append(Fault(row=row.number, code=shape.fault))
    found = told or kind or kind_of(row.layer) or next(filter(None, (kind_by_name(n[0]) for n in names.values())), "")
    place = Place(
        id=values.get("id") or row.id or str(row.number),
        names=names,
        kind=found or "other",
        parent=values.get("parent", ""),
        point=shape.point,
        area=shape.area,
        locative=_locative(values.get("locative", "")),
        ambiguous=values.get("ambiguous", "").casefold() in _YES,
        address=values.get("address", ""),
    )
    return Made(place, tuple(faults))


def _refused(row: Row, code: str, **facts: Fact) -> Made:
    return Made(None, (Fault(row=row.number, code=code, kept=False, facts=facts),))


def text(value: object) -> str:
    """Give a value of a file as a text that can be stored, cut where it is too long; "" for a list or an object."""
    if isinstance(value, dict | list):
        return ""
    return composed(_UNWRITABLE.sub(" ", cells.written(value)[:_LONGEST_CELL])).strip()


def _names(values: Mapping[str, str], told: str) -> tuple[dict[str, tuple[str, ...]], int]:
    """Give names by language, by-names under "", and how many were left out as too many or no names."""
    names: dict[str, tuple[str, ...]] = {}
    for role, value in values.items():
        if role.startswith("name:") and _LETTER.search(value):
            language = role.removeprefix("name:") or told
            names.setdefault(language, (proper(value),))
    if len(names) > 1 and names.get("") and names[""][0] in {one[0] for key, one in names.items() if key}:
        del names[""]
    others = [proper(one) for one in _PARTED.split(values.get("aliases", "")) if one]
    good = [one for one in dict.fromkeys(others) if _LETTER.search(one) and len(one) <= LONGEST_NAME][:MOST_NAMES]
    if names and good:
        names[""] = (*names.get("", ()), *good)
    return names, len(dict.fromkeys(others)) - len(good)


def _locative(value: str) -> str:
    word = value.casefold().lstrip("-")
    return "inner" if word in _INNER else "outer" if word in _OUTER else ""


def _shape(row: Row, values: Mapping[str, str]) -> Shape:
    if row.broken:
        return Shape(fault="no-shape")
    if row.geometry is not None:
        return shape_of(row.geometry)
    latitude, longitude = _degrees(values.get("latitude", "")), _degrees(values.get("longitude", ""))
    if latitude is not None and longitude is not None:
        return shape_at(latitude, longitude)
    told = values.get("latitude") or values.get("longitude") or values.get("projected")
    return Shape(fault="not-degrees" if told else "")


def _degrees(cell: str) -> float | None:
    try:
        number = float(cell.replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def named_in(places: Sequence[Place]) -> dict[str, str]:
    """Give the id of each place by its names in lower case, of those names that one place alone has."""
    found: dict[str, str] = {}
    for place in places:
        for name in {one.casefold() for names in place.names.values() for one in names}:
            found[name] = "" if name in found else place.id
    return {name: place_id for name, place_id in found.items() if place_id}

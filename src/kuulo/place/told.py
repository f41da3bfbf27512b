"""Give the places of a message: those that its text names, those that its coordinates lie in, its source's home."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal

from kuulo.place.areas import Areas
from kuulo.place.names import Mention, Names

Source = Literal["text", "coordinates", "home"]
_BY_COORDINATES, _BY_HOME = 0.9, 0.3


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A place of a message and why: ``mentions`` are where its text names it (none by coordinates or home).

    ``confidence`` (0-1) tells how sure it is that the message speaks of this place; ``share`` (0-1) how much of it
    does: the shares of a text's places make one. ``among`` are other places that have the same name.
    """

    place: str
    source: Source
    confidence: float
    share: float
    mentions: tuple[Mention, ...] = ()
    among: tuple[str, ...] = ()


def places_of(
    text: str,
    *,
    names: Names,
    areas: Areas,
    language: str = "",
    coordinates: tuple[float, float] | None = None,
    home: str = "",
) -> list[Found]:
    """Give the places of a message, first those of its text, then those its coordinates lie in, the surest first.

    ``coordinates`` are latitude and longitude. The home area of the source stands only where there is nothing else.
    """
    found = list(_of_text(names.mentions(text, language=language, home=home)))
    if coordinates is not None:
        taken = {one.place for one in found}
        inside = [place for place in areas.at(*coordinates) if place not in taken]
        found += [_whole(place, "coordinates", _BY_COORDINATES, 1 / len(inside)) for place in inside]
    if not found and home:
        found.append(_whole(home, "home", _BY_HOME, 1.0))
    return found


def _whole(place: str, source: Source, confidence: float, share: float) -> Found:
    return Found(place=place, source=source, confidence=confidence, share=share)


def _of_text(mentions: list[Mention]) -> Iterator[Found]:
    by_place: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_place[mention.places].append(mention)
    weights = {places: sum(one.confidence for one in said) for places, said in by_place.items()}
    total = sum(weights.values())
    for places, said in sorted(by_place.items(), key=lambda item: (-weights[item[0]], item[1][0].start)):
        for place in places:
            yield Found(
                place=place,
                source="text",
                confidence=1 - prod(1 - one.confidence for one in said),
                share=weights[places] / total / len(places),
                mentions=tuple(said),
                among=tuple(other for other in places if other != place),
            )

"""Listing: the places of the desk, those that most is said about first; and what one place's page tells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Q, QuerySet

from kuulo.desk.days import monday
from kuulo.desk.inbox import Filters, Page, page
from kuulo.desk.inside import around, messages_at, outwards
from kuulo.desk.places.counts import of_theme
from kuulo.models import Delivery, Gazetteer, Message, Place, Source, Theme
from kuulo.place.gazetteer import AREA_KINDS, KINDS

PAGE, _PARTS, _ANSWERS = 100, 60, 10
_HEAVY = ("area", "outline", "figures", "search", "parent__area", "parent__outline", "parent__figures")


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read "west,south,east,north"; None for what is none."""
        told = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,9})?)" + r",(-?\d{1,3}(?:\.\d{1,9})?)" * 3, text, re.ASCII)
        return cls(*map(float, told.groups())) if told else None

    def __str__(self) -> str:
        return ",".join(f"{side:.6f}" for side in (self.west, self.south, self.east, self.north))

    def holds(self) -> Q:
        """Say which places lie in it."""
        sides = {"longitude__gte": self.west, "longitude__lt": self.east}
        return Q(**sides, latitude__gte=self.south, latitude__lt=self.north, area__isnull=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of places, and where the next begins ("" for nowhere)."""

    places: list[Place]
    after: str


def listed(*, words: str = "", kind: str = "", box: Box | None = None, after: str = "") -> Listed:
    """Give a page of the places that stand, those that most is said about first."""
    asked = Q(gone=None)
    asked &= Q(search__contains=words.casefold()) if words else Q()
    asked &= Q(kind=kind) if kind else Q()
    asked &= box.holds() if box else Q()
    if told := re.fullmatch(r"(\d{1,9})-(\d{1,18})", after, re.ASCII):
        messages, last = int(told[1]), int(told[2])
        asked &= Q(messages__lte=messages) & (Q(messages__lt=messages) | Q(pk__gt=last))
    found = list(light(Place.objects.filter(asked)).order_by("-messages", "pk")[: PAGE + 1])
    last_one = found[PAGE - 1] if len(found) > PAGE else None
    return Listed(found[:PAGE], f"{last_one.messages}-{last_one.pk}" if last_one else "")


def light(rows: "QuerySet[Place]") -> "QuerySet[Place]":
    """Read what lists show of places."""
    return rows.select_related("parent").defer(*_HEAVY)


def kinds() -> list[str]:
    """Give the kinds of place that the files hold, in a fixed order."""
    told = Gazetteer.objects.filter(state=Gazetteer.State.DONE, places__isnull=False).distinct()
    held = {kind for one in told.values_list("told", flat=True) for kind in one.get("kinds", {})}
    return [kind for kind in KINDS if kind in held]


def homes(source: Source | None) -> "QuerySet[Place]":
    """Give the areas that a source can be at home in, with the one where it is."""
    areas = Place.objects.filter(Q(kind__in=AREA_KINDS, gone=None) | Q(pk=source.home_id if source else None))
    return areas.only("code", "names", "kind").order_by("search", "pk")


def files(*, most: int = 20) -> list[Gazetteer]:
    """Give the files that were brought last."""
    return list(Gazetteer.objects.select_related("brought_by").order_by("-pk")[:most])


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is known of a place: the areas around it, the outermost first, and what lies in it.

    ``weeks`` count messages by their Monday; ``themes`` are those talked about here, with their messages here.
    """

    place: Place
    around: list[Place]
    parts: list[Place]
    more_parts: bool
    themes: list[tuple[Theme, int]]
    weeks: Mapping[date, int]
    latest: Page
    answers: list[Delivery]


def portrait(place: Place) -> Portrait:
    """Tell of a place."""
    parents = around([place.pk])
    outer = light(Place.objects.all()).in_bulk(outwards(place.pk, parents)[1:])
    parts = list(light(place.parts.filter(gone=None)).order_by("-messages", "pk")[: _PARTS + 1])
    return Portrait(
        place=place,
        around=[outer[pk] for pk in reversed(outwards(place.pk, parents)[1:]) if pk in outer],
        parts=parts[:_PARTS],
        more_parts=len(parts) > _PARTS,
        themes=_themes(place),
        weeks=_weeks(place),
        latest=page(Filters(place=place.pk), size=20),
        answers=_answers(place),
    )


def most_of_theme(theme: Theme, *, most: int = 10) -> list[tuple[Place, int]]:
    """Give the places that most of a theme's messages are about; the whole municipality is none of them."""
    counts = of_theme(theme)
    order = sorted(counts, key=lambda pk: (-counts[pk], pk))[: 2 * most]
    found = light(Place.objects.exclude(kind="municipality")).in_bulk(order)
    return [(found[pk], counts[pk]) for pk in order if pk in found][:most]


def _themes(place: Place) -> list[tuple[Theme, int]]:
    """Give the themes of a place; of those that were merged since the counting, none."""
    told = [(int(theme), int(n)) for theme, n in place.figures.get("themes", ())]
    live = Theme.objects.filter(state=Theme.State.LIVE).only("code", "names")
    found = live.in_bulk([theme for theme, _ in told])
    return [(found[theme], n) for theme, n in told if theme in found]


def _weeks(place: Place) -> dict[date, int]:
    weeks: dict[date, int] = {}
    for day, n in place.figures.get("days", {}).items():
        week = monday(date.fromisoformat(day))
        weeks[week] = weeks.get(week, 0) + n
    return weeks


def _answers(place: Place) -> list[Delivery]:
    """Give the latest replies to messages about a place."""
    sent = Delivery.objects.filter(state=Delivery.State.SENT, message__in=messages_at(place.pk))
    sent = sent.exclude(message__status=Message.Status.SAFETY)
    return list(sent.select_related("person", "message__source").order_by("-sent_at")[:_ANSWERS])

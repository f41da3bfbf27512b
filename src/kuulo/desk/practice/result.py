"""Result: how early a storm of a practice was seen, taken and answered, by the storm's own minutes and messages."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from kuulo.desk.practice.clock import Clock, the_clock
from kuulo.desk.practice.storm import the_storm, told_at
from kuulo.models import Storm

# What is looked for, in the order in which it should happen, and where a storm keeps it.
MOMENTS = {"seen": "seen", "taken": "taken_at", "mentor": "mentor_called_at", "answered": "answered_at"}


@dataclass(frozen=True, slots=True)
class Reached:
    """Something that was reached at a ``minute`` of the storm, when ``messages`` were told; None: not yet."""

    what: str
    at: datetime | None
    minute: int | None
    messages: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """Where a practice stands: ``minute`` of its ``minutes``, ``told`` messages ``of`` so many.

    ``curve`` are the minutes at which each message is told, those to come too.
    """

    clock: Clock
    minute: int
    minutes: int
    told: int
    of: int
    curve: Sequence[float]
    reached: Sequence[Reached]
    storms: Sequence[Storm]


def result_of() -> Result:
    """Tell how this practice goes, or went."""
    clock, curve, told = the_clock(), [line.minute for line in the_storm()], sorted(told_at().values())
    storms = Storm.objects.filter(seen__gte=clock.began) if clock.began else Storm.objects.none()
    first = storms.aggregate(**{what: Min(field) for what, field in MOMENTS.items()})
    return Result(
        clock=clock,
        minute=int(clock.minute(timezone.now())),
        minutes=int(curve[-1]) if curve else 0,
        told=len(told),
        of=len(curve),
        curve=curve,
        reached=[_reached(what, first[what], clock, told) for what in MOMENTS],
        storms=[*storms.filter(part_of=None).select_related("theme", "place").order_by("opened", "pk")[:20]],
    )


def _reached(what: str, at: datetime | None, clock: Clock, told: Sequence[datetime]) -> Reached:
    if at is None:
        return Reached(what, None, None, None)
    return Reached(what, at, round(clock.minute(at)), bisect_right(told, at))

"""Clock: how many minutes of the storm have passed. It is read out of the history: who let it go and who stopped it.

So it tells for any moment, also afterwards, at which minute of the storm that was.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.practice.marker import Marker, marker_of
from kuulo.models import Event, Message, Person

GO, PAUSED, ENDED = "practice-go", "practice-paused", "practice-ended"
# what the messages of a practice are called at their sources
ORIGIN = "practice-"


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which the clock went: ``speed`` minutes a minute. ``until`` is None where it still goes."""

    since: datetime
    until: datetime | None
    speed: int


@dataclass(frozen=True, slots=True)
class Clock:
    """When the clock went, and whether the practice is over."""

    spans: tuple[Span, ...] = ()
    ended: bool = False

    @property
    def began(self) -> datetime | None:
        """Give when it first went."""
        return self.spans[0].since if self.spans else None

    @property
    def goes(self) -> bool:
        """Tell whether it goes now."""
        return bool(self.spans) and self.spans[-1].until is None

    def minute(self, at: datetime) -> float:
        """Give the minute of the storm at a moment."""
        lasted = (span.speed * (min(span.until or at, at) - span.since).total_seconds() for span in self.spans)
        return sum(max(0.0, seconds) for seconds in lasted) / 60


def the_clock() -> Clock:
    """Read the clock out of the history."""
    spans: list[Span] = []
    told = Event.objects.filter(at__gte=the_marker().began, kind__in=[GO, PAUSED, ENDED]).order_by("pk")
    for kind, at, facts in told.values_list("kind", "at", "facts"):
        goes = bool(spans) and spans[-1].until is None
        if kind == GO and not goes:
            spans.append(Span(at, None, facts["speed"]))
        elif kind != GO and goes:
            stopped = datetime.fromisoformat(facts["at"]) if "at" in facts else at
            spans[-1] = Span(spans[-1].since, stopped, spans[-1].speed)
        if kind == ENDED:
            return Clock(tuple(spans), ended=True)
    return Clock(tuple(spans))


def the_marker() -> Marker:
    """Read what the training copy says of itself. Raises ValueError where it is none."""
    marker = marker_of(settings.DATA_DIR)
    if marker is None:
        raise ValueError(settings.DATA_DIR)
    return marker


def go(by: Person) -> None:
    """Let the clock go, or go on; where it goes or is over, nothing changes."""
    clock = the_clock()
    if not clock.goes and not clock.ended:
        record(GO, person=by, speed=the_marker().speed)


def pause(by: Person | None) -> None:
    """Stop the clock for a while."""
    if the_clock().goes:
        record(PAUSED, person=by)


def end(by: Person) -> None:
    """End the practice: nothing more is told, and what was reached stands."""
    if not the_clock().ended:
        record(ENDED, person=by)


def settle() -> None:
    """Stop a clock that still goes because the desk was killed: at the last that was told, or not at all begun."""
    clock = the_clock()
    if clock.goes:
        since = clock.spans[-1].since
        told = Message.objects.filter(arrived__gte=since, origin_id__startswith=ORIGIN).order_by("-arrived")
        last = told.values_list("arrived", flat=True).first()
        record(PAUSED, at=min(last or since, timezone.now()).isoformat())

"""Concern: messages that may be about something grave, each for a person to look at at once, however few say it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.group.grave import Grave
from kuulo.models import Concern, Message, Person

# Counted so far in the menu.
COUNTED_TO = 99
_EVENTS = {Concern.Said.REAL: "concern-real", Concern.Said.NOTHING: "concern-nothing", "": "concern-open"}


def note(told: Mapping[int, Grave | None], arrived: Mapping[int, datetime]) -> None:
    """Write what messages, by number, may be about, and when they arrived. Call it within a transaction.

    What a person said of a message stands as long as it tells the same.
    """
    known = {one.message_id: one for one in Concern.objects.filter(message__in=[*told])}
    new = [_row(pk, found, arrived[pk]) for pk, found in told.items() if found]
    same = {one.message_id for one in new if _alike(known.get(one.message_id), one)}
    Concern.objects.filter(message__in={*known} - same).delete()
    Concern.objects.bulk_create([one for one in new if one.message_id not in same])


def _row(message: int, found: Grave, arrived: datetime) -> Concern:
    why = [[one.kind, start, end] for one in found.told for start, end in one.spans]
    kinds = [one.kind for one in found.told]
    return Concern(message_id=message, kinds=kinds, why=why, likely=found.likely, arrived=arrived)


def _alike(before: Concern | None, now: Concern) -> bool:
    return before is not None and (before.kinds, before.why, before.likely) == (now.kinds, now.why, now.likely)


def listed(said: str) -> QuerySet[Concern]:
    """Give the concerns of which this was said ("" for nothing yet): the likely ones first, the latest first."""
    shown = Concern.objects.filter(said=said).exclude(message__status=Message.Status.SAFETY)
    return (
        shown.select_related("message__source", "said_by")
        .defer("message__vector", "message__search_text")
        .order_by("-likely", "-arrived", "-message")
    )


def waiting(kind: str = "") -> int:
    """Count the messages that nobody has looked at, of one kind or all, up to one more than COUNTED_TO."""
    return open_concerns(kind).order_by()[: COUNTED_TO + 1].count()


def likely_waiting() -> int:
    """Count those of them that are likely to be grave: what somebody is called for."""
    return open_concerns().filter(likely=True).order_by()[: COUNTED_TO + 1].count()


def open_concerns(kind: str = "") -> QuerySet[Concern]:
    """Give the concerns that nobody has looked at, of one of kuulo.lang.grave.KINDS or all."""
    found = Concern.objects.filter(said="")
    # a list of codes is looked through as the text that it is written as, on either engine
    return found.alias(told=Cast("kinds", TextField())).filter(told__contains=f'"{kind}"') if kind else found


@transaction.atomic
def say(by: Person, message: int, said: str) -> None:
    """Say what it is: REAL, NOTHING, or "" to take back what was said. Raises Concern.DoesNotExist, ValueError."""
    if said not in _EVENTS:
        raise ValueError(said)
    one = Concern.objects.select_for_update().get(message=message)
    if one.said != said:
        one.said, one.said_by, one.said_at = said, by if said else None, timezone.now() if said else None
        one.save(update_fields=["said", "said_by", "said_at"])
        record(_EVENTS[said], person=by, message=message)

"""Again: look messages through anew, after other places stand or something else that tells of places changed."""

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from kuulo.desk.places.whereabouts import STANDING, keep, look
from kuulo.models import Gazetteer, Message


def _due() -> QuerySet[Gazetteer]:
    return Gazetteer.objects.filter(looked_to__isnull=False)


def is_due() -> bool:
    """Tell whether messages wait to be looked through."""
    return _due().exists()


def look_through(*, limit: int) -> int:
    """Look through the next messages; give how many, 0 where none waits.

    How far it came stands in the same transaction as what was found, so a stop loses and doubles nothing. A message
    that is settled meanwhile is looked at with the places of that moment.
    """
    row = _due().first()
    if row is None or row.looked_to is None:
        return 0
    mine = Gazetteer.objects.filter(pk=row.pk, looked_to=row.looked_to)
    due = Message.objects.filter(pk__gt=row.looked_to, status__in=STANDING, gone=None).order_by("pk")
    ids = list(due.values_list("pk", flat=True)[:limit])
    looked = look(ids)
    with transaction.atomic():
        if not mine.select_for_update().exists():
            return len(ids)  # somebody asked to begin anew
        held = due.filter(pk__in=ids).select_for_update()
        keep(looked, dict(held.values_list("pk", "arrived")))
        mine.update(looked_to=ids[-1] if ids else None)
    return len(ids)


def ask(*, since: int) -> None:
    """Ask to look anew through the messages from the number ``since`` on; nothing is done where no places stand."""
    waiting = _due().first() or Gazetteer.objects.filter(state=Gazetteer.State.DONE).order_by("-finished_at").first()
    if waiting:
        before = max(since - 1, 0)
        mine = Gazetteer.objects.filter(pk=waiting.pk)
        mine.filter(Q(looked_to=None) | Q(looked_to__gt=before)).update(looked_to=before)


def progress() -> float | None:
    """Give how far the looking is (0-1), None where nothing is looked through."""
    row = _due().first()
    if row is None:
        return None
    last = Message.objects.aggregate(last=Max("pk"))["last"] or 1
    return min(1.0, (row.looked_to or 0) / last)

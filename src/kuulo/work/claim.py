"""Claims: a row is worked by one worker at a time, and goes back to the queue when that worker is gone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.models import Alert, Connection, Delivery, Gazetteer, Intake, Regroup, Worker

Row = Intake | Regroup | Connection | Gazetteer
AnyRow = TypeVar("AnyRow", Intake, Regroup, Connection, Gazetteer)
# A worker shows itself every few seconds; one that did not for this long is gone.
GONE_AFTER = timedelta(seconds=30)
# A row is given up after so many claims in which nothing got done; a chore that raised weighs as much as five.
MOST_TRIES, WEIGHT_OF_FAILURE = 25, 5
_SEEN_AT_ONCE = 5
_MOST_IN_A_MAIL = 20


class Claims:
    """What one worker, known by its name, has in hand. Safe to use from several threads."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self._held: dict[tuple[type[Row], int], threading.Event] = {}

    def take(self, queue: QuerySet[AnyRow]) -> AnyRow | None:
        """Make the first QUEUED row of this queue RUNNING, for this worker; None where none waits."""
        waiting = queue.filter(state="queued")
        if not waiting.exists():  # looking takes no lock
            return None
        with transaction.atomic():
            row = waiting.select_for_update(skip_locked=True).first()
            if row is None or _given_up(row):
                return None
            row.state, row.claimed_by, row.beat = "running", self.worker, timezone.now()
            if not isinstance(row, Connection):
                row.started_at = row.started_at or row.beat
            row.save()
        self._held[type(row), row.pk] = threading.Event()
        return row

    @contextmanager
    def holding(self, row: Row) -> Iterator[Callable[[], bool]]:
        """Work a row that was taken: gives a function that tells whether it was cancelled or lost meanwhile.

        A row that was not worked to its end goes back to the queue.
        """
        failed = True
        try:
            yield self._held[type(row), row.pk].is_set
            failed = False
        finally:
            del self._held[type(row), row.pk]
            self._let_go(row, failed=failed)

    def _let_go(self, row: Row, *, failed: bool) -> None:
        with transaction.atomic():
            mine = self._mine(row)
            for waiting in mine.select_for_update():
                waiting.tries = waiting.tries + WEIGHT_OF_FAILURE - 1 if failed else waiting.tries - 1
                waiting.state, waiting.claimed_by = "queued", ""
                waiting.save(update_fields=["tries", "state", "claimed_by"])

    def beat(self) -> None:
        """Show that this worker lives and has its rows in hand; learn which of them it lost."""
        now = timezone.now()
        Worker.objects.update_or_create(name=self.worker, defaults={"beat": now})
        for (model, pk), lost in list(self._held.items()):
            if not _rows(model).filter(pk=pk, state="running", claimed_by=self.worker).update(beat=now):
                lost.set()

    def leave(self) -> None:
        """Take this worker off the list."""
        Worker.objects.filter(name=self.worker).delete()

    def take_to_send(self, queue: QuerySet[Delivery]) -> Delivery | None:
        """Make the first QUEUED reply RUNNING, for this worker. It never goes back to the queue by itself."""
        waiting = queue.filter(state=Delivery.State.QUEUED)
        if not waiting.exists():
            return None
        with transaction.atomic():
            row = waiting.select_for_update(skip_locked=True).first()
            if row is not None:
                row.state, row.claimed_by, row.beat = Delivery.State.RUNNING, self.worker, timezone.now()
                row.started_at = row.started_at or row.beat
                row.save(update_fields=["state", "claimed_by", "beat", "started_at"])
        return row

    def take_alerts(self) -> list[Alert]:
        """Make the QUEUED alert that is due for longest RUNNING, for this worker; none where none is due.

        Those of other storms that are due to the same person come with it: they are told in one mail.
        """
        waiting = Alert.objects.filter(state=Alert.State.QUEUED, due__lte=timezone.now()).order_by("due", "pk")
        for first in waiting[:_SEEN_AT_ONCE]:
            one_mail = Q(person=first.person_id, storm__isnull=False) if first.person_id and first.storm_id else Q()
            if taken := self._take_together(waiting.filter(Q(pk=first.pk) | one_mail)):
                return taken
        return []

    def _take_together(self, waiting: QuerySet[Alert]) -> list[Alert]:
        """Take all of these alerts that still wait; of several hands that see them one does."""
        with transaction.atomic():
            taken = list(waiting.select_for_update().values_list("pk", flat=True)[:_MOST_IN_A_MAIL])
            told = {"state": Alert.State.RUNNING, "claimed_by": self.worker, "beat": timezone.now()}
            Alert.objects.filter(pk__in=taken).update(**told, tries=F("tries") + 1)
        related = ("storm__theme", "storm__place", "duty", "person")
        return list(Alert.objects.select_related(*related).filter(pk__in=taken).order_by("pk"))

    def _mine(self, row: Row) -> "QuerySet[Row]":
        return _rows(type(row)).filter(pk=row.pk, state="running", claimed_by=self.worker)


def put_back_abandoned() -> int:
    """Queue again what workers have in hand that are gone; give how many rows that were."""
    Worker.objects.filter(beat__lt=timezone.now() - GONE_AFTER).delete()
    living = Worker.objects.values("name")
    # an alert may come twice, by the same key, rather than not at all; a reply may not
    queues = (*(_rows(model) for model in (Intake, Regroup, Connection, Gazetteer)), Alert.objects.all())
    return sum(
        # what nobody claimed is no claim: the first grouping is a row that placing keeps for itself
        queue.filter(state="running")
        .exclude(claimed_by="")
        .exclude(claimed_by__in=living)
        .update(state="queued", claimed_by="")
        for queue in queues
    )


def forget_workers() -> None:
    """Take every worker off the list. Only for one that knows that no other can be there."""
    Worker.objects.all().delete()


def _given_up(row: Row) -> bool:
    """Count one more claim; after too many without progress give the row its last state, for people to see.

    A connection is never given up: its own waits grow, and its page tells what is wrong.
    """
    if isinstance(row, Connection):
        row.tries = 1
        return False
    if isinstance(row, Intake):
        row.tries, row.rows_tried = (0 if row.rows_done > row.rows_tried else row.tries), row.rows_done
    row.tries += 1
    if row.tries <= MOST_TRIES:
        return False
    row.finished_at = timezone.now()
    if isinstance(row, Intake):
        row.state, row.refusal = Intake.State.REFUSED, {"code": "gave-up"}
        record("intake-refused", intake=row, code="gave-up")
    elif isinstance(row, Gazetteer):
        row.state, row.refusal = Gazetteer.State.REFUSED, {"code": "gave-up"}
        record("places-refused", gazetteer=row.pk, code="gave-up")
    else:
        row.state = Regroup.State.FAILED
        record("regroup-failed", regroup=row.pk)
    row.save()
    return True


def _rows(model: type[Row]) -> "QuerySet[Row]":
    return model._default_manager.all()

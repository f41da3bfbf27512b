"""Ledger of an intake: where each row of the file went, with a sum that shows whether any is missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from kuulo.models import Intake, Message

Status = Message.Status
# Below this nobody can tell how long the rest will take.
_SURE_AFTER = timedelta(seconds=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class IntakeLedger:
    """What became of the ``read`` messages of a file. ``copies`` are counted among the others."""

    read: int
    added: int
    known: int
    rejected: int
    grouped: int
    uncertain: int
    waiting: int
    empty: int
    unreadable: int
    copies: int

    @property
    def adds_up(self) -> bool:
        """Tell whether every message that was read is somewhere, once."""
        stand = self.grouped + self.uncertain + self.waiting + self.empty + self.unreadable
        return self.read == self.added + self.known + self.rejected and self.added == stand


def more_to_come() -> bool:
    """Tell whether a file is on its way in."""
    return Intake.objects.filter(state__in=[Intake.State.QUEUED, Intake.State.RUNNING]).exists()


def draw_up(intake: Intake) -> IntakeLedger:
    """Draw up the ledger of an intake as it stands."""
    messages = Message.objects.filter(intake=intake)
    by_status = dict(messages.order_by().values_list("status").annotate(n=Count("pk")))
    return IntakeLedger(
        read=intake.rows_done,
        added=intake.added,
        known=intake.known,
        rejected=intake.rejected,
        grouped=by_status.get(Status.GROUPED, 0),
        uncertain=by_status.get(Status.UNCERTAIN, 0),
        waiting=by_status.get(Status.NEW, 0),
        empty=by_status.get(Status.EMPTY, 0),
        unreadable=by_status.get(Status.UNREADABLE, 0),
        copies=messages.filter(copy_of__isnull=False).count(),
    )


def time_left(intake: Intake, *, now: datetime) -> timedelta | None:
    """Give how long the rest of an intake will take at the pace so far; None where that cannot be told yet."""
    if not intake.rows_total or not intake.rows_done or intake.started_at is None:
        return None
    spent = now - intake.started_at
    if spent < _SURE_AFTER:
        return None
    return spent * ((intake.rows_total - intake.rows_done) / intake.rows_done)

"""Safety: a threat against somebody at work, or harassment, is taken out of all open lists and kept as evidence.

Any official sends a message here; supervisors and administrators see it, and close the case. While a case is open
nothing of the message is forgotten, whatever its source keeps; afterwards it is kept like any other.
"""

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.not_now import NotNow
from kuulo.desk.withdraw import take_out
from kuulo.desk.words import search_text
from kuulo.models import Concern, Message, Person, SafetyCase

REASONS = ("threat", "harassment", "other")
LONGEST_NOTE = 2_000
Status = Message.Status


@transaction.atomic
def send(by: Person, pk: int, *, reason: str, note: str) -> SafetyCase:
    """Send a message the path of safety. Raises NotNow where it is there or gone, ValueError for another reason."""
    if reason not in REASONS:
        raise ValueError(reason)
    message = _held(pk)
    if message.status in (Status.SAFETY, Status.GONE) or message.gone:
        raise NotNow("not-in")
    take_out([pk])
    told = {"reason": reason, "note": note[:LONGEST_NOTE], "status_before": message.status, "opened_by": by}
    told |= {"opened_at": timezone.now(), "closed_by": None, "closed_at": None}
    case, _ = SafetyCase.objects.update_or_create(message=message, defaults=told)
    # nothing of it is found by words or by meaning
    message.status, message.copy_of, message.vector, message.search_text = Status.SAFETY, None, None, ""
    message.save(update_fields=["status", "copy_of", "vector", "search_text"])
    Concern.objects.filter(message=message).delete()
    record("safety-opened", person=by, message=message, reason=reason)
    return case


@transaction.atomic
def close(by: Person, case: int, *, put_back: bool) -> None:
    """Close a case; ``put_back`` lets the message wait to be placed anew, else it stays out of sight.

    Raises NotNow where it is closed, SafetyCase.DoesNotExist.
    """
    one = SafetyCase.objects.select_for_update().get(pk=case)
    if one.closed_at:
        raise NotNow("case-closed")
    one.closed_by, one.closed_at = by, timezone.now()
    one.save(update_fields=["closed_by", "closed_at"])
    if put_back:
        _put_back(_held(one.message_id), before=one.status_before)
    record("safety-put-back" if put_back else "safety-closed", person=by, message=one.message_id)


def _put_back(message: Message, *, before: str) -> None:
    waits = {Status.GROUPED, Status.UNCERTAIN}
    message.status = Status.NEW if before in waits else Status(before)
    message.search_text = search_text(message.text, message.language)
    message.save(update_fields=["status", "search_text"])


def cases() -> QuerySet[SafetyCase]:
    """Give all cases, the open ones first, then the latest."""
    whole = SafetyCase.objects.select_related("message__source", "message__author", "opened_by", "closed_by")
    counted = whole.annotate(by_author=Count("message__author__messages"))
    light = counted.defer("message__vector", "message__search_text")
    return light.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")


def kept_as_evidence() -> QuerySet[SafetyCase]:
    """Give the numbers of the messages of open cases."""
    return SafetyCase.objects.filter(closed_at=None).values("message")  # type: ignore[return-value]


def _held(pk: int) -> Message:
    return Message.objects.select_for_update().defer("vector").get(pk=pk)

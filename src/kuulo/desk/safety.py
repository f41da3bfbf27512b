"""Safety: a threat against somebody at work, or harassment, is taken out of all open lists and kept as evidence.

Any official sends a message here; supervisors and administrators see it, and close the case. While a case is open
nothing of the message is forgotten, whatever its source keeps; afterwards it is kept like any other. Its copies say
the same, and go along and come back with it: each has a case of its own, and is a copy of the one that was sent.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.not_now import NotNow
from kuulo.desk.withdraw import cancel_replies, take_out
from kuulo.desk.words import search_texts
from kuulo.models import Concern, Message, Person, SafetyCase

REASONS = ("threat", "harassment", "other")
LONGEST_NOTE = 2_000
# so many of the copies that went along are told one by one
ALONG = 20
Status = Message.Status


@transaction.atomic
def send(by: Person, pk: int, *, reason: str, note: str) -> SafetyCase:
    """Send a message the path of safety, with its copies; no reply that waits is sent to any of them.

    Raises NotNow where it is there or gone, ValueError for another reason.
    """
    if reason not in REASONS:
        raise ValueError(reason)
    message = _held(Message.objects.filter(pk=pk)).get()
    if message.status in (Status.SAFETY, Status.GONE) or message.gone:
        raise NotNow("not-in")
    head = message.copy_of_id or pk
    copies = _held(Message.objects.filter(Q(pk=head) | Q(copy_of=head), gone=None)).exclude(pk=pk)
    family = [message, *copies.exclude(status__in=(Status.SAFETY, Status.GONE))]
    _open(by, family, reason=reason, note=note[:LONGEST_NOTE])
    record("safety-opened", person=by, message=message, reason=reason)
    _hide(family)
    return SafetyCase.objects.get(message=message)


def _open(by: Person, family: Sequence[Message], *, reason: str, note: str) -> None:
    """Open a case for each message of a family; the note stands with the first."""
    told = {"reason": reason, "opened_by": by, "opened_at": timezone.now()}
    cases = [SafetyCase(message=one, status_before=one.status, **told) for one in family]
    cases[0].note = note
    fields = ("note", "status_before", *told, "closed_by", "closed_at")
    SafetyCase.objects.bulk_create(cases, update_conflicts=True, unique_fields=["message"], update_fields=fields)


def _hide(family: Sequence[Message]) -> None:
    """Take a family out of all lists: nothing of it is found by words or by meaning, and nothing is sent to it."""
    first, *copies = ids = [one.pk for one in family]
    take_out(ids)
    Message.objects.filter(pk__in=ids).update(status=Status.SAFETY, copy_of=None, vector=None, search_text="")
    Message.objects.filter(pk__in=copies).update(copy_of=first)
    Concern.objects.filter(message__in=ids).delete()
    cancel_replies(ids)


@transaction.atomic
def close(by: Person, case: int, *, put_back: bool) -> None:
    """Close a case; ``put_back`` lets the message and its copies wait to be placed anew, else they stay out of sight.

    Raises NotNow where it is closed, SafetyCase.DoesNotExist.
    """
    one = SafetyCase.objects.select_for_update().get(pk=case)
    if one.closed_at:
        raise NotNow("case-closed")
    ours = Q(pk=one.message_id) | Q(copy_of=one.message_id)
    family = [*_held(Message.objects.filter(ours, status=Status.SAFETY))]
    ids = [message.pk for message in family]
    closed = SafetyCase.objects.filter(Q(pk=case) | Q(message__in=ids))
    closed.update(closed_by=by, closed_at=timezone.now())
    if put_back:
        _put_back(family)
        # that they were here is told by the case of the one that was sent
        SafetyCase.objects.filter(message__in=ids).exclude(pk=case).delete()
    record("safety-put-back" if put_back else "safety-closed", person=by, message=one.message_id)


def _put_back(family: Sequence[Message]) -> None:
    before = dict(SafetyCase.objects.filter(message__in=[*family]).values_list("message", "status_before"))
    searched = search_texts([one.text for one in family], [one.language for one in family])
    for one, words in zip(family, searched, strict=True):
        waits = before[one.pk] in {Status.GROUPED, Status.UNCERTAIN}
        one.status, one.copy_of, one.search_text = Status.NEW if waits else Status(before[one.pk]), None, words
    Message.objects.bulk_update(family, ["status", "copy_of", "search_text"], batch_size=200)


def cases() -> QuerySet[SafetyCase]:
    """Give the cases of messages that were sent here, the open ones first, then the latest.

    ``copies`` is how many went along, ``message.along`` the first of them.
    """
    along = Message.objects.filter(status=Status.SAFETY).select_related("source", "author")
    counted = along.filter(copy_of=OuterRef("message")).order_by().values("copy_of").annotate(n=Count("pk"))
    first = along.defer("vector", "search_text", "text").order_by("arrived", "pk")[:ALONG]
    whole = SafetyCase.objects.exclude(message__status=Status.SAFETY, message__copy_of__isnull=False)
    whole = whole.select_related("message__source", "message__author", "opened_by", "closed_by")
    whole = whole.annotate(by_author=Count("message__author__messages"), copies=Subquery(counted.values("n")))
    light = whole.defer("message__vector", "message__search_text")
    light = light.prefetch_related(Prefetch("message__copies", first, to_attr="along"))
    return light.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")


def kept_as_evidence() -> QuerySet[SafetyCase]:
    """Give the numbers of the messages of open cases."""
    return SafetyCase.objects.filter(closed_at=None).values("message")  # type: ignore[return-value]


def _held(found: QuerySet[Message]) -> QuerySet[Message]:
    return found.select_for_update().defer("vector", "search_text").order_by("pk")

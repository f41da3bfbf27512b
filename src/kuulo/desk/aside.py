"""Aside: what is not about the municipality's tasks is set aside where a source is judged; it is never dropped.

A message that waits or is set aside is judged anew whenever its source's limit, names or holder change; what stands
in themes already stays there. What a person decided stands, whatever the limit.
"""

from django.db import transaction

from kuulo.desk.history import record
from kuulo.desk.not_now import NotNow
from kuulo.desk.seal import unseal
from kuulo.desk.withdraw import take_out
from kuulo.lang.relevance import Names, names, relevance
from kuulo.models import Message, Person, Placement, Source

# Limits in words: what is less about the municipality's tasks than this is set aside.
LIMITS = {"low": 0.15, "medium": 0.3, "high": 0.5}
# Counted so far, as the inbox counts.
COUNTED_TO = 1_000
_AT_ONCE = 500
Status = Message.Status
_JUDGED = (Status.NEW, Status.ASIDE)
_TAKEN_FROM = (Status.NEW, Status.GROUPED, Status.UNCERTAIN)
# The first reason where a person decided.
_DECIDED = {"person-in": Status.NEW, "person-aside": Status.ASIDE}


def judge(message: Message, source: Source, said: str) -> None:
    """Judge a message that waits or is set aside, without saving it: how relevant it is, why, and its status.

    ``said`` is its text word for word, where it is still known: names of accounts are masked in the one for work.
    """
    if message.status not in _JUDGED:
        return
    if decided := _decided(message):
        message.status = decided
    elif source.relevance_limit is None:
        message.relevance, message.relevance_why, message.status = None, [], Status.NEW
    else:
        message.relevance, message.relevance_why = _told(message, source, said)
        message.status = Status.NEW if message.relevance >= source.relevance_limit else Status.ASIDE


def _told(message: Message, source: Source, said: str) -> tuple[float, list[list[str]]]:
    """Tell how relevant a message is (0-1) and why; what was said to the municipality itself always is."""
    if message.addressee:
        return 1.0, [["addressed", message.addressee]]
    if message.private or source.run_by == Source.RunBy.ADMINISTRATION:
        return 1.0, [["own-channel", ""]]
    known = known_names(source)
    if account := known.account_in(said):
        return 1.0, [["account", account]]
    judged = relevance(f"{message.title}\n{message.text}", message.language, known)
    return judged.score, [list(pair) for pair in judged.why]


def known_names(source: Source) -> Names:
    """Give what a source's own names are, ready to be looked for."""
    return names(line.strip() for line in source.own_names.splitlines() if line.strip())


def _decided(message: Message) -> Status | None:
    """Give what a person decided; None where nobody did."""
    return _DECIDED.get(message.relevance_why[0][0]) if message.relevance_why else None


def judge_anew(by: Person, source: Source) -> tuple[int, int]:
    """Judge what waits and what is set aside of a source; give how many were set aside and how many taken in.

    It goes on in short steps; broken off, it is whole again when it is called again.
    """
    aside = taken = 0
    waiting = list(Message.objects.filter(source=source, status__in=_JUDGED).order_by().values_list("pk", flat=True))
    for first in range(0, len(waiting), _AT_ONCE):
        with transaction.atomic():
            rows = (
                Message.objects.select_for_update(of=("self",))
                .filter(status__in=_JUDGED)
                .select_related("raw")
                .defer("vector", "search_text")
            )
            for message in rows.filter(pk__in=waiting[first : first + _AT_ONCE]):
                before = message.status
                judge(message, source, _said(message))
                message.save(update_fields=["relevance", "relevance_why", "status"])
                aside += (before, message.status) == (Status.NEW, Status.ASIDE)
                taken += (before, message.status) == (Status.ASIDE, Status.NEW)
    if aside or taken:
        record("source-judged", person=by, source=source.pk, aside=aside, taken=taken)
    return aside, taken


def _said(message: Message) -> str:
    raw = getattr(message, "raw", None)
    return (unseal(raw.sealed, "text") if raw else None) or message.text


def aside_count(source: Source) -> int:
    """Count what is set aside of a source, up to one more than COUNTED_TO."""
    return Message.objects.filter(source=source, status=Status.ASIDE).order_by()[: COUNTED_TO + 1].count()


@transaction.atomic
def take_in(by: Person, pk: int) -> None:
    """Take in a message that was set aside, for good: it waits to be placed. Raises NotNow."""
    message = _held(pk)
    if message.status != Status.ASIDE:
        raise NotNow("not-aside")
    _decide(by, message, Status.NEW, event="message-taken-in")


@transaction.atomic
def set_aside(by: Person, pk: int) -> None:
    """Set a message aside, out of all themes, for good. Raises NotNow, also where a person placed it."""
    message = _held(pk)
    if message.status not in _TAKEN_FROM:
        raise NotNow("not-in")
    placed = message.placements.filter(by=Placement.By.PERSON)
    if placed.exists() or message.corrections.filter(undone_at=None).exists():
        raise NotNow("placed-by-person")
    take_out([pk])
    message.copy_of = None
    _decide(by, message, Status.ASIDE, event="message-aside")


def _held(pk: int) -> Message:
    return Message.objects.select_for_update().defer("vector", "search_text").get(pk=pk)


def _decide(by: Person, message: Message, status: Status, *, event: str) -> None:
    """Keep a person's decision before the reasons that were told."""
    told = message.relevance_why[1:] if _decided(message) else message.relevance_why
    code = next(code for code, decided in _DECIDED.items() if decided == status)
    message.status, message.reason, message.relevance_why = status, "", [[code, ""], *told]
    message.save(update_fields=["status", "reason", "relevance_why", "copy_of"])
    record(event, person=by, message=message)

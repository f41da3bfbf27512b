"""Answered: whether the municipality has taken part in a storm, and what it said on the matter before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kuulo.desk.storm.said import ends, in_storm
from kuulo.models import Delivery, Message, Placement, Storm
from kuulo.models.storm import Scope

_SHOWN = 3
_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that the municipality said; ``message`` is what it answered, or what an official wrote."""

    at: datetime
    message: int
    text: str
    language: str


def answered_at(storm: Storm) -> datetime | None:
    """Give when the municipality first took part: what a person noted, else what Kuulo sees; None: not yet.

    Seen are a message whose source says that its writer is official, and a reply that was sent from here.
    """
    if storm.answered_at:
        return storm.answered_at
    said = in_storm(storm).filter(actor="official").order_by("arrived").values_list("arrived", flat=True).first()
    sent = _sent(storm).order_by("sent_at").values_list("sent_at", flat=True).first()
    return min((one for one in (said, sent) if one), default=None)


def keep_first_answers() -> int:
    """Keep in the open storms when the municipality first took part, where Kuulo sees it; give in how many."""
    unanswered = Storm.objects.filter(closed=None, answered_at=None)
    found = [(storm.pk, at) for storm in unanswered if (at := answered_at(storm))]
    # one that a person noted meanwhile stays
    return sum(Storm.objects.filter(pk=pk, answered_at=None).update(answered_at=at) for pk, at in found)


def answers(storm: Storm) -> list[Answer]:
    """Give what was answered in a storm, the first first."""
    written = in_storm(storm).filter(actor="official").order_by("arrived")
    return sorted(_of(written, _sent(storm).order_by("sent_at")), key=lambda one: one.at)


def earlier_answers(storm: Storm) -> list[Answer]:
    """Give what was answered to the theme's latest thousand messages from before the storm, the latest first."""
    if not storm.theme_id:
        return []
    side = "subtheme" if storm.scope == Scope.SUBTHEME else "theme"
    # the latest of them, by the placements' own index of time
    before = Placement.objects.filter(counted=True, arrived__lt=storm.began, **{side: storm.theme_id})
    held = before.order_by("-arrived", "-message").values("message")[:_LOOKED_AT]
    sent = Delivery.objects.filter(state=Delivery.State.SENT, message__in=held, sent_at__lt=storm.began)
    written = Message.objects.filter(pk__in=held, actor="official", arrived__lt=storm.began)
    found = _of(written.order_by("-arrived"), sent.order_by("-sent_at"))
    return sorted(found, key=lambda one: one.at, reverse=True)[:_SHOWN]


def _sent(storm: Storm) -> QuerySet[Delivery]:
    answered = in_storm(storm).values("pk")
    return Delivery.objects.filter(
        state=Delivery.State.SENT, message__in=answered, sent_at__gte=storm.began, sent_at__lte=ends(storm)
    )


def _of(written: QuerySet[Message], sent: QuerySet[Delivery]) -> Sequence[Answer]:
    said = written.values_list("arrived", "pk", "text", "language")[:_SHOWN]
    replied = sent.values_list("sent_at", "message", "text", "message__language")[:_SHOWN]
    return [Answer(at, message, text, language) for at, message, text, language in (*said, *replied) if at]

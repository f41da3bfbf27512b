"""Answered: what comes back of replies that Kuulo sent: an answer to them, or that they did not arrive."""

from collections.abc import Sequence

from django.db import transaction

from kuulo.desk.history import record
from kuulo.hear.connector import Bounced
from kuulo.models import Delivery, Message, Source

State = Delivery.State


def note_bounced(source: Source, item: Bounced) -> None:
    """Keep that a reply did not arrive, for a person to see; what is not a reply of ours is nothing to us."""
    with transaction.atomic():
        ours = Delivery.objects.select_for_update(of=("self",)).filter(
            message__source=source, sent_id=item.id, state__in=[State.SENT, State.UNKNOWN]
        )
        for delivery in ours:
            delivery.state = State.BOUNCED
            delivery.trouble = {"code": "bounced", "kind": "refused", "facts": {"detail": item.status}}
            delivery.save(update_fields=["state", "trouble"])
            record("reply-bounced", message=delivery.message_id)


def join_answers(source: Source, came: Sequence[Message]) -> None:
    """Let what answers a reply of ours stand with the message that the reply was for.

    Nobody answers what did not arrive: a reply whose outcome was not known is known now.
    Call it within a transaction.
    """
    answers = {row.parent_origin for row in came if row.parent_origin}
    ours = Delivery.objects.filter(message__source=source, sent_id__in=answers)
    for delivery in ours.select_related("message").only("state", "sent_id", "message__thread"):
        thread = delivery.message.thread
        told = {"parent": delivery.message_id} | ({"thread": thread} if thread else {})
        children = [row.pk for row in came if row.parent_origin == delivery.sent_id]
        Message.objects.filter(pk__in=children).update(**told)
        if Delivery.objects.filter(pk=delivery.pk, state=State.UNKNOWN).update(state=State.SENT):
            record("reply-sent", message=delivery.message_id)

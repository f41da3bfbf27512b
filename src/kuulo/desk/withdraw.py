"""Withdraw: take messages out of where they stand, or take all that was said out of them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby

from django.db.models import F

from kuulo.desk.history import record
from kuulo.desk.identity import identity_of
from kuulo.desk.places import whereabouts
from kuulo.models import Concern, Delivery, EarlierText, Message, Placement, RawText, SafetyCase, Theme

# What tells of a message's content or writer, and what stands in its place when it is gone.
_NOTHING: dict[str, object] = {
    "text": "", "search_text": "", "vector": None, "author": None, "title": "", "url": "", "thread": "",
    "origin_id": "", "addressee": "",
    "background": [], "attachments": [], "reply_to": {}, "evidence": [], "relevance_why": [],
    "latitude": None, "longitude": None, "parent_origin": "", "parent": None,
}  # fmt: skip

_BURIED = "gone:"


def take_out(messages: Collection[int]) -> None:
    """Take messages out of all themes; the first of their copies stands for the rest from now on.

    Call it within a transaction.
    """
    _let_copies_stand(messages)
    placements = Placement.objects.filter(message__in=messages)
    places = placements.values_list("theme", "subtheme")
    touched = {theme for place in places for theme in place if theme}
    placements.delete()
    gone = set(messages)
    for theme in Theme.objects.filter(pk__in=touched).only("central"):
        theme.central = [one for one in theme.central if one not in gone]
        theme.stale = True
        theme.save(update_fields=["central", "stale"])


def blank(messages: Collection[int], *, now: datetime, known: Collection[str] = ()) -> None:
    """Take out of messages all that was said and who said it; what they were and where they stood stays.

    ``known`` are fields that stay. Call it within a transaction.
    """
    rows = Message.objects.filter(pk__in=messages)
    for pk, everywhere in rows.exclude(everywhere="").values_list("pk", "everywhere"):
        Message.objects.filter(pk=pk).update(everywhere=buried(everywhere))
    rows.update(**{name: nothing for name, nothing in _NOTHING.items() if name not in known}, gone=now)
    _blank_around(messages)


def _blank_around(messages: Collection[int]) -> None:
    """Take out what stands of messages elsewhere: reasons of places, earlier texts, replies, notes."""
    Message.tags.through.objects.filter(message__in=messages).delete()
    RawText.objects.filter(message__in=messages).delete()
    EarlierText.objects.filter(message__in=messages).delete()
    whereabouts.blank(messages)
    cancel_replies(messages)
    Delivery.objects.filter(message__in=messages).update(text="")
    SafetyCase.objects.filter(message__in=messages).update(note="")
    Concern.objects.filter(message__in=messages).delete()
    placed = [one for one in Placement.objects.filter(message__in=messages).only("why") if "words" in one.why]
    for one in placed:
        one.why = {name: told for name, told in one.why.items() if name != "words"}
    Placement.objects.bulk_update(placed, ["why"], batch_size=200)


def cancel_replies(messages: Collection[int]) -> None:
    """Send nobody an answer to what was withdrawn, but for one that is being sent at this moment.

    Call it within a transaction.
    """
    waiting = Delivery.objects.filter(message__in=messages, state=Delivery.State.QUEUED)
    for delivery in waiting.select_for_update():
        delivery.state = Delivery.State.LEFT
        delivery.save(update_fields=["state"])
        record("reply-cancelled", message=delivery.message_id)


def remove(messages: Collection[int], *, now: datetime) -> None:
    """Do as if the messages had never been said, but for their identity, so that they do not come back.

    Call it within a transaction.
    """
    take_out(messages)
    whereabouts.remove(messages)
    blank(messages, now=now)
    Message.objects.filter(pk__in=messages).update(status=Message.Status.GONE, reason="", copy_of=None, certainty=0.0)


def buried(everywhere: str) -> str:
    """Give what is kept of the name that a post has everywhere, when the post is gone: enough to know it again."""
    return everywhere if everywhere.startswith(_BURIED) else _BURIED + identity_of(everywhere)


def _let_copies_stand(messages: Iterable[int]) -> None:
    copies = Message.objects.filter(copy_of__in=messages).exclude(pk__in=messages)
    # one that was forgotten stands for others only where nobody else is left
    copies = copies.order_by("copy_of", F("gone").asc(nulls_first=True), "pk")
    for _, family in groupby(copies.values_list("copy_of", "pk"), key=lambda pair: pair[0]):
        first, *others = [pk for _, pk in family]
        Message.objects.filter(pk=first).update(copy_of=None)
        Message.objects.filter(pk__in=others).update(copy_of=first)

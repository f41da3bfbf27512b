"""One message: where it stands and why, what it belongs with, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from kuulo.desk.inbox import COUNTED_TO, in_order, readable, with_text
from kuulo.desk.log import Entry, of_message
from kuulo.desk.places.whereabouts import by_message
from kuulo.models import Correction, EarlierText, Message, Placement, Whereabouts

_THREAD, _LONGEST_THREAD, _COPIES, _EARLIER = 50, 5_000, 20, 20


@dataclass(frozen=True, slots=True)
class Why:
    """Why a message stands in a theme: the nearest examples and the words shared with them, or a correction."""

    placement: Placement
    near: Sequence[Message]
    words: tuple[str, ...]
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that the desk knows of a message. ``copies`` are the first of ``copy_count`` (counted up to COUNTED_TO)."""

    message: Message
    whys: list[Why]
    thread: list[Message]
    original: Message | None
    copies: list[Message]
    copy_count: int
    events: list[Entry]
    replies: list[Message]
    earlier: list[EarlierText]
    places: list[Whereabouts]


def portrait(pk: int) -> Portrait:
    """Give all that is known of a message. Raises Message.DoesNotExist, also where it is on the path of safety."""
    message = _whole().exclude(status=Message.Status.SAFETY).get(pk=pk)
    copies = Message.objects.filter(copy_of=message).order_by("-arrived", "-id")
    return Portrait(
        message=message,
        whys=whys(message),
        thread=_thread(message),
        original=next(iter(in_order([message.copy_of_id])), None) if message.copy_of_id else None,
        copies=[*readable(copies)[:_COPIES]],
        copy_count=copies.order_by()[: COUNTED_TO + 1].count(),
        events=of_message(pk),
        replies=_replies(message),
        places=by_message([pk]).get(pk, []),
        earlier=[*message.earlier_texts.order_by("-until")[:_EARLIER]],
    )


def whys(message: Message) -> list[Why]:
    """Tell of each theme where a message stands why, the main one first."""
    placements = [*message.placements.all()]
    told = [_told(placement) for placement in placements]
    near = {one.pk: one for one in in_order([pk for ids, _, _ in told for pk in ids])}
    asked = [pk for _, _, pk in told if pk]
    orders = Correction.objects.select_related("made_by", "theme").in_bulk(asked) if asked else {}
    return [
        Why(placement, [near[pk] for pk in ids if pk in near], words, orders.get(order) if order else None)
        for placement, (ids, words, order) in zip(placements, told, strict=True)
    ]


def _told(placement: Placement) -> tuple[list[int], tuple[str, ...], int | None]:
    """Read what a placement says of itself: ids of examples, shared words, a correction's id."""
    why = placement.why
    words = tuple(str(word) for word in why.get("words", ()))
    return [pk for pk in why.get("near", ()) if isinstance(pk, int)], words, why.get("correction")


def _whole() -> QuerySet[Message]:
    whole = Message.objects.select_related("source", "intake", "author", "concern").defer("search_text", "vector")
    themes = Placement.objects.select_related("theme", "subtheme").order_by("-main", "pk")
    light = themes.defer(*(f"{side}__{part}" for side in ("theme", "subtheme") for part in ("centroid", "figures")))
    return whole.prefetch_related(Prefetch("placements", light), "tags", "troubles")


def _replies(message: Message) -> list[Message]:
    """Give the first replies; where the source names the discussion, they are told with it."""
    if message.thread:
        return []
    return in_order([*message.replies.order_by("arrived", "pk").values_list("pk", flat=True)[:_THREAD]])


def _thread(message: Message) -> list[Message]:
    """Give the messages of the discussion in the order in which they were said, the message itself among them."""
    if not message.thread:
        return []
    same = Message.objects.filter(source=message.source_id, thread=message.thread)
    # put in order here: asked to do it, SQLite would walk through the whole source instead of the thread
    told = sorted(with_text(same, "thread").order_by().values_list("arrived", "pk")[:_LONGEST_THREAD])
    return in_order([pk for _, pk in told[:_THREAD]]) if len(told) > 1 else []

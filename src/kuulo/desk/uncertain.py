"""Uncertain: the queue of messages that no theme was sure enough for, the latest first."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kuulo.desk.nearest import nearest_themes
from kuulo.desk.rules import Rules
from kuulo.desk.vectors import as_vector
from kuulo.models import Message, Theme

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A theme that a message may belong in, with an example of it (None where it has none)."""

    theme: Theme
    example: Message | None


@dataclass(frozen=True, slots=True)
class Turn:
    """The message whose turn it is, its place in the queue (from 1), and the numbers of its neighbours in it."""

    message: Message
    place: int
    of: int
    before: int | None
    after: int | None


def queue() -> QuerySet[Message]:
    """Give the uncertain messages that still have a text, copies folded, the latest first."""
    unsure = Message.objects.filter(status=Message.Status.UNCERTAIN, copy_of=None, gone=None)
    return unsure.defer("search_text", "background").order_by("-arrived", "-pk")


def turn(number: int | None) -> Turn | None:
    """Give the turn of a message, or of the next one where it is uncertain no more; None where the queue is empty."""
    waiting = queue()
    of = waiting.count()
    asked = Message.objects.filter(pk=number).values_list("arrived", flat=True).first() if number else None
    earlier = Q(arrived__gt=asked) | Q(arrived=asked, pk__gt=number) if asked else Q(pk=None)
    at = waiting.filter(earlier).count()
    # after the last one the queue begins anew
    at = at if at < of else 0
    some = list(waiting.select_related("source").prefetch_related("placements")[max(at - 1, 0) : at + 2])
    if not some:
        return None
    here = min(at, 1)
    before = some[0].pk if here else None
    after = some[here + 1].pk if len(some) > here + 1 else None
    return Turn(some[here], at + 1, of, before, after)


def nearest_to(message: Message) -> list[Near]:
    """Give the three themes that a message is most like, but for those where it never goes."""
    vector = as_vector(message.vector)
    never = Rules.in_force().forbidden(message.pk, message.copy_of_id)
    likest = nearest_themes(vector, limit=_NEAREST, without=never) if vector is not None else []
    known = {placed.theme_id for placed in message.placements.all()} - never
    order = [theme for theme, _ in likest] or sorted(known)
    themes = Theme.objects.in_bulk(order)
    first = {theme.pk: next(iter(theme.central), None) for theme in themes.values()}
    open_ones = Message.objects.exclude(status=Message.Status.SAFETY)
    examples = open_ones.defer("vector", "search_text").in_bulk([pk for pk in first.values() if pk])
    return [Near(themes[pk], examples.get(first[pk] or 0)) for pk in order]

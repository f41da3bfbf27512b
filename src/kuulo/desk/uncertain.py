"""Uncertain: the queue of messages that no theme was sure enough for, the latest first."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kuulo.desk.nearest import as_vector, nearest_themes
from kuulo.desk.rules import Rules
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
    """Give the uncertain messages, copies folded, the latest first."""
    unsure = Message.objects.filter(status=Message.Status.UNCERTAIN, copy_of=None)
    return unsure.defer("search_text", "background").order_by("-arrived", "-pk")


def turn(number: int | None) -> Turn | None:
    """Give the turn of a message, or of the next one where it is uncertain no more; None where the queue is empty."""
    asked = Message.objects.filter(pk=number).only("arrived").first() if number else None
    later, rest = queue(), queue()
    if asked:
        not_before = Q(arrived__lt=asked.arrived) | Q(arrived=asked.arrived, pk__lte=asked.pk)
        later, rest = queue().exclude(not_before), queue().filter(not_before)
    found = list(rest.select_related("source")[:2]) or list(queue().select_related("source")[:2])
    if not found:
        return None
    if not rest.exists():
        later = queue().none()
    before, place = later.values_list("pk", flat=True).last(), later.count()
    after = found[1].pk if len(found) > 1 else None
    return Turn(found[0], place + 1, queue().count(), before, after)


def nearest_to(message: Message) -> list[Near]:
    """Give the three themes that a message is most like, but for those where it never goes."""
    vector = as_vector(message.vector)
    never = Rules.in_force().forbidden(message.pk, message.copy_of_id)
    likest = nearest_themes(vector, limit=_NEAREST, without=never) if vector is not None else []
    known = {placed.theme_id for placed in message.placements.all()} - never
    order = [theme for theme, _ in likest] or sorted(known)
    themes = Theme.objects.in_bulk(order)
    first = {theme.pk: next(iter(theme.central), None) for theme in themes.values()}
    examples = Message.objects.defer("vector", "search_text").in_bulk([pk for pk in first.values() if pk])
    return [Near(themes[pk], examples.get(first[pk] or 0)) for pk in order]

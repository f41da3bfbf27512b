"""Coordinated: one text, sent by several people within a few days, is told as that; it is no fault to do so."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from kuulo.models import Message

WITHIN = timedelta(hours=72)
FEWEST_MESSAGES, FEWEST_WRITERS = 5, 3
_MOST = 1_000
# of the texts of a theme those with most copies
_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class OneText:
    """So many messages with one text came within WITHIN, by so many writers who are known apart."""

    messages: int
    writers: int


def one_text(head: int) -> OneText | None:
    """Give the most that came together of a text, by the message that the others copy; None where that is too few."""
    family = Message.objects.filter(Q(pk=head) | Q(copy_of=head)).exclude(status=Message.Status.SAFETY)
    told = family.filter(dated=True, author__isnull=False).order_by().values_list("arrived", "author")
    return _most_together(sorted(told[:_MOST]))


def most_of_one_text(copies: Mapping[int, int]) -> dict[str, int]:
    """Give the text that most came together of, by how many copies each message has: {} where none is to be told of.

    "message" is the message that the others copy.
    """
    often = sorted(
        (head for head in copies if copies[head] >= FEWEST_MESSAGES - 1), key=lambda one: (-copies[one], one)
    )
    told = [(found, head) for head in often[:_LOOKED_AT] if (found := one_text(head))]
    if not told:
        return {}
    found, head = max(told, key=lambda one: (one[0].messages, -one[1]))
    return {"message": head, "messages": found.messages, "writers": found.writers}


def _most_together(told: Iterable[tuple[datetime, int]]) -> OneText | None:
    """Give the most messages within the time, in order of time, that enough writers sent."""
    now: deque[tuple[datetime, int]] = deque()
    writers: Counter[int] = Counter()
    most = None
    for arrived, author in told:
        now.append((arrived, author))
        writers[author] += 1
        while arrived - now[0][0] > WITHIN:
            _, gone = now.popleft()
            writers[gone] -= 1
        writers += Counter()  # only those who wrote within the time
        enough = len(now) >= FEWEST_MESSAGES and len(writers) >= FEWEST_WRITERS
        if enough and (most is None or len(now) > most.messages):
            most = OneText(len(now), len(writers))
    return most

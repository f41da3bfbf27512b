"""Coordinated: one text, sent by several people within a few days, is told as that; it is no fault to do so."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from kuulo.models import Message

WITHIN = timedelta(hours=72)
FEWEST_MESSAGES, FEWEST_WRITERS = 5, 3
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class OneText:
    """So many messages with one text came within WITHIN, by so many writers who are known apart."""

    messages: int
    writers: int


def one_text(message: Message) -> OneText | None:
    """Give the most that came together of a message's text, None where that is too few to tell of."""
    head = message.copy_of_id or message.pk
    family = Message.objects.filter(Q(pk=head) | Q(copy_of=head)).exclude(status=Message.Status.SAFETY)
    told = family.filter(dated=True, author__isnull=False).order_by().values_list("arrived", "author")
    return _most_together(sorted(told[:_MOST]))


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

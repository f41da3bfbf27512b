"""Lifts at the desk: who writes about a theme more often than others do, out of what is remembered.

The worker draws them up with a theme's figures, since all messages have to be looked at to say what is usual.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max, QuerySet

from kuulo.desk.portrait import held_by
from kuulo.models import Event, Message, Placement, Theme
from kuulo.report.lifts import rate_ratio

Pair = tuple[str, str]
Background = dict[str, dict[str, int]]
# A lift as it is kept: column, value, how many times as often (None: nobody else), messages.
Told = dict[str, str | int | float | None]

FEWEST = 5
_LEAST = 1.2
_DOUBT = 0.05
_MOST = 3
# Columns with more values are codes or free text, not groups of people.
MOST_VALUES = 40
_FRESH = 100


@dataclass(frozen=True, slots=True)
class Everyone:
    """How many writers have each value of each column, and how many comparisons that makes over all themes.

    ``newest`` are the numbers of the newest message and event at the time, ``heard`` is when that message came.
    """

    sizes: Counter[Pair]
    comparisons: int
    newest: tuple[int, int]
    heard: datetime | None

    def total(self, column: str) -> int:
        """Give the writers of a column, each as often as they have a value."""
        return sum(size for (name, _), size in self.sizes.items() if name == column)


_known: dict[str, Everyone] = {}


def everyone() -> Everyone:
    """Count all writers: all messages are looked at, so anew only when a hundredth more have come."""
    known = _known.get(connection.alias)
    if not known or not _holds(known):
        known = _known[connection.alias] = _count()
    return known


def _holds(known: Everyone) -> bool:
    grown = zip(known.newest, _newest(), strict=True)
    if any(not 0 <= after - before <= before // _FRESH for before, after in grown):
        return False
    # in another database the message of this number came at another moment
    return _heard(known.newest[0]) == known.heard


def _count() -> Everyone:
    newest = _newest()
    sizes = _writers(Placement.objects.filter(counted=True, main=True, message__copy_of=None))
    values = Counter(column for column, _ in sizes)
    kept = Counter({pair: size for pair, size in sizes.items() if values[pair[0]] <= MOST_VALUES})
    themes = Theme.objects.filter(state=Theme.State.LIVE).count()
    return Everyone(kept, themes * sum(size >= FEWEST for size in kept.values()), newest, _heard(newest[0]))


def _heard(message: int) -> datetime | None:
    return Message.objects.filter(pk=message).values_list("heard", flat=True).first()


def _newest() -> tuple[int, int]:
    newest = (model.objects.aggregate(n=Max("id"))["n"] for model in (Message, Event))
    message, event = (n or 0 for n in newest)
    return message, event


def background_figures(theme: Theme) -> dict[str, Background | list[Told]]:
    """Give what ``Theme.figures`` hold of background: ``background`` (messages) and ``lifts`` of a theme."""
    return {"background": theme_background(theme), "lifts": theme_lifts(theme)}


def theme_background(theme: Theme) -> Background:
    """Count a theme's messages by column and value of their background, for columns that part people in groups."""
    known = everyone()
    counts: Background = {}
    for background in held_by(theme).values_list("message__background", flat=True).iterator():
        for column, value in _pairs(background):
            if (column, value) in known.sizes:
                values = counts.setdefault(column, {})
                values[value] = values.get(value, 0) + 1
    return counts


def theme_lifts(theme: Theme) -> list[Told]:
    """Find those who write about a theme clearly more often than others do, the surest first, three at most.

    The rule is the report's (see kuulo.report.lifts): five writers at least, and the lower end of the interval,
    corrected for all comparisons, above 1.2. Each author counts once, copies do not count.
    """
    members = _writers(held_by(theme).filter(message__copy_of=None))
    found = sorted(_lifted(members, everyone()), key=lambda one: (-one[0], one[1]))[:_MOST]
    messages = theme_background(theme) if found else {}
    return [
        {
            "column": column,
            "value": value,
            "times": None if math.isinf(times) else round(times, 2),
            "messages": messages[column][value],
        }
        for _, (column, value), times in found
    ]


def _lifted(members: Counter[Pair], known: Everyone) -> Iterator[tuple[float, Pair, float]]:
    """Give the lower end of the interval, column and value, and the ratio of what is lifted."""
    held = Counter[str]()
    for (column, _), count in members.items():
        held[column] += count
    for (column, value), count in members.items():
        size = known.sizes[column, value]
        if count < FEWEST or not size:
            continue
        others, other_size = held[column] - count, known.total(column) - size
        times, least = rate_ratio(count, size, others, other_size, doubt=_DOUBT / max(1, known.comparisons))
        if least > _LEAST:
            yield least, (column, value), times


def _writers(placements: QuerySet[Placement]) -> Counter[Pair]:
    """Count the writers of each column and value: an author once, a message whose author is not told by itself."""
    told = placements.values_list("message_id", "message__author_id", "message__background").order_by()
    return Counter(pair for _, pair in {(who, pair) for who, pair in _told(told.iterator())})


def _told(
    rows: Iterable[tuple[int, int | None, list[list[str]]]],
) -> Iterator[tuple[tuple[bool, int], Pair]]:
    for message, author, background in rows:
        for pair in _pairs(background):
            yield (author is not None, author or message), pair


def _pairs(background: list[list[str]]) -> Iterator[Pair]:
    return ((column, value) for column, value in background if value)

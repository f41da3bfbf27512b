"""Counting: which messages of a stream count in the watch for storms.

Of an author the first message in a day, and of one text the first in a day: so one loud person counts as one, and a
call that a hundred people copied as one text. A message whose author is unknown has an author of its own.
"""

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

from kuulo.group.burst import LATE

DAY = 86400.0


class Moment(NamedTuple):
    """When a message was said and heard, in seconds since 1970 UTC; ``text`` is what it is a copy of, or itself."""

    at: float
    message: int
    author: int | None
    text: int
    heard: float


class Tally:
    """The messages of one stream in the order in which they were said (``said``), and when those were that count
    (``times``, UTC seconds).

    ``live``: what was heard long after it was said belongs to its own past, and does not count.
    """

    def __init__(self, said: Iterable[Moment] = (), *, live: bool = False) -> None:
        self.said: list[Moment] = []
        self._live = live
        self._begin()
        self.add(said)

    def add(self, said: Iterable[Moment]) -> None:
        """Add messages. Ones that were said before others may decide whether those count: all are counted anew."""
        new = sorted(said)
        if new and self.said and new[0] < self.said[-1]:
            new = sorted(self.said + new)
            self.said = []
            self._begin()
        self.said += new
        for moment in new:
            self._count(moment)

    def _begin(self) -> None:
        self.counted: list[Moment] = []
        self.times: list[float] = []
        self._texts: dict[int, float] = {}
        self._authors: dict[int, float] = {}

    def _count(self, moment: Moment) -> None:
        if self._live and moment.heard - moment.at > LATE:
            return
        day_before, author = moment.at - DAY, moment.author
        if self._texts.get(moment.text, -inf) > day_before:
            return
        if author and self._authors.get(author, -inf) > day_before:
            return
        self._texts[moment.text] = moment.at
        if author:
            self._authors[author] = moment.at
        self.counted.append(moment)
        self.times.append(moment.at)


def counted(said: Iterable[Moment]) -> list[Moment]:
    """Give what counts of a stream in hindsight."""
    return Tally(said).counted


def people(said: Sequence[Moment]) -> int:
    """Count who wrote; a message whose author is unknown has an author of its own."""
    return len({one.author for one in said if one.author}) + sum(one.author is None for one in said)

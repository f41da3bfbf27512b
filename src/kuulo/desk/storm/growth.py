"""Growth: how a storm's messages came, against what is normal for its stream."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, sqrt
from typing import Self

from django.utils import timezone

from kuulo.desk.storm.normal import Normal, normal
from kuulo.desk.storm.said import ends, moments
from kuulo.group.rate import BIN, WINDOWS, Floats
from kuulo.models import Storm

BEFORE = timedelta(hours=12)
LATELY = timedelta(minutes=30)
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
# The finest steps that give a drawing at most so many bars.
_MOST_STEPS = 120
# Counts are rarely so many standard deviations above what is normal.
_SPREAD = 2


@dataclass(frozen=True, slots=True)
class Step:
    """The messages from ``begins`` on for one step; ``normal`` are so many, and rarely more than ``high``."""

    begins: datetime
    n: int
    normal: float
    high: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Steps of equal ``length``, the oldest first. ``lately`` counts the last 30 minutes, ``usual`` what is normal
    there; ``doubled_in`` is how long the latest half of a storm's messages took, None where that tells nothing.
    """

    length: timedelta
    steps: tuple[Step, ...]
    lately: int
    usual: float
    doubled_in: timedelta | None


@dataclass(frozen=True, slots=True)
class Quarters:
    """The messages (n,) that are normal in quarters of an hour, from the one with the number ``first`` on."""

    first: int
    expected: Floats

    @classmethod
    def of(cls, usual: Normal, stream: str, since: datetime, until: datetime) -> Self:
        """Give what is normal for a stream in a time."""
        first, rate = int(since.timestamp() // BIN), usual.rate(stream)
        count = max(1, ceil(until.timestamp() / BIN) - first)
        return cls(first, rate.level * rate.profile[usual.calendar.classes(first, count)])

    def within(self, since: datetime, length: timedelta) -> float:
        """Give what is normal in a whole number of quarters."""
        begin = max(0, int(since.timestamp() // BIN) - self.first)
        return float(self.expected[begin : begin + round(length / QUARTER)].sum())


def growth(storm: Storm, *, after: timedelta = timedelta(0)) -> Growth:
    """Tell how a storm grew, from twelve hours before it began to its end, or ``after`` that but not beyond now."""
    since, until = storm.began - BEFORE, min(ends(storm) + after, timezone.now())
    length = next((one for one in (QUARTER, HOUR) if (until - since) / one <= _MOST_STEPS), DAY)
    since = _on_the(length, since)
    said = moments(storm, since=since, until=until)
    usual = normal([storm.stream], until)
    quarters = Quarters.of(usual, storm.stream, since, until + length)
    window = WINDOWS.index(round(length / QUARTER))
    spread = usual.spread(storm.stream, storm.opened)
    return Growth(
        length=length,
        steps=tuple(_steps(said, since, until, length, quarters, phi=spread.phi[window], c=spread.c[window])),
        lately=len(said) - bisect_left(said, until - LATELY),
        usual=quarters.within(until - LATELY, LATELY),
        doubled_in=_doubled_in(said[bisect_left(said, storm.began) :], until),
    )


def _on_the(length: timedelta, moment: datetime) -> datetime:
    """Give the quarter, or the hour, in which a moment lies."""
    fine = min(length, HOUR).total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // fine * fine, UTC)


def _steps(
    said: Sequence[datetime],
    since: datetime,
    until: datetime,
    length: timedelta,
    quarters: Quarters,
    *,
    phi: float,
    c: float,
) -> list[Step]:
    found = []
    begins = since
    while begins < until:
        n = bisect_left(said, begins + length) - bisect_left(said, begins)
        usual = quarters.within(begins, length)
        found.append(Step(begins, n, usual, usual + _SPREAD * sqrt(phi * usual + c * usual**2)))
        begins += length
    return found


def _doubled_in(said: Sequence[datetime], until: datetime) -> timedelta | None:
    """Give how long ago there were half as many."""
    return until - said[len(said) // 2 - 1] if len(said) >= 4 else None

"""Growth: how a storm's messages came, against what is normal for its stream."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Self

from django.utils.timezone import localtime

from kuulo.desk.storm.said import ends, moments
from kuulo.group.dispersion import SHIPPED
from kuulo.group.rate import CLASSES, WINDOWS, hour_class
from kuulo.models import Baseline, Storm

BEFORE = timedelta(hours=12)
LATELY = timedelta(minutes=30)
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
# The finest steps that give a drawing at most so many bars.
_MOST_STEPS = 120
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


def growth(storm: Storm, *, after: timedelta = timedelta(0), now: datetime | None = None) -> Growth:
    """Tell how a storm grew, from twelve hours before it began to its end, or ``after`` that."""
    since, until = storm.began - BEFORE, now or ends(storm) + after
    said = moments(storm, since=since, until=until)
    rate = Rate.of(storm)
    length = next((one for one in (QUARTER, HOUR) if (until - since) / one <= _MOST_STEPS), DAY)
    return Growth(
        length=length,
        steps=tuple(_steps(said, since, until, length, rate)),
        lately=len(said) - bisect_left(said, until - LATELY),
        usual=rate.expected(until - LATELY, LATELY),
        doubled_in=_doubled_in(said[bisect_left(said, storm.began) :], until),
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """What is normal for a stream: ``level`` messages a quarter of an hour, times the hour's share (72 classes)."""

    level: float
    profile: Sequence[float]

    @classmethod
    def of(cls, storm: Storm) -> Self:
        """Read what is normal; where nothing was fitted yet, what the alarm itself took for normal."""
        fitted = Baseline.objects.filter(stream=storm.stream).first()
        if fitted is None:
            return cls(storm.expected / max(1.0, storm.window / QUARTER.total_seconds()), ())
        return cls(fitted.level, fitted.profile)

    def expected(self, since: datetime, length: timedelta) -> float:
        """Give how many messages are normal in a time, quarter by quarter."""
        quarters = max(1, round(length / QUARTER))
        return sum(self._at(since + at * QUARTER) for at in range(quarters))

    def _at(self, moment: datetime) -> float:
        return self.level * (self.profile[hour_class(localtime(moment))] if len(self.profile) == CLASSES else 1.0)


def _steps(said: Sequence[datetime], since: datetime, until: datetime, length: timedelta, rate: Rate) -> list[Step]:
    begins = since.replace(minute=since.minute // 15 * 15 if length == QUARTER else 0, second=0, microsecond=0)
    found = []
    window = WINDOWS.index(round(length / QUARTER))
    phi, c = SHIPPED.phi[window], SHIPPED.c[window]
    while begins < until:
        n = bisect_left(said, begins + length) - bisect_left(said, begins)
        normal = rate.expected(begins, length)
        found.append(Step(begins, n, normal, normal + _SPREAD * sqrt(phi * normal + c * normal**2)))
        begins += length
    return found


def _doubled_in(said: Sequence[datetime], until: datetime) -> timedelta | None:
    """Give how long ago there were half as many."""
    return until - said[len(said) // 2 - 1] if len(said) >= 4 else None

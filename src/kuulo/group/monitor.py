"""A monitor of many streams at once: each message costs a few microseconds, and is weighed exactly where it matters.

For each quarter of an hour the monitor knows how many messages each window of each stream would need for the score to
be near the threshold. Below that nothing is computed; above it, the score is that of ``kuulo.group.burst.score``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray

from kuulo.group.burst import ADDED, LATE, RISE, Evidence, log_evidences, weigh
from kuulo.group.dispersion import SHIPPED, Dispersion
from kuulo.group.rate import BIN, WINDOWS, Calendar, Floats, Ints

_SECONDS = tuple(int(window * BIN) for window in WINDOWS)
_GRID = np.geomspace(1e-6, 1e9, 900)  # expected counts for which the needed ones are known
_FEWEST, _MOST = 3, 1 << 34
_TRIM = 64  # forgotten seconds that are worth a trim


class Monitor:
    """Watch streams 0 to n-1 with ``profiles`` (n, 72) and ``levels`` (n,) in messages a bin; ``new`` (n,) are young.

    It keeps the last day of each stream, by the second: at most 86,400 entries, whatever floods in.
    """

    def __init__(
        self,
        profiles: Floats,
        levels: Floats,
        *,
        calendar: Calendar,
        threshold: float = RISE,
        dispersion: Dispersion = SHIPPED,
        new: NDArray[np.bool_] | None = None,
    ) -> None:
        self._rates = profiles * levels[:, None]
        self._calendar = calendar
        self._threshold = threshold
        self._new = np.zeros(len(levels), bool) if new is None else new
        self._spreads = (dispersion, dispersion.for_new())
        self._tables = [needed_counts(threshold, spread) for spread in self._spreads]
        self._bin = -1
        self._ends = np.zeros((2, 0, 7))
        self._weighed: dict[int, tuple[int, Evidence | None]] = {}
        self._need: list[list[int]] = []
        self._heard: dict[int, tuple[list[int], list[int]]] = {}

    def hear(self, stream: int, at: float, *, now: float) -> Evidence | None:
        """Count a message that was said at a time (UTC seconds) and is heard now; tell if the threshold is reached.

        One that is heard too late is not counted; one from the future is taken to be said now.
        """
        if now - at > LATE:
            return None
        counts = self._count(stream, int(min(at, now)), int(now))
        if int(now // BIN) != self._bin:
            self._turn(int(now // BIN))
        for count, need in zip(counts, self._need[stream], strict=True):
            if count >= need:
                return self._weighed_once(stream, counts, int(now))
        return None

    def _weighed_once(self, stream: int, counts: Sequence[int], now: int) -> Evidence | None:
        """Weigh a stream once a second at most: in a flood the evidence is not another with each message."""
        known = self._weighed.get(stream)
        if known is None or known[0] != now:
            known = self._weighed[stream] = (now, self._weigh(stream, counts, now))
        return known[1]

    def _count(self, stream: int, at: int, now: int) -> list[int]:
        """Add a message, and give the counts (7,) of the windows."""
        seconds, upto = self._heard.setdefault(stream, ([], []))
        if seconds and at > seconds[-1]:
            seconds.append(at)
            upto.append(upto[-1] + 1)
        else:
            _insert(seconds, upto, at)
        end = len(seconds) if seconds[-1] <= now else bisect_right(seconds, now)
        last = upto[end - 1]
        counts = []
        for window in _SECONDS:
            before = bisect_right(seconds, now - window, 0, end)
            counts.append(last - upto[before - 1] if before else last)
        if before > _TRIM and 2 * before > end:
            forgotten = upto[before - 2]
            del seconds[: before - 1], upto[: before - 1]
            upto[:] = [sum_ - forgotten for sum_ in upto]
        return counts

    def _turn(self, bin_: int) -> None:
        """Look up what every window of every stream needs in this bin: by the less that is normal at its two ends."""
        self._ends = np.stack([self._rates @ self._calendar.exposure((bin_ + end) * BIN).T for end in (0, 1)])
        at = np.searchsorted(_GRID, self._ends.min(axis=0), side="right")
        need = np.where(self._new[:, None], _taken(self._tables[1], at), _taken(self._tables[0], at))
        self._need, self._bin = need.tolist(), bin_
        self._weighed.clear()

    def _weigh(self, stream: int, counts: Sequence[int], now: int) -> Evidence | None:
        part = now / BIN - self._bin
        begin, end = self._ends[:, stream].tolist()
        expected = [first + part * (last - first) for first, last in zip(begin, end, strict=True)]
        evidence = weigh(counts, expected, self._spreads[int(self._new[stream])])
        return evidence if evidence.score >= self._threshold else None


@lru_cache(maxsize=8)
def needed_counts(threshold: float, dispersion: Dispersion = SHIPPED) -> Ints:
    """Give counts (901, 7) below which a window does not reach a seventh of the threshold's evidence.

    Row i holds for an expected count between the grid's points i - 1 and i. A score at the threshold needs one window
    at least with that much.
    """
    least = threshold - log(len(WINDOWS)) - 1e-3
    columns = [
        _needed(least - log(added), phi, c) for added, phi, c in zip(ADDED, dispersion.phi, dispersion.c, strict=True)
    ]
    return np.vstack([np.full((1, len(columns)), _FEWEST), np.column_stack(columns)])


def _needed(least: float, phi: float, c: float) -> Ints:
    """Find by bisection the least count (900,) with this much evidence where so many are expected."""
    low = np.maximum(_FEWEST, np.floor(_GRID) + 1)
    high = np.full(len(_GRID), float(_MOST))
    while (low < high).any():
        middle = np.floor((low + high) / 2)
        reached = log_evidences(middle, _GRID, phi=phi, c=c) >= least
        low, high = np.where(reached, low, np.minimum(middle + 1, high)), np.where(reached, middle, high)
    return np.minimum.accumulate(low[::-1])[::-1].astype(np.int64)


def _taken(table: Ints, rows: Ints) -> Ints:
    """Give for each window (column) the entry at its row."""
    return np.take_along_axis(table, rows, axis=0)


def _insert(seconds: list[int], upto: list[int], at: int) -> None:
    """Add a message to the past, and to all sums since."""
    place = bisect_left(seconds, at)
    if place == len(seconds) or seconds[place] != at:
        seconds.insert(place, at)
        upto.insert(place, upto[place - 1] if place else 0)
    for later in range(place, len(upto)):
        upto[later] += 1

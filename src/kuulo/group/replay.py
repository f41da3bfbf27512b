"""Replay: which threshold would have given no more alarms than people can bear, on the municipality's own past?

Each stream is looked at again at each of its messages, by the baseline of that day, as it is looked at live.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import log

import numpy as np
from numpy.typing import NDArray

from kuulo.group.alarm import Gates
from kuulo.group.burst import NOTHING, RISE, weigh_all
from kuulo.group.dispersion import SHIPPED, Dispersion
from kuulo.group.rate import BIN, WINDOWS, YOUNG, Fitted, Floats, History

GAP = 86400.0  # seconds: alarms of a stream no further apart are one episode
MONTH = 30 * 86400.0
LEAST = log(28_800)  # the textbook threshold for one false alarm in ten months; no replay goes below it
_STEPS = 22


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A stream to replay: its history, and where it stands among the ``fitted``.

    ``kin`` names what it is part of ("theme:12", "place:5"): streams that share a name and alarm together are one
    alarm. ``excused`` are spans (UTC seconds) that do not count: real storms, planned events.
    """

    history: History
    fitted: int
    kin: frozenset[str] = frozenset()
    excused: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scores:
    """One stream's looks: ``times`` and ``scores`` (looks,), the scores already through the gates."""

    times: Floats
    scores: Floats
    kin: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Episode:
    """An alarm as it would have been: from the first look above the threshold to the last, UTC seconds.

    ``streams`` are places in the order given, the one with the highest score first.
    """

    start: float
    end: float
    score: float
    streams: tuple[int, ...]
    kin: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Replay:
    """The ``threshold``, the ``episodes`` it would have given in so many ``months``, and how many a month that is."""

    threshold: float
    episodes: tuple[Episode, ...]
    months: float

    @property
    def rate(self) -> float:
        """Give the alarms a month of 30 days."""
        return len(self.episodes) / self.months


def replay(
    streams: Sequence[Watched],
    *,
    fitted: Fitted,
    start: float,
    end: float,
    budget: float = 2.0,
    dispersion: Dispersion = SHIPPED,
    gates: Gates | None = None,
) -> Replay:
    """Find the least threshold with at most ``budget`` alarms a month of 30 days between two times (UTC seconds)."""
    looks = [
        scores(stream, fitted=fitted, start=start, end=end, dispersion=dispersion, gates=gates or Gates())
        for stream in streams
    ]
    months = (end - start) / MONTH
    threshold = calibrate(looks, most=budget * months)
    return Replay(threshold=threshold, episodes=tuple(episodes(looks, threshold)), months=months)


def scores(
    stream: Watched, *, fitted: Fitted, start: float, end: float, dispersion: Dispersion, gates: Gates
) -> Scores:
    """Look at a stream again at each of its messages between two times."""
    times = np.asarray(stream.history.times, float)
    looked = np.flatnonzero((times >= start) & (times < end))
    at = times[looked]
    counts = np.stack([looked + 1 - np.searchsorted(times, at - w * BIN, side="right") for w in WINDOWS], axis=1)
    expected = fitted.expected(stream.fitted, at)
    young = _young(stream.history, at)
    result = np.full(len(at), NOTHING)
    for which, spread in ((young, dispersion.for_new()), (~young, dispersion)):
        result[which] = _gated(counts[which].astype(float), expected[which], spread, gates)
    for since, until in stream.excused:
        result[(at >= since) & (at <= until)] = NOTHING
    return Scores(times=at, scores=result, kin=stream.kin)


def calibrate(looks: Sequence[Scores], *, most: float, least: float = LEAST) -> float:
    """Find by bisection the least threshold with at most so many episodes; what is shipped where nothing was seen."""
    seen = np.concatenate([look.scores for look in looks]) if looks else np.zeros(0)
    if not (seen > least).any():
        return RISE
    low, high = least, float(seen.max()) + 1e-6
    if len(episodes(looks, low)) <= most:
        return low
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if len(episodes(looks, middle)) <= most else (middle, high)
    return high


def episodes(looks: Sequence[Scores], threshold: float) -> list[Episode]:
    """Give the alarms at a threshold, by time; those of kin that overlap are one."""
    alone = [one for at, look in enumerate(looks) for one in _of_stream(at, look, threshold)]
    joined: list[Episode] = []
    for one in sorted(alone, key=lambda episode: episode.start):
        # it may be kin to several that were none to each other
        kin = [other for other in joined if _together(one, other)]
        joined = [*(other for other in joined if other not in kin), reduce(_join, kin, one)]
    return sorted(joined, key=lambda episode: episode.start)


def _of_stream(at: int, look: Scores, threshold: float) -> list[Episode]:
    above = np.flatnonzero(look.scores >= threshold)
    if not len(above):
        return []
    parts = np.split(above, np.flatnonzero(np.diff(look.times[above]) > GAP) + 1)
    return [
        Episode(
            start=float(look.times[part[0]]),
            end=float(look.times[part[-1]]),
            score=float(look.scores[part].max()),
            streams=(at,),
            kin=look.kin,
        )
        for part in parts
    ]


def _together(one: Episode, other: Episode) -> bool:
    return bool(one.kin & other.kin) and one.start <= other.end + GAP


def _join(one: Episode, other: Episode) -> Episode:
    first, second = sorted((one, other), key=lambda episode: -episode.score)
    return Episode(
        start=min(one.start, other.start),
        end=max(one.end, other.end),
        score=first.score,
        streams=tuple(dict.fromkeys(first.streams + second.streams)),
        kin=one.kin | other.kin,
    )


def _gated(counts: Floats, expected: Floats, dispersion: Dispersion, gates: Gates) -> Floats:
    """Give the scores, that of nothing where a gate is shut; counted messages of a day are of as many people."""
    if not len(counts):
        return np.zeros(0)
    score, evidence = weigh_all(counts, expected, dispersion)
    row, best = np.arange(len(counts)), evidence.argmax(axis=1)
    x, m = counts[row, best], expected[row, best]
    return np.where(gates.messages_enough(x) & gates.above_normal(x, m), score, NOTHING)


def _young(history: History, at: Floats) -> NDArray[np.bool_]:
    return np.zeros(len(at), bool) if history.born is None else at - history.born < YOUNG

"""The rate at which messages normally come: the week's shape (a profile over 72 hour classes) times a slow level.

A class is an hour of the day in local time on a workday, a Saturday or a Sunday; a public holiday is a Sunday. Time
is cut into bins of 15 minutes, numbered from the epoch in UTC, so that no hour is missing or double when the clocks
change; only the class asks what the clocks show. A level is in messages a bin; a profile has a mean of 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BIN = 900.0  # seconds
WINDOWS = (1, 2, 4, 8, 16, 32, 96)  # bins
CLASSES = 72
YOUNG = 14 * 86400.0  # seconds: so long a stream counts as new
HALF_LIFE = 14.0  # days of the level
NEW_RATE = 0.02 / 4  # messages a bin: what is expected of a theme that was not there before
_DECAY = 0.5 ** (1 / HALF_LIFE)
_SHRINK = 40.0  # messages' worth of the pooled profile in each stream's own
_POOL_MOST = 200.0  # no stream weighs more in the pooled profile than one of so many messages
_START = 0.5  # messages' worth of the level that is assumed at first
_UNBOUND_DAYS = 7  # no winsorising before the level has seen so many days


def hour_class(local: datetime, holidays: frozenset[date] = frozenset()) -> int:
    """Give the class (0-71) of a local time: hour + 24 on a Saturday, + 48 on a Sunday or public holiday."""
    weekday = 6 if local.date() in holidays else local.weekday()
    return local.hour + 24 * max(0, weekday - 4)


@dataclass(frozen=True)
class Calendar:
    """Which class and which day each bin belongs to, where the municipality lies."""

    zone: tzinfo
    holidays: frozenset[date] = frozenset()

    def classes(self, first: int, count: int) -> Ints:
        """Give the classes (count,) of bins from the number ``first`` on."""
        starts = (self._local(bin_) for bin_ in range(first, first + count))
        return np.fromiter((hour_class(start, self.holidays) for start in starts), np.int64, count)

    def days(self, first: int, count: int) -> Ints:
        """Give the local days (count,) of bins, as proleptic ordinals."""
        return np.fromiter((self._local(bin_).toordinal() for bin_ in range(first, first + count)), np.int64, count)

    def exposure(self, now: float) -> Floats:
        """Give how many bins of each class lie in each window that ends now: (7, 72); ``now`` is UTC seconds.

        Windows are whole bins long, so both their ends move through a bin at the same pace.
        """
        return _exposure_now(self, now)

    def _local(self, bin_: int) -> datetime:
        return datetime.fromtimestamp(bin_ * BIN, self.zone)


@lru_cache(maxsize=8)  # many streams are looked at at the same time
def _exposure_now(calendar: Calendar, now: float) -> Floats:
    whole, part = divmod(now, BIN)
    exposure = (1 - part / BIN) * _exposure(calendar, int(whole)) + (part / BIN) * _exposure(calendar, int(whole) + 1)
    exposure.flags.writeable = False
    return np.asarray(exposure)


@lru_cache(maxsize=512)
def _exposure(calendar: Calendar, end: int) -> Floats:
    """Count the classes (7, 72) of windows that end where the bin ``end`` begins."""
    longest = WINDOWS[-1]
    classes = calendar.classes(end - longest, longest)
    return np.stack([np.bincount(classes[longest - window :], minlength=CLASSES) for window in WINDOWS]).astype(float)


@dataclass(frozen=True)
class Baseline:
    """What is normal for one stream: ``profile`` (72,) with mean 1, ``level`` in messages a bin of 15 minutes.

    A window over midnight is measured by one level, that of the night's last fitting (decision 13).
    """

    profile: Floats
    level: float

    def expected(self, now: float, *, calendar: Calendar) -> Floats:
        """Give the messages (7,) expected in each window that ends now (UTC seconds)."""
        return np.asarray(self.level * (calendar.exposure(now) @ self.profile))


def fit_profiles(counts: Floats, *, exposure: Floats) -> tuple[Floats, Floats]:
    """Fit the pooled profile (72,) and each stream's own (streams, 72), which leans on the pooled one.

    ``counts`` (streams, 72) are messages by class, ``exposure`` (72,) the bins of each class in the same time.
    """
    share = exposure / max(exposure.sum(), 1e-9)
    total = counts.sum(axis=1, keepdims=True) + 1e-9
    pooled = _smooth(_pooled(counts, total, share))
    prior = pooled * share
    weight = total * share + _SHRINK * share
    own = np.where(share > 0, (counts + _SHRINK * prior) / np.where(weight > 0, weight, 1.0), pooled)
    return pooled / max(float(prior.sum()), 1e-9), own / np.maximum((own * share).sum(axis=1, keepdims=True), 1e-9)


def _pooled(counts: Floats, total: Floats, share: Floats) -> Floats:
    """Give the relative rate (72,) of all streams together; 1 where nothing is known."""
    weight = np.minimum(total, _POOL_MOST)
    of_class = (weight * counts / total).sum(axis=0) / weight.sum() if counts.sum() else share
    return np.where(share > 0, of_class / np.where(share > 0, share, 1.0), 1.0)


def _smooth(profile: Floats) -> Floats:
    """Smooth over neighbouring hours of the same kind of day, round the clock."""
    hours = profile.reshape(3, 24)
    return np.asarray((np.roll(hours, 1, axis=1) + 2 * hours + np.roll(hours, -1, axis=1)) / 4).reshape(CLASSES)


def fit_levels(
    counts: Floats, *, exposure: Floats, start: Floats | float, skip: NDArray[np.bool_] | None = None
) -> Floats:
    """Give each day's level (streams, days + 1), in messages a bin, from the days before it alone.

    ``counts`` (streams, days) are messages, ``exposure`` (streams, days) the sums of the profile over the days' bins,
    ``start`` the level assumed before anything is seen. ``skip`` (streams, days) marks days that teach nothing: an
    alarm was open, an event was planned, the stream did not exist. After a week a day counts for at most what is
    normal and three standard deviations. The last column is the level of the day after.
    """
    streams, days = counts.shape
    level = np.empty((streams, days + 1))
    messages, bins = np.full(streams, _START), _START / np.maximum(np.broadcast_to(start, (streams,)), 1e-9)
    seen = np.zeros(streams)
    for day in range(days):
        level[:, day] = messages / bins
        normal = level[:, day] * exposure[:, day]
        cap = np.where(seen < _UNBOUND_DAYS, np.inf, normal + 3 * np.sqrt(2 * normal + 1))
        taught = np.ones(streams, bool) if skip is None else ~skip[:, day]
        messages = np.where(taught, _DECAY * messages + np.minimum(counts[:, day], cap), messages)
        bins = np.where(taught, _DECAY * bins + exposure[:, day], bins)
        seen += taught
    level[:, days] = messages / bins
    return level


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """Baselines of many streams out of their history: whole local days, ``classes`` and ``days`` (bins,) of its bins.

    ``profiles`` (streams, 72) and ``pooled`` (72,); ``levels`` (streams, days + 1), the last for the day after.
    """

    first: int
    classes: Ints
    days: Ints
    profiles: Floats
    pooled: Floats
    levels: Floats

    def baseline(self, stream: int) -> Baseline:
        """Give what is normal for a stream from now on."""
        return Baseline(self.profiles[stream], float(self.levels[stream, -1]))

    def new(self, rate: float = NEW_RATE) -> Baseline:
        """Give what is assumed of a stream without history; ``rate`` in messages a bin."""
        return Baseline(self.pooled, rate)

    def expected(self, stream: int, times: Floats) -> Floats:
        """Give the messages (times, 7) expected in each window that ended then, by the level of that day."""
        level = self.levels[stream, np.clip(self._day(times), 0, self.levels.shape[1] - 1)]
        ends = np.asarray([np.asarray(times) - window * BIN for window in (0, *WINDOWS)]).T
        summed = np.interp(ends / BIN - self.first, np.arange(len(self.classes) + 1), self._summed(stream))
        return np.asarray(level[:, None] * (summed[:, :1] - summed[:, 1:]))

    def grid(self, stream: int) -> Floats:
        """Give the messages (bins,) expected in each bin."""
        return np.asarray(self.levels[stream, self.days - self.days[0]] * self.profiles[stream, self.classes])

    def _summed(self, stream: int) -> Floats:
        return np.concatenate([[0.0], np.cumsum(self.profiles[stream, self.classes])])

    def _day(self, times: Floats) -> Ints:
        bins = np.clip((np.asarray(times) // BIN).astype(np.int64) - self.first, 0, len(self.days) - 1)
        return np.asarray(self.days[bins] - self.days[0])


@dataclass(frozen=True, kw_only=True)
class History:
    """One stream's past: ``times`` (messages,) in UTC seconds, ordered, one an author and day, copies folded.

    ``born`` is when the stream began to be; None: before the history did. ``skip`` are local days that teach nothing.
    """

    times: Floats
    born: float | None = None
    skip: frozenset[date] = frozenset()


def fit(histories: Sequence[History], *, calendar: Calendar, start: date, end: date) -> Fitted:
    """Fit baselines from the local days ``start`` to ``end``, the last not included.

    Raises ValueError where there is not one whole day.
    """
    if end <= start:
        raise ValueError("a baseline needs at least one day")
    first, last = _first_bin(start, calendar), _first_bin(end, calendar)
    classes, days = calendar.classes(first, last - first), calendar.days(first, last - first)
    by_class = np.array([_by_class(history, first, classes, days) for history in histories]).reshape(-1, CLASSES)
    pooled, own = fit_profiles(by_class, exposure=np.bincount(classes, minlength=CLASSES).astype(float))
    day = days - days[0]
    by_day = np.array([_by_day(history, first, day) for history in histories]).reshape(-1, day[-1] + 1)
    levels = fit_levels(
        by_day,
        exposure=own @ _classes_by_day(classes, day),
        start=_starts(histories, by_class, first=first, bins=len(classes)),
        skip=_skipped(histories, start, int(day[-1]) + 1, calendar),
    )
    return Fitted(first=first, classes=classes, days=days, profiles=own, pooled=pooled, levels=levels)


def _first_bin(day: date, calendar: Calendar) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=calendar.zone).timestamp() // BIN)


def _bins(times: Floats, first: int, count: int) -> Ints:
    bins = (np.asarray(times, float) // BIN).astype(np.int64) - first
    return np.asarray(bins[(bins >= 0) & (bins < count)])


def _by_class(history: History, first: int, classes: Ints, days: Ints) -> Floats:
    """Count a stream's messages (72,), without what made it be and without days that teach nothing."""
    since = -np.inf if history.born is None else history.born + YOUNG
    at = _bins(np.asarray(history.times)[np.asarray(history.times) >= since], first, len(classes))
    taught = ~np.isin(days[at], [day.toordinal() for day in history.skip])
    return np.bincount(classes[at[taught]], minlength=CLASSES).astype(float)


def _by_day(history: History, first: int, day: Ints) -> Floats:
    return np.bincount(day[_bins(history.times, first, len(day))], minlength=int(day[-1]) + 1).astype(float)


def _classes_by_day(classes: Ints, day: Ints) -> Floats:
    """Count the bins (72, days) of each class on each day."""
    flat = np.bincount(classes * (day[-1] + 1) + day, minlength=CLASSES * (int(day[-1]) + 1))
    return flat.reshape(CLASSES, -1).astype(float)


def _starts(histories: Sequence[History], counts: Floats, *, first: int, bins: int) -> Floats:
    """Give the level assumed at first: the median of those that were there, and of the new ones what is usual."""
    old = np.array([history.born is None or history.born <= first * BIN for history in histories], bool)
    usual = float(np.median(counts[old].sum(axis=1) / bins)) if old.any() else NEW_RATE
    return np.where(old, max(usual, 1e-6), NEW_RATE)


def _skipped(histories: Sequence[History], start: date, days: int, calendar: Calendar) -> NDArray[np.bool_]:
    skip = np.zeros((len(histories), days), bool)
    for row, history in zip(skip, histories, strict=True):
        if history.born is not None:
            row[: max(0, (datetime.fromtimestamp(history.born, calendar.zone).date() - start).days)] = True
        for day in history.skip:
            if start <= day < start + timedelta(days):
                row[(day - start).days] = True
    return skip

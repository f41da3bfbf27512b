"""Detectors of storms on a grid of counts: Kuulo's scan, and those that it is set beside.

Each takes a ``Seen`` and gives scores (streams, test bins), from the past alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import logsumexp

from benchmarks.storm_data import BINS, CLASSES_OF_BINS, DAY, DAYS_OF_BINS, HISTORY, exposure_of_history
from kuulo.group.burst import weigh_all
from kuulo.group.dispersion import Dispersion, fit_dispersion
from kuulo.group.rate import WINDOWS, Floats, fit_levels, fit_profiles

_FOUR_HOURS = 4
_SCAN_WINDOWS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)


@dataclass(frozen=True)
class Seen:
    """Counts (streams, bins), and the baseline and dispersion that Kuulo's own code fits on their first six weeks."""

    counts: Floats

    @cached_property
    def levels(self) -> Floats:
        """Messages a bin (streams, days)."""
        streams = len(self.counts)
        start = np.median(self.counts[:, :HISTORY].mean(axis=1))
        by_day = self.profiles[:, CLASSES_OF_BINS].reshape(streams, -1, DAY).sum(axis=2)
        daily = self.counts.reshape(streams, -1, DAY).sum(axis=2)
        return fit_levels(daily, exposure=by_day, start=max(float(start), 1e-6))[:, :-1]

    @cached_property
    def profiles(self) -> Floats:
        by_class = np.stack([np.bincount(CLASSES_OF_BINS[:HISTORY], row[:HISTORY], 72) for row in self.counts])
        return fit_profiles(by_class, exposure=exposure_of_history())[1]

    @cached_property
    def expected(self) -> Floats:
        """Messages expected in each bin (streams, bins)."""
        return self.levels[:, DAYS_OF_BINS] * self.profiles[:, CLASSES_OF_BINS]

    @cached_property
    def dispersion(self) -> Dispersion:
        return fit_dispersion(self.counts[:, :HISTORY], self.expected[:, :HISTORY])

    def sums(self, window: int) -> tuple[Floats, Floats]:
        """Give x and m of the windows that end in each test bin."""
        return rolling(self.counts, window)[:, HISTORY:], rolling(self.expected, window)[:, HISTORY:]


def rolling(values: Floats, window: int) -> Floats:
    """Give sums over the last ``window`` bins; over what there is at the beginning."""
    summed = np.concatenate([np.zeros((len(values), window)), np.cumsum(values, axis=1, dtype=float)], axis=1)
    return summed[:, window:] - summed[:, :-window]


def kuulo(seen: Seen) -> Floats:
    x, m = zip(*(seen.sums(window) for window in WINDOWS), strict=True)
    return _weighed(np.stack(x, axis=2), np.stack(m, axis=2), seen.dispersion)


def kuulo_shipped(seen: Seen) -> Floats:
    """The same with the dispersion that is shipped, nothing of it fitted here."""
    x, m = zip(*(seen.sums(window) for window in WINDOWS), strict=True)
    return _weighed(np.stack(x, axis=2), np.stack(m, axis=2), _shipped())


def kuulo_one_level(seen: Seen) -> Floats:
    """As the desk looks: a window over midnight is measured by the level of the day it ends in."""
    profile = seen.profiles[:, CLASSES_OF_BINS]
    level = seen.levels[:, DAYS_OF_BINS[HISTORY:]]
    x = [seen.sums(window)[0] for window in WINDOWS]
    m = [level * rolling(profile, window)[:, HISTORY:] for window in WINDOWS]
    return _weighed(np.stack(x, axis=2), np.stack(m, axis=2), seen.dispersion)


def _shipped() -> Dispersion:
    from kuulo.group.dispersion import SHIPPED

    return SHIPPED


def _weighed(x: Floats, m: Floats, dispersion: Dispersion) -> Floats:
    return np.stack([weigh_all(counts, normal, dispersion)[0] for counts, normal in zip(x, m, strict=True)])


def z_score(seen: Seen) -> Floats:
    """One hour, Poisson standard deviation."""
    x, m = seen.sums(4)
    return (x - m) / np.sqrt(m + 1e-3)


def poisson_scan(seen: Seen) -> Floats:
    """The likelihood ratio of a Poisson rate, the greatest of all windows (the statistic of FOCuS)."""
    best = np.zeros((len(seen.counts), BINS - HISTORY))
    for window in _SCAN_WINDOWS:
        x, m = seen.sums(window)
        m = np.maximum(m, 1e-9)
        found = np.where((x >= 3) & (x > m), x * np.log(np.maximum(x, 1) / m) - (x - m), 0)
        best = np.maximum(best, found)
    return best


def ears_c2(seen: Seen) -> Floats:
    """24 hours against the mean and standard deviation of those 3 to 9 days before."""
    return _against(rolling(seen.counts, DAY), range(3 * DAY, 10 * DAY, DAY), least=0.5)


def kleinberg(seen: Seen) -> Floats:
    """Kleinberg's automaton as an online hidden Markov model: rates of 1, 3, 9 and 27 times normal."""
    return _forward(seen.counts, seen.expected, np.ones_like(seen.expected))


def kleinberg_tempered(seen: Seen) -> Floats:
    """The same, its likelihood divided by the dispersion of four hours."""
    m = rolling(seen.expected, 16)
    dispersion = seen.dispersion
    return _forward(seen.counts, seen.expected, 1 / (dispersion.phi[_FOUR_HOURS] + dispersion.c[_FOUR_HOURS] * m))


def _forward(counts: Floats, expected: Floats, temper: Floats) -> Floats:
    ups, odds = np.log(3.0 ** np.arange(4)), []
    step = _transitions()
    belief = np.tile(np.array([1.0, 1e-12, 1e-12, 1e-12]), (len(counts), 1))
    for bin_ in range(BINS):
        b = expected[:, bin_, None]
        likelihood = counts[:, bin_, None] * ups - b * (3.0 ** np.arange(4) - 1)
        belief = np.log(belief @ step + 1e-300) + likelihood * temper[:, bin_, None]
        if bin_ >= HISTORY:
            odds.append(logsumexp(belief[:, 1:], axis=1) - belief[:, 0])
        belief = np.exp(belief - belief.max(axis=1, keepdims=True))
        belief /= belief.sum(axis=1, keepdims=True)
    return np.stack(odds, axis=1)


def _transitions() -> Floats:
    """Up once in 14 days, down to normal after eight hours, 1 % a bin to the other bursts."""
    step = np.full((4, 4), 0.005)
    step[0] = 1 / (14 * DAY) / 3
    step[1:, 0] = 1 / 32
    np.fill_diagonal(step, 0)
    np.fill_diagonal(step, 1 - step.sum(axis=1))
    return step


def vendor_day(seen: Seen) -> Floats:
    """Standard deviations by which 24 hours exceed the mean of the seven days before (one vendor's rule is 3)."""
    return _against(rolling(seen.counts, DAY), range(DAY, 8 * DAY, DAY), least=0.0)


def vendor_hour(seen: Seen) -> Floats:
    """Standard deviations by which the last hour exceeds the mean of the twelve hours before."""
    return _against(rolling(seen.counts, 4), range(4, 52, 4), least=0.0)


def _against(sums: Floats, lags: range, *, least: float) -> Floats:
    """Give by how many standard deviations sums exceed the mean of themselves at earlier times."""
    past = np.stack([sums[:, HISTORY - lag : BINS - lag] for lag in lags])
    deviation = np.maximum(past.std(axis=0, ddof=1), max(least, 1e-9))
    return np.minimum((sums[:, HISTORY:] - past.mean(axis=0)) / deviation, 1e9)


DETECTORS: dict[str, Callable[[Seen], Floats]] = {
    "Kuulo: NB Bayes scan": kuulo,
    "the same, one level a window": kuulo_one_level,
    "Kleinberg HMM, tempered": kleinberg_tempered,
    "EARS C2, 24 h": ears_c2,
    "z-score, 1 h": z_score,
    "Kleinberg HMM, plain": kleinberg,
    "Poisson scan (FOCuS)": poisson_scan,
}
RULES: dict[str, Callable[[Seen], Floats]] = {
    "24 h > 7-day mean + 3 sd": vendor_day,
    "last hour > 12-h mean + 3 sd": vendor_hour,
}

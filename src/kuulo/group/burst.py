"""Bursts: does a stream bring more messages than it normally does? The negative-binomial Bayes-factor scan.

Seven windows from 15 minutes to a day end now. For each, how much likelier is its count if messages come 2, 3, 5 ...
34 times as fast as normal than if they come as normal? The score is the logarithm of the sum of these evidences, each
weighed by the bins that its window adds: the form of a Shiryaev-Roberts sum, of which no guarantee is claimed, as the
normal rate is estimated (Shin, Ramdas, Rinaldo 2024). The window with the greatest evidence is the explanation.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, lgamma, log, log1p

import numpy as np
from scipy.special import gammaln, logsumexp

from kuulo.group.dispersion import SHIPPED, Dispersion
from kuulo.group.rate import BIN, WINDOWS, Baseline, Calendar, Floats

RATIOS = (2, 3, 5, 8, 13, 21, 34)
ADDED = tuple(wide - narrow for narrow, wide in zip((0, *WINDOWS), WINDOWS, strict=False))
RISE = 12.4  # 0.1 false alarms a theme and month, where messages come in clusters
STRICT = 16.0  # 0.02
NOTHING = -50.0  # the score of a stream in which nothing happens
LATE = 6 * 3600.0  # a message that is heard later than this after it was said raises no alarm
_FEWEST = 3
_TINY = 1e-6
_SECONDS = tuple(window * BIN for window in WINDOWS)
_ADDED_LOG = tuple(log(added) for added in ADDED)
_DAY = 86400.0
_LEAST_EXCESS = 0.001  # of the variance over the mean
_LOG_RATIOS = tuple((ratio, log(ratio)) for ratio in RATIOS)
_LOG_COUNT = log(len(RATIOS))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a burst: the ``score``, and the window that explains it (0 seconds: none does).

    ``count`` messages came in the last ``seconds``, where ``expected`` are normal.
    """

    score: float
    seconds: int = 0
    count: int = 0
    expected: float = 0.0


def log_likelihood(x: float, mean: float, *, phi: float, c: float) -> float:
    """Give ln NB(x) without the term x!, for a mean and a variance of φ·mean + c·mean²."""
    variance = max(phi * mean + c * mean * mean, (1 + _LEAST_EXCESS) * mean)
    p = mean / variance
    n = mean * p / (1 - p)
    return lgamma(x + n) - lgamma(n) + n * log(p) + x * log1p(-p)


def log_evidence(x: float, expected: float, *, phi: float, c: float) -> float:
    """Give ln E of one window: the mean over the ratios of NB(x; ratio·expected) / NB(x; expected)."""
    if phi == 1.0 and c * expected >= _LEAST_EXCESS:
        # the size of the distribution is 1/c at every mean, so that its gamma functions cancel
        size, normal = x + 1 / c, 1 + c * expected
        rises = [x * log_ratio - size * log((1 + c * ratio * expected) / normal) for ratio, log_ratio in _LOG_RATIOS]
        return _log_sum(rises) - _LOG_COUNT
    rises = [log_likelihood(x, ratio * expected, phi=phi, c=c) for ratio in RATIOS]
    return _log_sum(rises) - _LOG_COUNT - log_likelihood(x, expected, phi=phi, c=c)


def weigh(counts: Sequence[int], expected: Sequence[float], dispersion: Dispersion = SHIPPED) -> Evidence:
    """Weigh the counts (7,) of the windows against the expected ones (7,)."""
    parts, greatest, best = [NOTHING], -inf, 0
    for window, (x, m, phi, c) in enumerate(zip(counts, expected, dispersion.phi, dispersion.c, strict=True)):
        if x < _FEWEST or x <= m + _TINY:
            continue
        evidence = log_evidence(x, m + _TINY, phi=phi, c=c)
        parts.append(evidence + _ADDED_LOG[window])
        if evidence > greatest:
            greatest, best = evidence, window
    if greatest == -inf:
        return Evidence(NOTHING)
    return Evidence(_log_sum(parts), int(_SECONDS[best]), counts[best], expected[best])


def weigh_all(counts: Floats, expected: Floats, dispersion: Dispersion = SHIPPED) -> tuple[Floats, Floats]:
    """Weigh many at once: (n, 7) counts and expected ones give scores (n,) and ln E (n, 7), -inf where skipped."""
    x, m = np.asarray(counts, float), np.asarray(expected, float) + _TINY
    evidence = np.full(x.shape, -np.inf)
    for window, (phi, c) in enumerate(zip(dispersion.phi, dispersion.c, strict=True)):
        many = (x[:, window] >= _FEWEST) & (x[:, window] > m[:, window])
        evidence[many, window] = log_evidences(x[many, window], m[many, window], phi=phi, c=c)
    added = np.column_stack([np.full(len(x), NOTHING), evidence + _ADDED_LOG])
    return np.asarray(logsumexp(added, axis=1)), evidence


def score(
    times: Sequence[float], now: float, *, baseline: Baseline, calendar: Calendar, dispersion: Dispersion = SHIPPED
) -> Evidence:
    """Weigh one stream now.

    ``times`` are the ordered UTC seconds of the counted messages of the last day or more. Those
    after ``now``, by a clock that was wrong, wait for their time.
    """
    return weigh(_counts(times, now), baseline.expected(now, calendar=calendar).tolist(), dispersion)


def scores(
    times: Sequence[Sequence[float]],
    now: float,
    *,
    baselines: Sequence[Baseline],
    calendar: Calendar,
    dispersion: Dispersion = SHIPPED,
) -> list[Evidence]:
    """Weigh many streams now, each as ``score`` does."""
    if not times:
        return []
    counts = np.array([_counts(one, now) for one in times])
    levels = np.array([one.level for one in baselines])
    expected = np.stack([one.profile for one in baselines]) @ calendar.exposure(now).T * levels[:, None]
    totals, evidences = weigh_all(counts, expected, dispersion)
    best = evidences.argmax(axis=1)
    found = zip(totals.tolist(), best.tolist(), counts.tolist(), expected.tolist(), strict=True)
    return [
        Evidence(total, int(_SECONDS[window]), counted[window], normal[window])
        if total > NOTHING
        else Evidence(NOTHING)
        for total, window, counted, normal in found
    ]


def _counts(times: Sequence[float], now: float) -> list[int]:
    """Count the messages (7,) in each window that ends now."""
    upto = bisect_right(times, now)
    return [upto - bisect_right(times, now - seconds, 0, upto) for seconds in _SECONDS]


def record(times: Floats, *, seconds: float, before: float, weeks: int = 52) -> tuple[int, int]:
    """Give the largest count of any window of this length that ended ``before`` then, and how many weeks were seen.

    ``times`` (messages,) are ordered UTC seconds. Weeks are those of the history that is there, at most ``weeks``.
    """
    since = before - weeks * 7 * _DAY
    past = np.asarray(times, float)
    past = past[(past > since) & (past <= before)]
    if not len(past):
        return 0, 0
    most = np.arange(1, len(past) + 1) - np.searchsorted(past, past - seconds, side="right")
    return int(most.max()), int((before - past[0]) // (7 * _DAY))


def log_evidences(x: Floats, expected: Floats, *, phi: float, c: float) -> Floats:
    """Give ln E (n,) of one window for many counts (n,) and expected ones (n,)."""
    means = expected[None, :] * np.asarray((1, *RATIOS), float)[:, None]
    variance = np.maximum(phi * means + c * means**2, (1 + _LEAST_EXCESS) * means)
    p = means / variance
    n = means * p / (1 - p)
    likelihood = gammaln(x + n) - gammaln(n) + n * np.log(p) + x * np.log1p(-p)
    return np.asarray(logsumexp(likelihood[1:], axis=0) - _LOG_COUNT - likelihood[0])


def _log_sum(values: Sequence[float]) -> float:
    greatest = max(values)
    return greatest + log(sum([exp(value - greatest) for value in values]))

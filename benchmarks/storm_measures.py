"""What a detector of storms is worth: its false alarms, how many storms it sees, and how soon."""

from dataclasses import dataclass

import numpy as np

from benchmarks.storm_data import DAY, HISTORY, LEVELS, Event
from kuulo.group.rate import Floats

MONTH = 30 * DAY
_STEPS = 22


@dataclass(frozen=True, kw_only=True)
class Caught:
    """What was caught at a threshold: share of storms, hours, messages of the storm by then, storms left out."""

    recall: float
    delay: float
    delay_90: float
    messages: float
    excluded: int


def episodes(scores: Floats, threshold: float) -> int:
    """Count alarms of one stream (bins,); those no more than 24 hours apart are one."""
    above = np.flatnonzero(scores >= threshold)
    return int(len(above) > 0) + int((np.diff(above) > DAY).sum())


def false_alarms(scores: Floats, levels: Floats, threshold: float) -> float:
    """Give alarms a stream and month of 30 days (streams, bins): the mean of each level's mean."""
    counts = np.array([episodes(row, threshold) for row in scores])
    return float(np.mean([counts[levels == level].mean() for level in LEVELS])) / (scores.shape[1] / MONTH)


def calibrate(scores: Floats, levels: Floats, target: float) -> float:
    """Find by bisection the threshold of this many false alarms."""
    low, high = float(np.median(scores)), float(scores.max())
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if false_alarms(scores, levels, middle) <= target else (middle, high)
    return high


def caught(scores: Floats, events: list[Event], threshold: float) -> Caught:
    """Tell which storms are seen within 24 hours, where no alarm was on when they began."""
    hits, excluded = [], 0
    for event in events:
        at = event.onset - HISTORY
        if at > 0 and scores[event.stream, at - 1] >= threshold:
            excluded += 1
            continue
        above = np.flatnonzero(scores[event.stream, at : at + DAY] >= threshold)
        if len(above):
            first = event.onset + int(above[0])
            hits.append(((first - event.onset + 1) / 4, int((event.bins <= first).sum())))
    delays, messages = np.array(hits).T if hits else np.full((2, 1), np.nan)
    return Caught(
        recall=len(hits) / max(len(events) - excluded, 1),
        delay=float(np.median(delays)),
        delay_90=float(np.quantile(delays, 0.9)),
        messages=float(np.median(messages)),
        excluded=excluded,
    )


def out_of_sample(
    scores: Floats, levels: Floats, target: float, *, repeats: int = 20, each: int = 20, seed: int = 0
) -> tuple[Floats, Floats]:
    """Calibrate 100 streams on four weeks and measure them on the next four; give rates and thresholds (repeats,)."""
    draw, half = np.random.default_rng(seed), scores.shape[1] // 2
    rates, thresholds = [], []
    for _ in range(repeats):
        rows = np.concatenate([draw.choice(np.flatnonzero(levels == level), each, False) for level in LEVELS])
        threshold = calibrate(scores[rows, :half], levels[rows], target)
        thresholds.append(threshold)
        rates.append(false_alarms(scores[rows, half:], levels[rows], threshold))
    return np.array(rates), np.array(thresholds)

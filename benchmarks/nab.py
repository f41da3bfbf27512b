"""A smoke test on other people's data: the mentions of five companies (NAB realTweets), scored as NAB scores.

    KUULO_BENCH_DATA=... python -m benchmarks.nab

As in NAB the threshold of each detector is the best of the test itself, one for all files. Figures of published
detectors are quoted: their results in numenta/NAB at ea702d7, scored anew on these five files.
"""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.datasets import FOLDER, SetMissingError
from benchmarks.storm_detectors import rolling
from kuulo.group.burst import log_evidences
from kuulo.group.rate import Floats, Ints

NAMES = ("AAPL", "AMZN", "CRM", "FB", "IBM")
PROBATION = 750
_DAY = 288  # bins of five minutes
WINDOWS = (3, 6, 12, 24, 48, 96, 288)
ADDED = np.diff((0, *WINDOWS))
_DECAY = 0.5 ** (1 / (4 * _DAY))
_SURE = 0.98661  # the scoring function at the left edge of a window


class Profile(NamedTuple):
    """What hits, false alarms and misses weigh."""

    hit: float
    false: float
    miss: float


STANDARD, FEW_FALSE = Profile(1, 0.11, 1), Profile(1, 0.22, 1)
QUOTED = {
    "ARTime": (87.9, 82.0, 1.00, 1.5),
    "Random Cut Forest": (74.4, 59.5, 1.00, 3.1),
    "contextOSE": (73.2, 71.7, 0.80, 0.5),
    "earthgecko Skyline": (70.4, 45.2, 1.00, 5.4),
    "Numenta HTM": (67.3, 65.4, 0.73, 0.6),
    "Numenta TM": (67.3, 65.8, 0.73, 0.5),
    "HTM java": (66.6, 64.7, 0.80, 2.5),
    "KNN-CAD": (65.8, 42.2, 0.93, 6.2),
    "Twitter ADVec": (62.6, 36.4, 0.93, 3.7),
    "Etsy Skyline": (62.0, 48.0, 0.80, 2.1),
    "Windowed Gaussian": (60.5, 31.8, 0.93, 3.4),
    "Relative Entropy": (51.6, 46.9, 0.60, 1.1),
    "Random": (30.7, 10.3, 0.73, 7.9),
    "Bayes changepoint": (21.5, 6.6, 0.87, 7.8),
    "EXPoSE": (14.8, 10.7, 0.27, 2.4),
    "Null": (0.0, 0.0, 0.0, 0.0),
}


@dataclass(frozen=True, kw_only=True)
class Series:
    """Counts and hours of the day (rows,), and the windows in which something was, as rows from first to last."""

    name: str
    counts: Floats
    hours: Ints
    windows: list[tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What is expected in each bin (rows,) from the past alone."""

    expected: Floats

    @classmethod
    def of(cls, series: Series) -> "Baseline":
        counts = series.counts
        expected = np.empty(len(counts))
        seen, exposed = np.zeros(24), np.zeros(24)
        messages, bins = 0.0, 0.0
        for row, (count, hour) in enumerate(zip(counts, series.hours, strict=True)):
            level = (messages + 0.5) / (bins + 0.5) if row else counts[:12].mean() + 0.05
            shape = (seen + 20) / (exposed + 20)
            shape = (np.roll(shape, 1) + 2 * shape + np.roll(shape, -1)) / 4
            part = shape[hour] / shape.mean()
            normal = expected[row] = max(level * part, 1e-3)
            taken = min(count, normal + 6 * np.sqrt(2 * normal + 1))
            messages, bins = _DECAY * messages + taken, _DECAY * bins + part
            seen, exposed = _DECAY * seen, _DECAY * exposed
            seen[hour] += taken / max(level, 1e-3)
            exposed[hour] += 1
        return cls(expected=expected)


def kuulo(series: Series) -> Floats:
    """Kuulo's scan, with a baseline and a dispersion that begin from nothing."""
    counts, expected = series.counts, Baseline.of(series).expected
    parts = [np.full(len(counts), -50.0)]
    for window, added in zip(WINDOWS, ADDED, strict=True):
        x, m = rolling(counts[None], window)[0], rolling(expected[None], window)[0] + 1e-3
        c = _online_dispersion(x, m, window)
        looked = (x >= 5) & (x > m)
        evidence = np.full(len(counts), -np.inf)
        evidence[looked] = log_evidences(x[looked], m[looked], phi=1.0, c=c[looked])
        parts.append(evidence + np.log(added))
    return np.logaddexp.reduce(np.array(parts), axis=0)


def _online_dispersion(x: Floats, m: Floats, window: int) -> Floats:
    """Give c (rows,) as the bins before tell it, beginning with .15."""
    squares = np.minimum((x - m) ** 2, 25 * (m + 0.15 * m**2))
    used = np.arange(len(x)) % max(window // 2, 1) == 0
    above = np.cumsum(np.where(used, (squares - m) / (m**2 + 1), 0)) + 0.15 * 20
    below = np.cumsum(np.where(used, m**2 / (m**2 + 1), 0)) + 20
    return np.concatenate([[0.15], np.clip(above / below, 0.02, 3)[:-1]])


def z_score(series: Series) -> Floats:
    """One hour, against the same baseline."""
    x, m = rolling(series.counts[None], 12)[0], rolling(Baseline.of(series).expected[None], 12)[0]
    return (x - m) / np.sqrt(m + 1e-3)


def poisson_scan(series: Series) -> Floats:
    """The greatest Poisson likelihood ratio of all windows, against the same baseline."""
    counts, expected = series.counts, Baseline.of(series).expected
    best = np.zeros(len(counts))
    for window in WINDOWS:
        x, m = rolling(counts[None], window)[0], rolling(expected[None], window)[0]
        best = np.maximum(best, np.where((x >= 5) & (x > m), x * np.log(np.maximum(x, 1) / m) - (x - m), 0))
    return best


DETECTORS: dict[str, Callable[[Series], Floats]] = {
    "Kuulo: NB Bayes scan": kuulo,
    "z-score, 1 h": z_score,
    "Poisson scan": poisson_scan,
}


def read() -> list[Series]:
    """Read the five series and their windows."""
    folder = Path(os.environ.get(FOLDER, ""), "nab-tweets")
    if not os.environ.get(FOLDER) or not (folder / "windows.json").is_file():
        raise SetMissingError("NAB realTweets", "nab-tweets/Twitter_volume_*.csv", "https://github.com/numenta/NAB")
    windows = json.loads((folder / "windows.json").read_text("utf-8"))
    return [_series(folder, name, windows[f"realTweets/Twitter_volume_{name}.csv"]) for name in NAMES]


def _series(folder: Path, name: str, windows: list[list[str]]) -> Series:
    with (folder / f"Twitter_volume_{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.fromisoformat(row["timestamp"]) for row in rows]
    at = {time: number for number, time in enumerate(times)}
    return Series(
        name=name,
        counts=np.array([float(row["value"]) for row in rows]),
        hours=np.array([time.hour for time in times]),
        windows=[(at[datetime.fromisoformat(first)], at[datetime.fromisoformat(last)]) for first, last in windows],
    )


def row_scores(series: Series, profile: Profile) -> tuple[Floats, Ints]:
    """Give what a detection at each row is worth, and the window each row lies in (-1: none)."""
    rows = np.arange(len(series.counts))
    worth, inside = np.full(len(rows), -profile.false), np.full(len(rows), -1)
    for number, (left, right) in enumerate(series.windows):
        width = right - left + 1
        within = rows[left : right + 1]
        worth[within] = profile.hit * _sigmoid(-(right - within + 1) / width) / _SURE
        inside[within] = number
        after = rows[right + 1 :]
        worth[after] = profile.false * _sigmoid((after - right) / (width - 1))
    return worth, inside


def _sigmoid(at: Floats) -> Floats:
    return np.where(at > 3, -1.0, 2 / (1 + np.exp(5 * np.minimum(at, 3))) - 1)


def nab_score(series: list[Series], detected: list[NDArray[np.bool_]], profile: Profile) -> float:
    """Give the score of detections (rows,) in each series: 0 for none, 100 for the perfect."""
    raw, many = 0.0, sum(len(one.windows) for one in series)
    for one, marked in zip(series, detected, strict=True):
        worth, inside = row_scores(one, profile)
        found = marked & (np.arange(len(marked)) >= PROBATION)
        raw += worth[found & (inside < 0)].sum()
        for number in range(len(one.windows)):
            hits = worth[found & (inside == number)]
            raw += hits.max() if len(hits) else -profile.miss
    least = -profile.miss * many
    return 100 * (raw - least) / (many * profile.hit - least)


def alarms(scores: Floats, threshold: float) -> NDArray[np.bool_]:
    """Mark the first row of each episode: the last one above the threshold is more than a day back."""
    above = np.flatnonzero(scores >= threshold)
    first = above[np.diff(above, prepend=-_DAY - 1) > _DAY]
    marked = np.zeros(len(scores), bool)
    marked[first] = True
    return marked


def practical(series: list[Series], scores: list[Floats], threshold: float) -> tuple[float, float]:
    """Give the share of windows in which there is an alarm, and the false episodes a series and month."""
    hit, false, months = 0, 0, 0.0
    for one, score in zip(series, scores, strict=True):
        above = np.flatnonzero((score >= threshold) & (np.arange(len(score)) >= PROBATION))
        hit += sum(bool(((above >= left) & (above <= right)).any()) for left, right in one.windows)
        groups = np.split(above, np.flatnonzero(np.diff(above) > _DAY) + 1) if len(above) else []
        false += sum(
            not any(left <= row <= right for row in group for left, right in one.windows) for group in groups
        )
        months += (len(score) - PROBATION) / (720 * 12)
    return hit / sum(len(one.windows) for one in series), false / months


def contest() -> Iterator[str]:
    """Give the table, ours computed and the published ones quoted."""
    series = read()
    rows = {name: (*_measured(series, detector), "computed") for name, detector in DETECTORS.items()}
    rows |= {name: (*figures, None, "quoted") for name, figures in QUOTED.items()}
    yield "| detector | standard | few false alarms | windows found | false episodes a series-month | θ | |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    for name, (standard, few, found, false, threshold, how) in sorted(rows.items(), key=lambda row: -row[1][0]):
        shown = "" if threshold is None else f"{threshold:.2f}"
        yield f"| {name} | {standard:.1f} | {few:.1f} | {found:.2f} | {false:.1f} | {shown} | {how} |"


def _measured(series: list[Series], detector: Callable[[Series], Floats]) -> tuple[float, float, float, float, float]:
    scores = [detector(one) for one in series]
    pooled = np.concatenate([score[PROBATION:] for score in scores])
    thresholds = np.quantile(pooled, 1 - np.geomspace(3e-5, 0.05, 14))
    marked = {at: [alarms(score, at) for score in scores] for at in thresholds.tolist()}
    best = max(marked, key=lambda at: nab_score(series, marked[at], STANDARD))
    standard, few = (nab_score(series, marked[best], profile) for profile in (STANDARD, FEW_FALSE))
    return standard, few, *practical(series, scores, best), best


def main() -> None:
    """Print the table as Markdown."""
    try:
        for line in contest():
            print(line)
    except SetMissingError as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()

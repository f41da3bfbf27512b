"""Simulated streams with feedback storms: those of the public files, and fresh draws of the same kind.

A stream is a row of counts in bins of 15 minutes, from a Monday at midnight: six weeks of history, eight of test.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.datasets import FOLDER, SetMissingError
from kuulo.group.rate import CLASSES, Floats, Ints

DAY, WEEK = 96, 7 * 96
HISTORY, TEST = 6 * WEEK, 8 * WEEK
BINS = HISTORY + TEST
LEVELS = (0.05, 0.2, 1.0, 5.0, 20.0)  # messages an hour
SIZES = (8, 20, 50, 150)
SHAPES = ("fast", "slow", "real")
CLASSES_OF_BINS: Ints = (np.arange(BINS) // 4 % 24) + 24 * np.maximum(0, np.arange(BINS) // DAY % 7 - 4)
DAYS_OF_BINS: Ints = np.arange(BINS) // DAY


@dataclass(frozen=True, kw_only=True)
class Event:
    """One storm put into a stream: the bins of its messages, ordered."""

    stream: int
    bins: Ints
    size: int
    shape: str

    @property
    def onset(self) -> int:
        return int(self.bins[0])


@dataclass(frozen=True, kw_only=True)
class Streams:
    """Counts (streams, bins) without and with storms; ``levels`` (streams,) in messages an hour."""

    name: str
    null: NDArray[np.uint16]
    storm: NDArray[np.uint16]
    levels: Floats
    events: list[Event]


def shared(null: str) -> Streams:
    """Read the public files of one null, "clustered" or "poisson"."""
    folder = Path(os.environ.get(FOLDER, ""), "storms-simulated")
    if not os.environ.get(FOLDER) or not (folder / f"{null}.npz").is_file():
        raise SetMissingError("storms-simulated", f"storms-simulated/{null}.npz and {null}_events.jsonl", "none yet")
    arrays = np.load(folder / f"{null}.npz")
    lines = (folder / f"{null}_events.jsonl").read_text("utf-8").splitlines()
    return Streams(
        name=null,
        null=arrays["null"],
        storm=arrays["storm"],
        levels=arrays["level_per_hour"],
        events=[_event(json.loads(line)) for line in lines],
    )


def _event(row: dict[str, Any]) -> Event:
    bins = np.sort(np.array(row["message_bins"]))
    return Event(stream=row["stream"], bins=bins, size=row["target_size"], shape=row["shape"])


def drawn(null: str, *, seed: int, each: int = 30) -> Streams:
    """Draw new streams, ``each`` of every level."""
    draw = np.random.default_rng([seed, len(null)])
    levels = np.repeat(LEVELS, each)
    shapes = np.array([_week(draw) for _ in levels])
    rates = shapes[:, np.arange(BINS) % WEEK] * levels[:, None] / 4 * _trends(draw, len(levels))
    counts = np.array([_poisson(draw, rate) if null == "poisson" else _clustered(draw, rate) for rate in rates])
    events = [event for stream, shape in enumerate(shapes) for event in _storms(draw, stream, shape)]
    storm = counts.copy()
    for event in events:
        np.add.at(storm[event.stream], event.bins, 1)
    return Streams(
        name=f"{null}, draw {seed}",
        null=counts.astype(np.uint16),
        storm=storm.astype(np.uint16),
        levels=levels,
        events=events,
    )


def _week(draw: np.random.Generator) -> Floats:
    """Draw the shape of a week (672,) with mean 1: a peak at noon and one in the evening, fewer at weekends."""
    hour, shift = np.arange(DAY) / 4, draw.normal()
    day = 0.05 + np.exp(-0.5 * ((hour - 12 - shift) / 3.5) ** 2)
    day += 0.8 * np.exp(-0.5 * ((hour - 20 - shift) / 2.2) ** 2)
    week = np.concatenate([np.tile(day, 5), np.tile(day * draw.uniform(0.25, 0.9), 2)])
    return week / week.mean()


def _trends(draw: np.random.Generator, streams: int) -> Floats:
    trend = np.exp(np.outer(draw.normal(0, 0.4, streams), np.linspace(0, 1, BINS)))
    return trend / trend[:, :HISTORY].mean(axis=1, keepdims=True)


def _poisson(draw: np.random.Generator, rate: Floats) -> Ints:
    return draw.poisson(rate)


def _clustered(draw: np.random.Generator, rate: Floats) -> Ints:
    """Draw days that differ, and messages that are answered: 0.3 replies each, after two hours on average."""
    days = draw.lognormal(-(0.35**2) / 2, 0.35, BINS // DAY)
    counts = draw.poisson(rate * 0.7 * np.repeat(days, DAY))
    parents = np.repeat(np.arange(BINS), counts) + draw.random(counts.sum())
    while len(parents):
        parents = np.repeat(parents, draw.poisson(0.3, len(parents)))
        parents = parents + draw.exponential(8.0, len(parents))
        parents = parents[parents < BINS]
        counts += np.bincount(parents.astype(np.int64), minlength=BINS)
    return counts


def _storms(draw: np.random.Generator, stream: int, week: Floats) -> list[Event]:
    """Draw five storms of a stream, in its test part."""
    events = []
    for number in range(5):
        day = int((HISTORY // DAY) + 11 * number + draw.uniform(1, 6))
        today = week[day * DAY % WEEK :][:DAY]
        start = day * DAY + draw.choice(DAY, p=today / today.sum())
        size, shape = int(draw.choice(SIZES)), str(draw.choice(SHAPES))
        bins = (start + _delays(draw, shape, size, week[(start + np.arange(WEEK)) % WEEK])).astype(np.int64)
        bins = np.sort(bins[bins < BINS])
        if len(bins):
            events.append(Event(stream=stream, bins=bins, size=size, shape=shape))
    return events


def _delays(draw: np.random.Generator, shape: str, size: int, ahead: Floats) -> Floats:
    """Draw delays in bins, thinned at night. The crises behind "real" are not public: a log-normal stands in."""
    kept = np.zeros(0)
    while len(kept) < size:
        hours = {
            "fast": draw.gamma(2, 1.5, size),
            "slow": draw.gamma(2, 6, size),
            "real": draw.lognormal(np.log(3.5), 1.0, size),
        }[shape]
        delays = hours[hours < 24 * 7 - 1] * 4
        chance = np.sqrt(ahead[delays.astype(np.int64)] / ahead.max())
        kept = np.concatenate([kept, delays[draw.random(len(delays)) < chance]])
    return kept[:size]


def exposure_of_history() -> Floats:
    return np.bincount(CLASSES_OF_BINS[:HISTORY], minlength=CLASSES).astype(float)

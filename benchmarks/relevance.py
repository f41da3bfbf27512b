"""Relevance: how well the judgement of what is about a municipality agrees with a labelled set, and its speed.

    python -m benchmarks.relevance

The set is tests/golden/relevance.csv; only its half "tune" was looked at when weights and words were chosen.
"""

import csv
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from kuulo.lang.identify import identify_all
from kuulo.lang.relevance import names, relevance

GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "relevance.csv"
LIMITS = {"low": 0.15, "medium": 0.3, "high": 0.5}
Judged = tuple[dict[str, str], float]


def main() -> None:
    """Print precision and recall of each half and language at each limit, and the time for a message."""
    rows = read()
    judged = judge(rows)
    for part in ("tune", "held"):
        half = [one for one in judged if one[0]["part"] == part]
        for name, limit in LIMITS.items():
            print(part, name, limit, *(f"{value:.2f}" for value in measured(half, limit)), sep="\t")
        for language in ("fi", "sv", "nb", "nn", "en"):
            said = [one for one in half if one[0]["language"] == language]
            print(part, language, *(f"{value:.2f}" for value in measured(said, LIMITS["low"])), sep="\t")
    if "-v" in sys.argv:
        _show([one for one in judged if one[0]["part"] == "tune"])
    print(f"{_microseconds(rows):.0f} µs a message, {len(rows)} messages")


def read() -> list[dict[str, str]]:
    """Give the labelled posts."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judge(rows: Sequence[dict[str, str]]) -> list[Judged]:
    """Judge posts as the desk does: no names are known, and the language is what is recognised."""
    languages = identify_all([row["text"] for row in rows], [""] * len(rows))
    nobody = names(())
    return [
        (row, relevance(row["text"], language, nobody).score) for row, language in zip(rows, languages, strict=True)
    ]


def measured(judged: Iterable[Judged], limit: float) -> tuple[float, float]:
    """Give precision and recall of what is taken in at a limit."""
    judged = list(judged)
    taken = [row for row, score in judged if score >= limit]
    right = sum(row["relevant"] == "yes" for row in taken)
    there = sum(row["relevant"] == "yes" for row, _ in judged)
    return right / max(len(taken), 1), right / max(there, 1)


def _show(judged: Iterable[Judged]) -> None:
    for row, score in judged:
        if (score >= LIMITS["low"]) != (row["relevant"] == "yes"):
            print(row["language"], row["relevant"], score, row["text"], sep="\t")


def _microseconds(rows: Sequence[dict[str, str]], times: int = 20) -> float:
    nobody = names(())
    before = time.process_time()
    for _ in range(times):
        for row in rows:
            relevance(row["text"], row["language"], nobody)
    return (time.process_time() - before) / (times * len(rows)) * 1e6


if __name__ == "__main__":
    main()

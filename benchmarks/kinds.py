"""Measure kinds and how certain they are: ``python -m benchmarks.kinds [FILE]``.

Golden messages are guessed by recognisers that saw no message of their matter, and so is how certain a guess is. With
KUULO_BENCH_DATA set, 100 placements each of two public sets, fifty for and fifty against where there are so many, are
drawn with a fixed seed and written to FILE, to be judged by reading. Keep that file out of the project.
"""

import csv
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from benchmarks.datasets import FOLDER, TextSet, polis, tidstyver
from benchmarks.kind_data import Labelled
from benchmarks.train_kinds import FOLDS, school, sure, unseen_shares
from kuulo.group.clean import clean
from kuulo.group.embed import Encoder
from kuulo.group.kind import KINDS, TOLD_FROM, Recogniser, tell_kinds

Array = NDArray[np.float64]
_THRESHOLDS = (0.0, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9)
_FOR_AGAINST = (KINDS.index("wants"), KINDS.index("opposes"))
_DRAWN = 50


def unseen_certainty(shares: Array, messages: Labelled) -> Array:
    """Give how certain each guess is, learnt from the guesses about other matters."""
    names = sorted(set(messages.matter.tolist()))
    certainty = np.zeros(len(shares))
    plain = Recogniser.shipped()
    for fold in range(FOLDS):
        out = np.isin(messages.matter, names[fold::FOLDS])
        slope, bias = sure(shares[~out], messages.kind[~out])
        certainty[out] = replace(plain, slope=slope, bias=bias).certainty(shares[out])
    return certainty


def main() -> None:
    """Print the figures; write what is to be read."""
    encoder = Encoder.open()
    lessons, messages = school(encoder)
    shares = unseen_shares(lessons, messages.matter)
    best, certainty = shares.argmax(axis=1), unseen_certainty(shares, messages)
    right = best == messages.kind
    lenient = right | (best == messages.second)
    by_kind = f1_score(messages.kind, best, average=None)
    print(f"macro-F1 {by_kind.mean():.3f}, right {right.mean():.3f}, or the second kind {lenient.mean():.3f}")
    print(", ".join(f"{kind} {one:.2f}" for kind, one in zip(KINDS, by_kind, strict=True)), end="\n\n")
    _by_threshold(messages.kind, best, certainty, lenient)
    _as_shipped(messages.kind, best, certainty, lenient)
    _calibration(certainty, right)
    if os.environ.get(FOLDER) and len(sys.argv) > 1:
        _draw([polis(), tidstyver()], encoder, Path(sys.argv[1]))


def _by_threshold(
    kind: NDArray[np.int64], best: NDArray[np.int64], certainty: Array, lenient: NDArray[np.bool_]
) -> None:
    print("| certainty from | told | right | wants: told | right | or second | opposes: told | right | or second |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for least in _THRESHOLDS:
        shown = certainty >= least
        cells = [f"{least:.2f}", f"{shown.mean():.0%}", _share((best == kind)[shown])]
        for one in _FOR_AGAINST:
            own = shown & (best == one)
            cells += [str(own.sum()), _share((best == kind)[own]), _share(lenient[own])]
        print(f"| {' | '.join(cells)} |")


def _as_shipped(
    kind: NDArray[np.int64], best: NDArray[np.int64], certainty: Array, lenient: NDArray[np.bool_]
) -> None:
    shown = certainty >= np.array(TOLD_FROM)[best]
    print(f"\nas shipped {TOLD_FROM}: {shown.mean():.1%} have a kind, {_share((best == kind)[shown])} of them right")
    both = shown & np.isin(best, _FOR_AGAINST)
    print(
        f"for and against: {both.sum()} told, right {_share((best == kind)[both])}, or second {_share(lenient[both])}"
    )
    for one, name in enumerate(KINDS):
        own = shown & (best == one)
        found = (own & (kind == one)).sum() / (kind == one).sum()
        print(f"{name}: {own.sum()} told, right {_share((best == kind)[own])}, {found:.0%} of all found")


def _calibration(certainty: Array, right: NDArray[np.bool_]) -> None:
    print("\n| certainty | messages | right |\n|---|---:|---:|")
    for low in np.arange(0.2, 1, 0.1):
        own = (certainty >= low) & (certainty < low + 0.1)
        print(f"| {low:.1f} to {low + 0.1:.1f} | {own.sum()} | {_share(right[own])} |")


def _share(hits: NDArray[np.bool_]) -> str:
    return f"{hits.mean():.0%}" if len(hits) else "-"


def _draw(sets: Sequence[TextSet], encoder: Encoder, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["set", "kind", "certainty", "text"])
        for texts in sets:
            kept = sorted({clean(text).text for text in texts.texts} - {""})
            kinds = tell_kinds(kept, encoder.raw_vectors(kept))
            counts = {code: sum(kind.code == code for kind in kinds) for code in (*KINDS, "unclear")}
            print(f"\n{texts.name}: {len(kept)} texts, {counts}")
            for code in ("wants", "opposes"):
                found = [(kind, text) for kind, text in zip(kinds, kept, strict=True) if kind.code == code]
                for kind, text in random.Random(0).sample(found, min(_DRAWN, len(found))):
                    table.writerow([texts.name, kind.code, kind.certainty, text])


if __name__ == "__main__":
    main()

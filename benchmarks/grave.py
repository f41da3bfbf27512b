"""Grave messages: how many of the planted ones are noticed, and how many clean real texts are flagged.

    KUULO_BENCH_DATA=... python -m benchmarks.grave [-v]

Planted: grave_planted.csv (100 in each language, written by another hand before any rule), near: grave_near.csv (they
only sound so). The lists of words were made with a view of the planted ones with odd numbers, nothing was learnt from
them. Fresh: grave_fresh.csv and grave_fresh_near.csv, as many, written later by others; nobody looked at them before
the figures in docs/benchmarks.md were taken. The limits were set on clean texts with odd numbers. With -v the missed
odd ones and the flagged odd ones are shown.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import datasets
from kuulo.group.clean import clean
from kuulo.group.embed import Encoder
from kuulo.group.grave import grave
from kuulo.lang.identify import identify_all

HERE = Path(__file__).parent
_SIB = {"fin": "SIB-200 fi", "swe": "SIB-200 sv", "nob": "SIB-200 nb", "nno": "SIB-200 nn", "eng": "SIB-200 en"}
_MOST_CLEAN = 10_000


class Row(NamedTuple):
    """A text, what is counted together with it, and whether it stands at an odd place."""

    text: str
    group: str
    odd: bool
    kind: str = ""


def main() -> None:
    """Print the shares that are flagged."""
    encoder = Encoder.open()
    for name in ("grave_planted", "grave_near", "grave_fresh", "grave_fresh_near"):
        rows = read(HERE / f"{name}.csv")
        told = kinds_of([row.text for row in rows], encoder)
        _show(name, rows, told)
        if "-v" in sys.argv:
            wrong = [
                row for row, kinds in zip(rows, told, strict=True) if row.odd and bool(kinds) == ("near" in name)
            ]
            print(*(f"  {row.group} {row.kind} {row.text}" for row in wrong), sep="\n")
    rows = clean_rows()[:_MOST_CLEAN]
    _show("clean", rows, kinds_of([row.text for row in rows], encoder))


def read(path: Path) -> list[Row]:
    """Read planted or near ones, by language."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [Row(row["text"], row["language"], at % 2 == 1, row.get("kind") or "") for at, row in enumerate(rows, 1)]


def clean_rows() -> list[Row]:
    """Give real texts by source; the longest set, sentences of the parliament, comes last."""
    sets: list[tuple[str, Callable[[], datasets.TextSet]]] = [
        *((name, lambda language=language: datasets.sib(language)) for language, name in _SIB.items()),
        ("OmaStadi", datasets.omastadi),
        ("Tidstyver", datasets.tidstyver),
        ("Polis", datasets.polis),
        ("SweFAQ", datasets.swefaq),
        ("vkk", datasets.vkk),
    ]
    return [
        Row(text, name, at % 2 == 1)
        for name, load in sets
        for at, text in enumerate((one for one in load().texts if one.strip()), 1)
    ]


def kinds_of(texts: Sequence[str], encoder: Encoder) -> list[list[str]]:
    """Give the kinds that each text is flagged with, as a message at the desk would be."""
    cleaned = [clean(text).text or text for text in texts]
    languages = identify_all(cleaned, [""] * len(cleaned))
    vectors = encoder.vectors(cleaned)
    judged = zip(texts, languages, vectors, strict=True)
    found = (grave(text, language, vector) for text, language, vector in judged)
    return [[told.kind for told in one.told] if one else [] for one in found]


def _show(name: str, rows: Sequence[Row], told: Sequence[list[str]]) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    for row, kinds in zip(rows, told, strict=True):
        for group in ("all", "odd" if row.odd else "even", row.group, *([f"kind {row.kind}"] if row.kind else [])):
            groups[group].append(bool(kinds))
    for group, flagged in groups.items():
        print(name, group, f"{sum(flagged)} of {len(flagged)}", f"{sum(flagged) / len(flagged):.1%}", sep="\t")
    if any(row.kind for row in rows):
        right = sum(row.kind in kinds for row, kinds in zip(rows, told, strict=True))
        print(name, "of its own kind too", f"{right} of {len(rows)}", sep="\t")


if __name__ == "__main__":
    main()

"""Load what kinds are learnt from and measured on: the examples and the golden messages."""

import csv
import tomllib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.datasets import REPOSITORY, demo_messages
from kuulo.group.clean import clean
from kuulo.group.kind import KINDS
from kuulo.lang.services import LANGUAGES

_GOLDEN = REPOSITORY / "tests/golden"
_NONE = -1


@dataclass(frozen=True)
class Labelled:
    """Texts with their kind, and a second kind that would be nearly as fair (-1: none); numbers in KINDS.

    ``matter`` is empty for examples.
    """

    texts: list[str]
    kind: NDArray[np.int64]
    second: NDArray[np.int64]
    matter: NDArray[np.str_]
    language: NDArray[np.str_]


class Row(NamedTuple):
    text: str
    kind: str
    second: str = ""
    matter: str = ""
    language: str = ""


def examples(folder: str) -> Labelled:
    """Read written examples: "kind_examples" (one sentence as a rule) or "kind_longer" (several)."""
    rows = []
    for language in LANGUAGES:
        by_kind = tomllib.loads((_GOLDEN / folder / f"{language}.toml").read_text("utf-8"))
        rows += [Row(text, kind, language=language) for kind in KINDS for text in by_kind[kind]]
    return _labelled(rows)


def golden() -> Labelled:
    """Read the golden messages that have a kind."""
    texts = {row["id"]: row["message"] for row in demo_messages()}
    labels = {row["id"]: row for row in _rows("labels.csv")}
    return _labelled(
        [
            Row(
                texts[row["id"]],
                row["kind"],
                row["second"],
                labels[row["id"]]["matter"],
                labels[row["id"]]["language"],
            )
            for row in _rows("kinds.csv")
        ]
    )


def _labelled(rows: list[Row]) -> Labelled:
    return Labelled(
        [clean(row.text).text for row in rows],
        np.array([KINDS.index(row.kind) for row in rows]),
        np.array([KINDS.index(row.second) if row.second else _NONE for row in rows]),
        np.array([row.matter for row in rows]),
        np.array([row.language for row in rows]),
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (_GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

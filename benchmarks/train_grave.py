"""Learn what grave messages are like, and write src/kuulo/group/grave.npz: ``python -m benchmarks.train_grave``.

Logistic regressions on the written examples (tests/golden/grave_examples) and the planted and near messages at odd
places, with the examples and golden messages of kinds as what is not grave. Prints what share of grave ones words
would be believed for, and are noticed by the vector alone, when they, and the same told in the other languages, were
not learnt from.
"""

import tomllib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.datasets import REPOSITORY
from benchmarks.grave import HERE, read
from benchmarks.kind_data import examples, golden
from kuulo.group.clean import clean
from kuulo.group.embed import Encoder
from kuulo.group.grave import ALONE_FROM, WORDS_FROM
from kuulo.lang.grave import KINDS
from kuulo.lang.services import LANGUAGES

_LOOSENESS, _WRITTEN_WEIGHT, _FOLDS = 0.3, 2.0, 5
# one golden matter is grave itself
_GRAVE_MATTER = "exposed-wires"

Vectors = NDArray[np.float32]


class Example(NamedTuple):
    """A text, its kind or "", and the number that it shares with the same told in other languages."""

    text: str
    kind: str
    number: int


def lessons() -> list[Example]:
    """Give what was written to learn from, and the odd ones of those written to measure with."""
    found = []
    for language in LANGUAGES:
        path = REPOSITORY / "tests/golden/grave_examples" / f"{language}.toml"
        for kind, texts in tomllib.loads(path.read_text("utf-8")).items():
            found += [Example(text, kind if kind in KINDS else "", at) for at, text in enumerate(texts)]
    for name in ("grave_planted", "grave_near"):
        rows = [row for row in read(HERE / f"{name}.csv") if row.odd]
        found += [Example(row.text, row.kind if row.kind in KINDS else "", at) for at, row in enumerate(rows)]
    return [one._replace(text=clean(one.text).text) for one in found]


def fit(
    vectors: Vectors, told: Sequence[str] | NDArray[np.bool_], weights: NDArray[np.float64]
) -> LogisticRegression:
    """Give the regression."""
    return LogisticRegression(C=_LOOSENESS, max_iter=3000).fit(vectors, told, sample_weight=weights)


def main() -> None:
    """Write grave.npz."""
    encoder, own = Encoder.open(), lessons()
    parts = [examples("kind_examples"), examples("kind_longer"), golden()]
    others = [
        text
        for part in parts
        for text, matter in zip(part.texts, part.matter, strict=True)
        if matter != _GRAVE_MATTER
    ]
    vectors = encoder.vectors([one.text for one in own] + others)
    kinds = np.array([one.kind for one in own] + [""] * len(others))
    weights = np.array([_WRITTEN_WEIGHT] * len(own) + [1.0] * len(others))
    fold = np.array([one.number % _FOLDS for one in own] + [_FOLDS] * len(others))
    _show_unseen(vectors, kinds != "", weights, fold)
    whole, of_kind = (
        fit(vectors, kinds != "", weights),
        fit(vectors[kinds != ""], kinds[kinds != ""], weights[kinds != ""]),
    )
    order = [of_kind.classes_.tolist().index(kind) for kind in KINDS]
    stored = {
        "weights": whole.coef_[0],
        "offset": whole.intercept_[0],
        "kind_weights": of_kind.coef_[order],
        "kind_offsets": of_kind.intercept_[order],
    }
    np.savez(REPOSITORY / "src/kuulo/group/grave.npz", **{name: np.float32(one) for name, one in stored.items()})


def _show_unseen(
    vectors: Vectors, grave: NDArray[np.bool_], weights: NDArray[np.float64], fold: NDArray[np.int64]
) -> None:
    odds = np.concatenate(
        [
            fit(vectors[fold != one], grave[fold != one], weights[fold != one]).decision_function(
                vectors[(fold == one) & grave]
            )
            for one in range(_FOLDS)
        ]
    )
    for name, limit in (("words believed", WORDS_FROM), ("noticed without words", ALONE_FROM)):
        print(f"{name}: {(odds >= limit).mean():.1%} of {grave.sum()}")


if __name__ == "__main__":
    main()

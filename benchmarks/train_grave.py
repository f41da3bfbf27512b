"""Learn what grave messages are like, and write src/kuulo/group/grave.npz: ``python -m benchmarks.train_grave``.

A support vector machine on turned vectors, learnt from the lessons (grave_lessons/<language>.csv: messages of the
five kinds and of none, written for this by several hands who had seen no test) and, as what is not grave, the
examples and golden messages of kinds. No planted message is learnt from. Prints what share of each sort is flagged
by what was learnt without them.
"""

import csv
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from benchmarks.datasets import REPOSITORY
from benchmarks.grave import HERE
from benchmarks.kind_data import examples, golden
from kuulo.group.clean import clean
from kuulo.group.embed import Encoder
from kuulo.group.grave import LIKELY, POSSIBLE, WORDS
from kuulo.lang.grave import KINDS, grave_words
from kuulo.lang.identify import identify_all
from kuulo.lang.services import LANGUAGES

# chosen by what was flagged of lessons that were not learnt from
_COST, _AXES, _PARTS, _STEPS = 3.0, 256, 5, 127
# one golden matter is grave itself
_GOLDEN, _GRAVE_MATTER = "golden", "exposed-wires"

Vectors = NDArray[np.float32]


class Lesson(NamedTuple):
    """A text, its kind or "", and the sort that it is counted with."""

    text: str
    kind: str
    sort: str


def lessons() -> Iterator[Lesson]:
    """Give what is learnt from."""
    for language in LANGUAGES:
        with (HERE / "grave_lessons" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                kind = row["kind"] if row["kind"] in KINDS else ""
                yield Lesson(clean(row["text"]).text, kind, "grave" if kind else row["kind"])
    for sort, part in (
        ("example", examples("kind_examples")),
        ("example", examples("kind_longer")),
        (_GOLDEN, golden()),
    ):
        for text, matter in zip(part.texts, part.matter, strict=True):
            if matter != _GRAVE_MATTER:
                yield Lesson(clean(text).text, "", sort)


class Machine(NamedTuple):
    """The turned space and the machine in it."""

    turn: PCA
    machine: SVC

    def margins(self, vectors: Vectors) -> NDArray[np.float64]:
        """Give the margins (n,) of unit vectors (n, 768)."""
        return np.asarray(self.machine.decision_function(self.turn.transform(vectors)))


def learn(vectors: Vectors, grave: NDArray[np.bool_]) -> Machine:
    """Learn what tells grave ones from the others."""
    turn = PCA(_AXES, svd_solver="covariance_eigh").fit(vectors)
    return Machine(turn, SVC(C=_COST).fit(turn.transform(vectors), grave))


def main() -> None:
    """Write grave.npz."""
    encoder, told = Encoder.open(), [one for one in lessons() if one.text]
    vectors = encoder.vectors([one.text for one in told])
    kinds = np.array([one.kind for one in told])
    _show_unseen(vectors, told)
    found, of_kind = (
        learn(vectors, kinds != ""),
        LogisticRegression(C=3.0, max_iter=3000).fit(vectors[kinds != ""], kinds[kinds != ""]),
    )
    order = [of_kind.classes_.tolist().index(kind) for kind in KINDS]
    support = found.machine.support_vectors_
    step = np.abs(support).max() / _STEPS
    stored = {
        "mean": np.float32(found.turn.mean_),
        "axes": np.float16(found.turn.components_.T),
        "support": np.int8(np.rint(support / step)),
        "step": np.float32(step),
        "pull": np.float32(found.machine.dual_coef_[0]),
        "gamma": np.float32(found.machine._gamma),
        "offset": np.float32(found.machine.intercept_[0]),
        "kind_weights": np.float32(of_kind.coef_[order]),
        "kind_offsets": np.float32(of_kind.intercept_[order]),
    }
    np.savez_compressed(REPOSITORY / "src/kuulo/group/grave.npz", **stored)


def _show_unseen(vectors: Vectors, told: list[Lesson]) -> None:
    """Learn from four fifths, none of them golden (these tell of few matters, in five languages each), and try all
    the others.
    """
    grave, sorts = np.array([bool(one.kind) for one in told]), np.array([one.sort for one in told])
    unseen = (np.random.default_rng(0).integers(0, _PARTS, len(told)) == 0) | (sorts == _GOLDEN)
    margins = learn(vectors[~unseen], grave[~unseen]).margins(vectors[unseen])
    texts = [one.text for one, left_out in zip(told, unseen, strict=True) if left_out]
    languages = identify_all(texts, [""] * len(texts))
    words = [bool(grave_words(text, language)) for text, language in zip(texts, languages, strict=True)]
    margins += np.where(words, WORDS, 0.0)
    for sort in dict.fromkeys(sorts):
        own = margins[sorts[unseen] == sort]
        shares = f"possible {(own >= POSSIBLE).mean():.1%}", f"likely {(own >= LIKELY).mean():.1%}"
        print(sort, len(own), *shares, sep="\t")


if __name__ == "__main__":
    main()

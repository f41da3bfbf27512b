"""Learn what kinds are told by, and write src/kuulo/group/kinds.npz: ``python -m benchmarks.train_kinds``.

A softmax regression on the written examples and the golden messages. How certain it is, is learnt from guesses about
golden messages of matters that the guesser had not seen.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.datasets import REPOSITORY
from benchmarks.kind_data import Labelled, examples, golden
from kuulo.group.embed import Encoder
from kuulo.group.kind import KINDS, Recogniser, features, halves, log_odds

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
# a text of several sentences, or a golden one, teaches more than an example of one sentence
_SENTENCE, _LONGER, _GOLDEN = 1.0, 2.0, 2.0
# what the second kind of a golden message weighs
_SECOND = 0.2
_LOOSENESS = 0.6
_BIAS_STRENGTH = 4.0
FOLDS = 12  # of the matters, so that no matter is in both sides


@dataclass(frozen=True)
class Lessons:
    """``features`` (n, features) and ``weights`` (n, 6): how much each text teaches each kind."""

    features: Array
    weights: Array

    def only(self, rows: NDArray[np.bool_]) -> "Lessons":
        return Lessons(self.features[rows], self.weights[rows])


@dataclass(frozen=True)
class School:
    """The lessons of the examples, those of the golden messages, and the mean of all vectors."""

    written: Lessons
    golden: Lessons
    mean: Array

    def taught(self, rows: NDArray[np.bool_]) -> Recogniser:
        """Give a recogniser that has seen the examples and these golden messages; its certainty is its share."""
        own = self.golden.only(rows)
        weights, offset = fit(
            np.concatenate([self.written.features, own.features]), np.concatenate([self.written.weights, own.weights])
        )
        plain = np.zeros(len(KINDS))
        return Recogniser(self.mean, weights, offset, plain + 1, plain)


def school(encoder: Encoder) -> tuple[School, Labelled]:
    """Give all lessons, and the golden messages."""
    parts = [examples("kind_examples"), examples("kind_longer"), golden()]
    raws = [encoder.raw_vectors(part.texts) for part in parts]
    mean = halves(np.concatenate(raws)).mean(axis=0)
    lessons = [
        Lessons(features(part.texts, raw, mean), _taught(part) * weight)
        for part, raw, weight in zip(parts, raws, (_SENTENCE, _LONGER, _GOLDEN), strict=True)
    ]
    written = Lessons(*(np.concatenate([getattr(one, of) for one in lessons[:2]]) for of in ("features", "weights")))
    return School(written, lessons[2], mean), parts[2]


def _taught(part: Labelled) -> Array:
    first, second = np.eye(len(KINDS))[part.kind], np.eye(len(KINDS))[part.second]
    doubtful = (part.second >= 0)[:, None]
    return np.where(doubtful, (1 - _SECOND) * first + _SECOND * second, first)


def fit(rows: Array, taught: Array) -> tuple[Array, Array]:
    """Give weights (6, features) and offset (6) of the softmax regression, with small weights preferred."""
    width = rows.shape[1]
    total = taught.sum(axis=1, keepdims=True)

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(len(KINDS), width + 1)
        score = rows @ weights[:, :-1].T + weights[:, -1]
        score -= score.max(axis=1, keepdims=True)
        logs = score - np.log(np.exp(score).sum(axis=1, keepdims=True))
        wrong = _LOOSENESS * (total * np.exp(logs) - taught)
        slopes = np.concatenate([wrong.T @ rows + weights[:, :-1], wrong.sum(axis=0)[:, None]], axis=1)
        value = -_LOOSENESS * float((taught * logs).sum()) + float((weights[:, :-1] ** 2).sum()) / 2
        return value, slopes.ravel()

    start = np.zeros(len(KINDS) * (width + 1))
    options = {"maxiter": 300, "ftol": 1e-7}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x.reshape(len(KINDS), -1)
    return found[:, :-1], found[:, -1]


def unseen_shares(lessons: School, matters: NDArray[np.str_]) -> Array:
    """Give the shares (n, 6) of golden messages, each by a recogniser that saw no message of its matter."""
    names = sorted(set(matters.tolist()))
    shares = np.zeros((len(matters), len(KINDS)))
    for fold in range(FOLDS):
        out = np.isin(matters, names[fold::FOLDS])
        shares[out] = lessons.taught(~out).shares(lessons.golden.features[out])
    return shares


def sure(shares: Array, kind: Ints) -> tuple[Array, Array]:
    """Learn slope and bias of certainty, the same slope for all kinds, from guesses and what was right."""
    best = shares.argmax(axis=1)
    odds, right = log_odds(shares.max(axis=1)), best == kind

    def loss(flat: Array) -> float:
        chance = 1 / (1 + np.exp(-(flat[0] * odds + flat[1] + flat[2:][best])))
        return float(-np.log(np.where(right, chance, 1 - chance)).sum() + _BIAS_STRENGTH * (flat[2:] ** 2).sum() / 2)

    found = minimize(loss, np.concatenate([[1.0, 0.0], np.zeros(len(KINDS))]), method="L-BFGS-B").x
    return np.full(len(KINDS), found[0]), found[1] + found[2:]


def main() -> None:
    """Write kinds.npz."""
    lessons, messages = school(Encoder.open())
    slope, bias = sure(unseen_shares(lessons, messages.matter), messages.kind)
    whole = replace(lessons.taught(np.ones(len(messages.kind), bool)), slope=slope, bias=bias)
    stored = {name: getattr(whole, name).astype(np.float32) for name in Recogniser.__slots__}
    np.savez(REPOSITORY / "src/kuulo/group/kinds.npz", **stored)


if __name__ == "__main__":
    main()

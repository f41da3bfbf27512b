"""Learn what vectors of grave messages are like, and write src/kuulo/group/grave.npz: ``python -m benchmarks.train_grave``.

A logistic regression on the written examples (tests/golden/grave_examples), with the examples and golden messages of
kinds as what is not grave. Prints what share of examples stay believed when they, and the same told in the other
languages, were not learnt from.
"""

import tomllib

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.datasets import REPOSITORY
from benchmarks.kind_data import examples, golden
from kuulo.group.clean import clean
from kuulo.group.embed import Encoder
from kuulo.group.grave import BELIEVED_FROM
from kuulo.lang.grave import KINDS
from kuulo.lang.services import LANGUAGES

_LOOSENESS, _WRITTEN_WEIGHT, _FOLDS = 0.3, 2.0, 5
# one golden matter is grave itself
_GRAVE_MATTER = "exposed-wires"

Example = tuple[str, bool, int]


def written() -> list[Example]:
    """Give text, whether it is grave, and the number that it shares with the same told in other languages."""
    found = []
    for language in LANGUAGES:
        path = REPOSITORY / "tests/golden/grave_examples" / f"{language}.toml"
        for kind, texts in tomllib.loads(path.read_text("utf-8")).items():
            found += [(clean(text).text, kind in KINDS, at) for at, text in enumerate(texts)]
    return found


def fit(vectors: NDArray[np.float32], grave: NDArray[np.bool_], weights: NDArray[np.float64]) -> LogisticRegression:
    """Give the regression."""
    return LogisticRegression(C=_LOOSENESS, max_iter=3000).fit(vectors, grave, sample_weight=weights)


def main() -> None:
    """Write grave.npz."""
    encoder, own = Encoder.open(), written()
    parts = [examples("kind_examples"), examples("kind_longer"), golden()]
    others = [
        text for part in parts for text, matter in zip(part.texts, part.matter, strict=True) if matter != _GRAVE_MATTER
    ]
    vectors = encoder.vectors([text for text, _, _ in own] + others)
    grave = np.array([one for _, one, _ in own] + [False] * len(others))
    weights = np.array([_WRITTEN_WEIGHT] * len(own) + [1.0] * len(others))
    fold = np.array([at % _FOLDS for _, _, at in own] + [_FOLDS] * len(others))
    kept = [
        fit(vectors[fold != one], grave[fold != one], weights[fold != one]).decision_function(
            vectors[(fold == one) & grave]
        )
        for one in range(_FOLDS)
    ]
    print(f"{(np.concatenate(kept) >= BELIEVED_FROM).mean():.1%} of {grave.sum()} examples believed, unseen")
    whole = fit(vectors, grave, weights)
    stored = {"weights": whole.coef_[0].astype(np.float32), "offset": np.float32(whole.intercept_[0])}
    np.savez(REPOSITORY / "src/kuulo/group/grave.npz", **stored)


if __name__ == "__main__":
    main()

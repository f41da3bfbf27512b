"""Tell whether one message may be about something grave, by its words and by what its vector says it is about.

Words alone flag every seventh long proposal; the vector tells a report of what happens here and now from talk about
safety, statutes and the news. A logistic regression, learnt from examples written for the project
(benchmarks/train_grave.py), and shipped; it only ever takes back what words told, so the words always say why.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kuulo.group.cluster import Array
from kuulo.lang.grave import Told, grave_words

# Log odds from which words are believed: 98 of 100 examples that the regression has not seen reach it.
BELIEVED_FROM = -2.4


@dataclass(frozen=True, slots=True)
class _Sense:
    weights: NDArray[np.float64]
    offset: float


def grave(text: str, language: str, vector: Array) -> list[Told]:
    """Tell what grave matters a message may be about and by which words; ``vector`` (768,) is its unit vector."""
    return grave_words(text, language) if sounds_grave(vector) >= BELIEVED_FROM else []


def sounds_grave(vector: Array) -> float:
    """Give the log odds that a message with such a unit vector (768,) is about something grave."""
    sense = _shipped()
    return float((sense.weights * vector.astype(np.float64)).sum()) + sense.offset


@cache
def _shipped() -> _Sense:
    with (files("kuulo.group") / "grave.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        return _Sense(stored["weights"].astype(np.float64), float(stored["offset"]))

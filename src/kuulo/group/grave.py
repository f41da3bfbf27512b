"""Tell whether one message may be about something grave, by its words and by what its vector says it is about.

Words alone flag every seventh long proposal; the vector tells a report of what happens here and now from talk about
safety, statutes and news. So words are believed where the vector does not speak against them, and a vector that
speaks clearly is believed without words. Two logistic regressions, learnt from examples written for the project
(benchmarks/train_grave.py) and shipped.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kuulo.group.cluster import Array
from kuulo.lang.grave import KINDS, Told, grave_words

# Log odds from which words are believed, and from which the vector is believed alone (docs/benchmarks.md).
WORDS_FROM, ALONE_FROM = -1.0, -0.2


@dataclass(frozen=True, slots=True)
class _Sense:
    """``weights`` (768,) and ``offset``: grave or not; ``kind_weights`` (5, 768), ``kind_offsets`` (5,): of KINDS."""

    weights: NDArray[np.float64]
    offset: NDArray[np.float64]
    kind_weights: NDArray[np.float64]
    kind_offsets: NDArray[np.float64]


def grave(text: str, language: str, vector: Array | None) -> list[Told]:
    """Tell what grave matters a message may be about, and by which words; ``vector`` (768,) is its unit vector.

    No words where it only reads like messages about the one kind that is told then. Without a vector words tell.
    """
    if vector is None:
        return grave_words(text, language)
    odds = sounds_grave(vector)
    told = grave_words(text, language) if odds >= WORDS_FROM else []
    return told or ([Told(_likeliest(vector), ())] if odds >= ALONE_FROM else [])


def sounds_grave(vector: Array) -> float:
    """Give the log odds that a message with such a unit vector (768,) is about something grave."""
    sense = _shipped()
    return float((sense.weights * vector.astype(np.float64)).sum() + sense.offset)


def _likeliest(vector: Array) -> str:
    sense = _shipped()
    shares = (sense.kind_weights * vector.astype(np.float64)).sum(axis=1) + sense.kind_offsets
    return KINDS[int(shares.argmax())]


@cache
def _shipped() -> _Sense:
    with (files("kuulo.group") / "grave.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        return _Sense(**{name: stored[name].astype(np.float64) for name in _Sense.__slots__})

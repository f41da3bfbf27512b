"""Tell whether one message may be about something grave, by its words and by what its vector says it is about.

Words alone flag every seventh long proposal and hear nothing between the lines; the vector tells a report of what
happens here and now from talk about safety, statutes and news. A support vector machine on the vector decides, and
words that tell so weigh with it. It was learnt from messages written for the project (benchmarks/train_grave.py).
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kuulo.group.cluster import Array
from kuulo.lang.grave import KINDS, Told, grave_words

# From here a message may be grave, and is likely to be (docs/benchmarks.md).
POSSIBLE, LIKELY = -0.43, 0.0
# Words that tell so count so much.
WORDS = 0.26


@dataclass(frozen=True, slots=True)
class Grave:
    """What grave matters a message may be about, at least one; ``likely`` or only possible."""

    told: tuple[Told, ...]
    likely: bool


@dataclass(frozen=True, slots=True)
class _Sense:
    """What was learnt.

    A vector less ``mean`` (768,) is turned by ``axes`` (768, k). ``support`` (n, k) are examples, of squared
    ``lengths`` (n,), with their ``pull`` (n,), which falls with the squared distance by ``gamma``; all of them and
    ``offset`` give the margin.
    ``kind_weights`` (5, 768) and ``kind_offsets`` (5,) tell which of KINDS it is.
    """

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    support: NDArray[np.float32]
    lengths: NDArray[np.float32]
    pull: NDArray[np.float32]
    gamma: NDArray[np.float32]
    offset: NDArray[np.float32]
    kind_weights: NDArray[np.float32]
    kind_offsets: NDArray[np.float32]


def grave(text: str, language: str, vector: Array | None) -> Grave | None:
    """Tell what grave matters a message may be about, and by which words; ``vector`` (768,) is its unit vector.

    No words where it only reads like messages about the one kind that is told then. Without a vector words tell.
    """
    words = grave_words(text, language)
    if vector is None:
        return Grave(tuple(words), likely=True) if words else None
    margin = sounds_grave(vector) + (WORDS if words else 0.0)
    if margin < POSSIBLE:
        return None
    return Grave(_told(words, likeliest(vector)), likely=margin >= LIKELY)


def sounds_grave(vector: Array) -> float:
    """Give the margin of a unit vector (768,): above 0 it lies among messages about something grave."""
    sense = _shipped()
    turned = (vector.astype(np.float32) - sense.mean) @ sense.axes
    away = sense.lengths + (turned**2).sum() - 2 * (sense.support @ turned)
    return float((sense.pull * np.exp(-sense.gamma * away)).sum() + sense.offset)


def likeliest(vector: Array) -> str:
    """Give the one of KINDS that a grave message with such a unit vector (768,) is most likely of."""
    sense = _shipped()
    shares = (sense.kind_weights * vector.astype(np.float32)).sum(axis=1) + sense.kind_offsets
    return KINDS[int(shares.argmax())]


def _told(words: list[Told], kind: str) -> tuple[Told, ...]:
    """Put the kind that the whole reads like before what single words tell of."""
    own = next((one for one in words if one.kind == kind), Told(kind, ()))
    return (own, *(one for one in words if one.kind != kind))


@cache
def _shipped() -> _Sense:
    with (files("kuulo.group") / "grave.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        held = {name: stored[name].astype(np.float32) for name in stored.files}
    # kept as whole numbers of a step, a quarter of the room
    held["support"] *= held.pop("step")
    held["lengths"] = (held["support"] ** 2).sum(axis=1)
    return _Sense(**held)

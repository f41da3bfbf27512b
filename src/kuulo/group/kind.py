"""Tell what a message does: its writer wants, opposes, asks, reports, thanks or tells; or it is unclear.

A softmax over the vector that the text has already and over cues (words and signs) that it holds. The weights were
learnt from examples written for the project and from the golden set (benchmarks/train_kinds.py) and are shipped. A
text's kind depends on the text alone, to the last bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kuulo.group.languages import unit
from kuulo.lang.kind_cues import cue_names, cues_in, languages_of, sentences

Array = NDArray[np.float64]
KINDS = ("wants", "opposes", "asks", "reports", "thanks", "tells")
UNCLEAR = "unclear"
# From which certainty on each kind is told. For and against have to be right in four of five (docs/benchmarks.md):
# a wish is rarely so certain, as readers differ on what a message with a wish does first.
TOLD_FROM = (0.9, 0.65, 0.5, 0.5, 0.5, 0.5)
# What the vector and the cues weigh beside each other.
_VECTOR_WEIGHT, _CUE_WEIGHT = 2.0, 0.5
_SIGNS = ("?", "!", "…")
_SHORT, _MIDDLING, _LONG = 6, 12, 40
_ROWS_AT_A_TIME = 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """``code`` is one of KINDS or "unclear"; ``certainty`` (0-1) is that of the likeliest kind in either case."""

    code: str
    certainty: float


@dataclass(frozen=True, slots=True)
class Recogniser:
    """What was learnt: ``mean`` (768) of vectors, ``weights`` (6, features), ``offset`` (6).

    ``slope`` and ``bias`` (6) turn the share of the likeliest kind into how often such a guess is right.
    """

    mean: Array
    weights: Array
    offset: Array
    slope: Array
    bias: Array

    @classmethod
    def shipped(cls) -> "Recogniser":
        """Give the one that ships with this version."""
        return _shipped()

    def tell(self, features: Array) -> list[Kind]:
        """Give the kind of each row of features (n, features)."""
        share = self.shares(features)
        best = share.argmax(axis=1)
        sure = self.certainty(share)
        return [
            Kind(KINDS[one] if certainty >= TOLD_FROM[one] else UNCLEAR, certainty)
            for one, certainty in zip(best.tolist(), sure.tolist(), strict=True)
        ]

    def shares(self, features: Array) -> Array:
        """Give each kind's share (n, 6); the rows add up to 1."""
        # not a matrix product: that rounds by the number of rows
        score = np.einsum("nd,kd->nk", features, self.weights) + self.offset
        power = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(power / power.sum(axis=1, keepdims=True))

    def certainty(self, share: Array) -> Array:
        """Give how often the likeliest kind of such shares is right, three decimals."""
        best = share.argmax(axis=1)
        odds = log_odds(share.max(axis=1))
        return np.asarray(np.round(1 / (1 + np.exp(-(self.slope[best] * odds + self.bias[best]))), 3))


def tell_kinds(texts: Sequence[str], raw: NDArray[np.float16]) -> list[Kind]:
    """Give one kind for each distinct text from its raw vector (n, 768), see Encoder.raw_vectors."""
    recogniser = Recogniser.shipped()
    found: list[Kind] = []
    for start in range(0, len(texts), _ROWS_AT_A_TIME):
        rows = slice(start, start + _ROWS_AT_A_TIME)
        found += recogniser.tell(features(texts[rows], raw[rows], recogniser.mean))
    return found


def features(texts: Sequence[str], raw: NDArray[np.float16], mean: Array) -> Array:
    """Give what kinds are told by (n, features): the centred vector, then the cues."""
    held = np.array([_cues(text) for text in texts], np.float64).reshape(len(texts), -1)
    return np.concatenate(
        [_VECTOR_WEIGHT * unit((halves(raw) - mean).astype(np.float32)), _CUE_WEIGHT * held], axis=1
    )


def halves(raw: NDArray[np.float16]) -> Array:
    """Give vectors (n, 768) whose two halves, token mean and first token, have length 1 each."""
    parts = [unit(half.astype(np.float32)) for half in np.split(raw, 2, axis=1)]
    return np.concatenate(parts, axis=1).astype(np.float64)


def log_odds(share: Array) -> Array:
    """Give the logarithm of the odds of shares between 0 and 1."""
    kept = np.clip(share, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept / (1 - kept)))


def _cues(text: str) -> list[float]:
    parts = sentences(text) or [text]
    languages = languages_of(text)
    held = set[int]().union(*(cues_in(part, languages) for part in parts))
    signs = {sign for part in parts for sign in _SIGNS if sign in part.replace("...", "…")[-4:]}
    return [
        *(float(at in held) for at in range(len(cue_names()))),
        *(float(sign in signs) for sign in _SIGNS),
        *_shape(text, len(parts)),
    ]


def _shape(text: str, parts: int) -> list[float]:
    """Give what a text's length and figures tell; numbers of about 1."""
    words = len(text.split())
    length = float(np.log(max(words, 1))) / 3
    digits = sum(map(str.isdigit, text))
    return [
        length,
        parts / 5,
        length / parts**0.5,
        float(digits > 0),
        float(digits > 2),
        float(text[:1].islower()),
        float(any(len(word) > 2 and word.isupper() for word in text.split())),
        float(words <= _SHORT),
        float(words <= _MIDDLING),
        float(words >= _LONG),
    ]


@cache
def _shipped() -> Recogniser:
    with (files("kuulo.group") / "kinds.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        return Recogniser(**{name: stored[name].astype(np.float64) for name in Recogniser.__slots__})

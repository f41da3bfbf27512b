"""Bridge: bring texts nearer that use words of the same municipal service, in whatever language.

Short informal texts say little that an encoder of this size understands; but "plogbil" and "aura-auto" stand
beside each other in the service vocabulary. A word counts for a service only where the whole text is near
that service too, so that a chance word ("ledig") builds no bridge and texts about other things stay as they are.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import numpy as np

from kuulo.group.cluster import Array
from kuulo.lang.services import LANGUAGES, Concept, concepts

_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = 6
_SPREAD = 12
_LABEL_WEIGHT, _SENTENCE_WEIGHT = 2.0, 1.0
_NEAR, _CALM, _STRENGTH = 0.2, 0.3, 0.3
_ROWS_AT_A_TIME = 1024


def bridged(vectors: Array, texts: Sequence[str], concept_vectors: Array) -> Array:
    """Give vectors for linking (n, d + concepts): the unit ``vectors`` (n, d), lengthened by their services.

    The likeness of two texts that share a service grows by 0.3 at most; that of all others is unchanged.
    """
    services = services_of(vectors, texts, concept_vectors)
    services *= np.float32(_STRENGTH**0.5)
    return np.concatenate([vectors, services], axis=1)


def services_of(vectors: Array, texts: Sequence[str], concept_vectors: Array) -> Array:
    """Give how clearly each text uses the words of each service (n, concepts): rows of length 0 to 1."""
    found = np.empty((len(texts), len(concept_vectors)), np.float32)
    for start in range(0, len(texts), _ROWS_AT_A_TIME):
        rows = slice(start, start + _ROWS_AT_A_TIME)
        used = _used(texts[rows], len(concept_vectors))
        used *= np.maximum(vectors[rows] @ concept_vectors.T - _NEAR, 0)
        # a faint bridge counts for less than a clear one
        found[rows] = used / (np.linalg.norm(used, axis=1, keepdims=True) + _CALM)
    return found


def _used(texts: Sequence[str], services: int) -> Array:
    """Give how many words of each service each text uses (n, services), rare ones counting more."""
    index = _index()
    used = np.zeros((len(texts), services), np.float32)
    for row, text in enumerate(texts):
        for start in {word[:_LETTERS] for word in _WORD.findall(text.casefold())}:
            for concept, weight in index.get(start, ()):
                used[row, concept] += weight
    return used


@cache
def _index() -> dict[str, tuple[tuple[int, float], ...]]:
    """Give, for each beginning of a word, the services it belongs to; words of many services tell none."""
    found: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for number, concept in enumerate(concepts()):
        for start, weight in _starts(concept).items():
            found[start][number] = weight
    return {
        start: tuple((number, weight / len(services)) for number, weight in sorted(services.items()))
        for start, services in found.items()
        if len(services) <= _SPREAD
    }


def _starts(concept: Concept) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    for language in LANGUAGES:
        wording = concept.wording[language]
        named = " ".join([wording.label, *wording.words])
        for weight, text in ((_LABEL_WEIGHT, named), (_SENTENCE_WEIGHT, wording.sentence)):
            for start in {word[:_LETTERS] for word in _WORD.findall(text.casefold())}:
                weights[start] += weight
    return weights

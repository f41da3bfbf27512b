"""Take the language out of vectors: project away the fixed directions in which the languages differ.

Without this a mixed collection falls apart by language before it falls apart by matter. The directions were
computed once from the parallel sentences of the service vocabulary (calibrate.py) and are shipped, so no
language has to be recognised and a vector does not depend on its company.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
# What the first token's state weighs beside the mean of the token states.
_FIRST_WEIGHT = 0.7
_ROWS_AT_A_TIME = 1024


@dataclass(frozen=True, slots=True)
class LanguageBasis:
    """``mean`` (2, 384) and orthonormal ``directions`` (2, 4, 384), of the token mean and the first token."""

    mean: Array
    directions: Array

    @classmethod
    def shipped(cls) -> "LanguageBasis":
        """Load the basis that ships with this version."""
        with (files("kuulo.group") / "calibration.npz").open("rb") as file:
            stored = np.load(file, allow_pickle=False)
            return cls(stored["language_mean"], stored["language_directions"])

    @classmethod
    def of_parallel(cls, raw: NDArray[np.float16]) -> "LanguageBasis":
        """Compute from raw vectors (languages, sentences, 768) of the same sentences in each language."""
        halves = np.stack(np.split(raw.astype(np.float32), 2, axis=-1))
        by_language = unit(halves).mean(axis=2)
        mean = by_language.mean(axis=1)
        apart = by_language - mean[:, None]
        directions = [np.linalg.svd(part, full_matrices=False)[2][: len(part) - 1] for part in apart]
        return cls(mean, np.stack(directions))


@cache
def shipped_concepts() -> Array:
    """Load the unit vectors (concepts, 768) of the service vocabulary, in its order, for linking texts."""
    return _shipped("concepts")


@cache
def shipped_services() -> Array:
    """Load the unit vectors (concepts, 768) of the same services by all their words, for naming."""
    return _shipped("services")


def _shipped(name: str) -> Array:
    with (files("kuulo.group") / "calibration.npz").open("rb") as file:
        return np.asarray(np.load(file, allow_pickle=False)[name], np.float32)


def without_language(raw: NDArray[np.float16], basis: LanguageBasis) -> Array:
    """Give unit vectors (n, 768) from raw ones: each half centred, the language directions projected out."""
    found = np.empty(raw.shape, np.float32)
    for start in range(0, len(raw), _ROWS_AT_A_TIME):
        rows = slice(start, start + _ROWS_AT_A_TIME)
        found[rows] = _without_language(raw[rows], basis)
    return found


def _without_language(raw: NDArray[np.float16], basis: LanguageBasis) -> Array:
    parts = []
    for half, mean, directions in zip(np.split(raw, 2, axis=1), basis.mean, basis.directions, strict=True):
        centred = unit(half.astype(np.float32)) - mean
        parts.append(unit(centred - _shadow(centred, directions)))
    parts[1] *= _FIRST_WEIGHT
    return unit(np.concatenate(parts, axis=1))


def _shadow(rows: Array, directions: Array) -> Array:
    """Project rows (n, d) onto directions (k, d). Not by a matrix product: that rounds by the number of rows."""
    along = np.einsum("nd,kd->nk", rows, directions)
    return np.asarray(np.einsum("nk,kd->nd", along, directions), np.float32)


def unit(rows: Array) -> Array:
    """Scale the last axis to length 1 (a zero row stays zero)."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-9), np.float32)

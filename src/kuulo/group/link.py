"""Link: find each text's nearest neighbours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_ROWS_AT_A_TIME = 256
_EXACT_UP_TO = 20_000
_PROBED_CELLS = 16


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``index`` and cosine ``likeness``, both (n, k), nearest first; a row does not name itself."""

    index: NDArray[np.int64]
    likeness: Array

    def first(self, k: int) -> "Neighbours":
        """Give the k nearest of each."""
        return Neighbours(self.index[:, :k], self.likeness[:, :k])

    def nearer(self, by: Array) -> "Neighbours":
        """Give the same neighbours, each likeness raised ``by`` (n, k) so much."""
        return Neighbours(self.index, np.asarray(self.likeness + by, np.float32))


def nearest(vectors: Array, k: int) -> Neighbours:
    """Find the k nearest of each of the unit ``vectors`` (n, d); k is at most n - 1.

    Exact up to 20,000 rows; above that only the sixteen nearest of about sqrt(n) cells are searched.
    """
    k = max(0, min(k, len(vectors) - 1))
    index = np.empty((len(vectors), k), np.int64)
    likeness = np.empty((len(vectors), k), np.float32)
    if k == 0:
        return Neighbours(index, likeness)
    everything = np.arange(len(vectors))
    blocks = (
        [(everything[at : at + _ROWS_AT_A_TIME], everything) for at in range(0, len(vectors), _ROWS_AT_A_TIME)]
        if len(vectors) <= _EXACT_UP_TO
        else _cells(vectors)
    )
    for rows, candidates in blocks:
        found, close = _nearest_among(vectors, rows, candidates, k)
        index[rows], likeness[rows] = found, close
    return Neighbours(index, likeness)


def _nearest_among(
    vectors: Array, rows: NDArray[np.int64], candidates: NDArray[np.int64], k: int
) -> tuple[NDArray[np.int64], Array]:
    scores = vectors[rows] @ vectors[candidates].T
    scores[rows[:, None] == candidates[None, :]] = -2
    top = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    close = np.take_along_axis(scores, top, axis=1)
    # equals fall by position, at the edge too: which of them the partition picked is its whim
    edge = close.min(axis=1, keepdims=True)
    for row in np.flatnonzero((scores == edge).sum(axis=1) > (close == edge).sum(axis=1)):
        above, equal = np.flatnonzero(scores[row] > edge[row]), np.flatnonzero(scores[row] == edge[row])
        top[row] = np.concatenate([above, equal])[:k]
        close[row] = scores[row, top[row]]
    order = np.lexsort((top, -close), axis=1)
    return candidates[np.take_along_axis(top, order, axis=1)], np.take_along_axis(close, order, axis=1)


def _cells(vectors: Array) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Give (rows of a cell, candidates from the cells around it) for every cell."""
    generator = np.random.default_rng(0)
    count = int(np.sqrt(len(vectors)))
    centres = vectors[np.sort(generator.choice(len(vectors), count, replace=False))]
    for _ in range(4):
        cell = _nearest_centre(vectors, centres)
        onehot_sums = np.zeros_like(centres)
        for place in range(count):
            onehot_sums[place] = vectors[cell == place].sum(axis=0)
        length = np.linalg.norm(onehot_sums, axis=1, keepdims=True)
        centres = np.where(length > 0, onehot_sums / np.maximum(length, 1e-9), centres)
    cell = _nearest_centre(vectors, centres)
    members = [np.flatnonzero(cell == place) for place in range(count)]
    around = np.argsort(-(centres @ centres.T), axis=1, kind="stable")[:, :_PROBED_CELLS]
    return [
        (rows, np.sort(np.concatenate([members[other] for other in around[place]])))
        for place, rows in enumerate(members)
        if len(rows)
    ]


def _nearest_centre(vectors: Array, centres: Array) -> NDArray[np.int64]:
    parts = [
        (vectors[at : at + _ROWS_AT_A_TIME] @ centres.T).argmax(axis=1)
        for at in range(0, len(vectors), _ROWS_AT_A_TIME)
    ]
    return np.concatenate(parts)

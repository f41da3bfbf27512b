"""Cluster: put linked texts into themes by consensus over many partitions.

One partition of a neighbour graph changes when a few messages come or go. So the graph is partitioned many
times (neighbourhood sizes, resolutions, node orders); links are then weighted by how often their two ends
stood together, and that graph is partitioned once more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sknetwork.clustering import Louvain

from kuulo.group.link import Neighbours

Array = NDArray[np.float32]
Labels = NDArray[np.int64]

_WIDTHS = (0.6, 0.8, 1.0, 1.2, 1.4)
_RESOLUTIONS = (0.7, 1.0, 1.4)
_RESOLUTIONS_AGAIN = (0.8, 1.0, 1.25)
_SHARPNESS = 3
_CLOSENESS = 2.5
_SMALLEST_CORPUS = 4
# Large corpora are steady by their size: fewer partitions do.
_MANY_ORDERS_UP_TO, _ROUNDS_AGAIN_UP_TO = 5_000, 20_000
MOST_THEMES = 20


@dataclass(frozen=True, slots=True)
class Consensus:
    """``theme`` (n,), numbered from 0; ``firmness`` (n,) 0-1: how often a text's links held together."""

    theme: Labels
    firmness: Array


def usual_width(n: int) -> int:
    """Give the usual number of neighbours for n texts: it shrinks with n, or small corpora would be one."""
    return int(np.clip(round(0.5 * np.sqrt(n)), 4, 16))


def widest(n: int) -> int:
    """Give the largest number of neighbours that clustering n texts looks at."""
    return max(3, round(usual_width(n) * _WIDTHS[-1]))


def cluster(vectors: Array, links: Neighbours, *, most: int = MOST_THEMES) -> Consensus:
    """Put unit ``vectors`` (n, d) into at most so many themes by their links; fewer than four texts are one theme."""
    n = len(vectors)
    if n < _SMALLEST_CORPUS:
        return Consensus(np.zeros(n, np.int64), np.ones(n, np.float32))
    together = _together(links, list(_partitions(links, n)))
    if n <= _ROUNDS_AGAIN_UP_TO:
        steady = _graph(links, together**_SHARPNESS)
        again = [_louvain(steady, r, seed) for r in _RESOLUTIONS_AGAIN for seed in range(8)]
        held = _together(links, again)
    else:
        held = together
    theme = _merge_small(_louvain(_graph(links, held**_SHARPNESS), 1.0, None), vectors, most)
    # what the first round saw tells more: by the second nearly everything holds together
    return Consensus(theme, _firmness(links, together, theme))


def _together(links: Neighbours, partitions: Sequence[Labels]) -> NDArray[np.float64]:
    """Give, for each link (n, k), the share of partitions in which its two ends stood together."""
    shared = np.zeros(links.index.shape)
    for labels in partitions:
        shared += labels[:, None] == labels[links.index]
    return shared / len(partitions)


def _partitions(links: Neighbours, n: int) -> Iterator[Labels]:
    seeds = 4 if n <= _MANY_ORDERS_UP_TO else 1
    for width in sorted({max(3, round(usual_width(n) * share)) for share in _WIDTHS}):
        graph = _graph(links.first(width), None)
        for resolution in _RESOLUTIONS:
            for seed in range(seeds):
                yield _louvain(graph, resolution, seed)


def _graph(links: Neighbours, held: NDArray[np.float64] | None) -> sparse.csr_matrix:
    """Give the symmetric graph; a power of likeness lets close pairs, such as translations, hold together."""
    n, k = links.index.shape
    weight = np.maximum(links.likeness, 1e-3).astype(np.float64) ** _CLOSENESS
    if held is not None:
        weight = weight * held + 1e-6
    rows = np.repeat(np.arange(n), k)
    graph = sparse.csr_matrix((weight.ravel(), (rows, links.index.ravel())), shape=(n, n))
    return graph.maximum(graph.T).tocsr()


def _louvain(graph: sparse.csr_matrix, resolution: float, seed: int | None) -> Labels:
    shuffled = seed is not None
    method = Louvain(
        resolution=resolution,
        shuffle_nodes=shuffled,
        random_state=seed or 0,
        # the labels are all that is needed, and the rest takes a fifth of the time
        return_probs=False,
        return_aggregate=False,
    )
    return np.asarray(method.fit_predict(graph), np.int64)


def _merge_small(theme: Labels, vectors: Array, most: int) -> Labels:
    """Join the themes with the nearest centres until none is a mere crumb and there are at most so many."""
    crumb = max(2, len(theme) // 400)
    sizes = np.bincount(theme)
    sums = _sums(vectors, theme)
    while len(sizes) > 1 and (sizes.min() < crumb or len(sizes) > most):
        centres = _unit(sums)
        if sizes.min() < crumb:
            one = int(np.argmin(sizes))
            other = _nearest_other(centres, one)
        else:
            one, other = _closest_pair(centres, sizes)
        sums[other] += sums[one]
        sizes[other] += sizes[one]
        sums, sizes = np.delete(sums, one, axis=0), np.delete(sizes, one)
        theme = np.where(theme == one, other, theme)
        theme = theme - (theme > one)
    return theme


def _nearest_other(centres: Array, one: int) -> int:
    likeness = centres @ centres[one]
    likeness[one] = -2
    return int(np.argmax(likeness))


def _closest_pair(centres: Array, sizes: Labels) -> tuple[int, int]:
    """Give the pair to join: near each other, and small before large so that no theme swallows all."""
    apart = (1 - centres @ centres.T) * np.sqrt(np.add.outer(sizes, sizes))
    np.fill_diagonal(apart, np.inf)
    first, second = np.unravel_index(int(np.argmin(apart)), apart.shape)
    return int(first), int(second)


def centres_of(vectors: Array, labels: Labels) -> Array:
    """Give the unit mean vector of each label (labels are 0..k-1)."""
    return _unit(_sums(vectors, labels))


def _sums(vectors: Array, labels: Labels) -> Array:
    ones = np.ones(len(labels), np.float32)
    shape = (int(labels.max()) + 1, len(labels))
    return np.asarray(sparse.csr_matrix((ones, (labels, np.arange(len(labels)))), shape=shape) @ vectors, np.float32)


def _unit(sums: Array) -> Array:
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), np.float32)


def _firmness(links: Neighbours, together: NDArray[np.float64], theme: Labels) -> Array:
    """Give each text's mean share of partitions that kept it with its neighbours of the same theme."""
    same = theme[links.index] == theme[:, None]
    total = (together * same).sum(axis=1)
    return np.asarray(total / np.maximum(same.sum(axis=1), 1), np.float32)

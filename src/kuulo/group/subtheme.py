"""Find subthemes: groups of texts about one matter, so near each other that one answer would serve them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from kuulo.group.cluster import Array, Labels, cluster
from kuulo.group.lexical import word_starts

# Shared rare words add to likeness of meaning.
_WORD_WEIGHT = 0.5
# How far apart the texts of a subtheme may be on average: the nearest distance at which enough texts have
# company, within these bounds. Short, informal texts lie farther apart than long proposals do.
_NEAREST, _FARTHEST, _STEP = 0.57, 0.85, 0.01
_ENOUGH_WITH_COMPANY = 0.55
_COMPANY = 3
_LARGEST_BLOCK = 4000

_Tree = NDArray[np.float64] | None


def subthemes(vectors: Array, texts: Sequence[str]) -> tuple[Labels, float]:
    """Group by average linkage of meaning and shared words; give labels (n,) numbered from 0 and the distance."""
    trees = _trees(vectors, texts)
    distance = _company_distance(trees)
    return _cut_all(trees, distance), distance


def near_groups(vectors: Array, texts: Sequence[str], distance: float) -> Labels:
    """Group texts as subthemes does, at a given distance."""
    return _cut_all(_trees(vectors, texts), distance) if len(texts) else np.zeros(0, np.int64)


def _trees(vectors: Array, texts: Sequence[str]) -> list[tuple[Labels, _Tree]]:
    words = word_starts(texts)
    return [(block, _tree(vectors[block], words[block])) for block in _blocks(vectors)]


def _cut_all(trees: Sequence[tuple[Labels, _Tree]], distance: float) -> Labels:
    labels = np.empty(sum(len(block) for block, _ in trees), np.int64)
    before = 0
    for block, tree in trees:
        labels[block] = _cut(tree, len(block), distance) + before
        before = int(labels[block].max()) + 1
    return labels


def _tree(vectors: Array, words: sparse.csr_matrix) -> _Tree:
    if len(vectors) < 2:
        return None
    likeness = vectors @ vectors.T + _WORD_WEIGHT * (words @ words.T).toarray()
    upper = np.triu_indices(len(vectors), 1)
    return np.asarray(linkage(np.clip(1 - likeness[upper], 0, None), "average"), np.float64)


def _cut(tree: _Tree, n: int, distance: float) -> Labels:
    if tree is None:
        return np.zeros(n, np.int64)
    return np.asarray(fcluster(tree, distance, "distance"), np.int64) - 1


def _company_distance(trees: Sequence[tuple[Labels, _Tree]]) -> float:
    total = sum(len(block) for block, _ in trees)
    for distance in np.arange(_NEAREST, _FARTHEST, _STEP):
        met = 0
        for block, tree in trees:
            sizes = np.bincount(_cut(tree, len(block), float(distance)))
            met += int(sizes[sizes >= _COMPANY].sum())
        if met >= _ENOUGH_WITH_COMPANY * total:
            return float(distance)
    return _FARTHEST


def _blocks(vectors: Array) -> list[Labels]:
    """Split rows into blocks whose pairs fit the memory, along communities of the neighbour graph."""
    waiting = [np.arange(len(vectors))]
    done: list[Labels] = []
    while waiting:
        block = waiting.pop()
        if len(block) <= _LARGEST_BLOCK:
            done.append(block)
            continue
        labels = cluster(vectors[block]).theme
        if labels.max() == 0:
            labels = np.arange(len(block)) // _LARGEST_BLOCK
        waiting += [block[labels == label] for label in range(int(labels.max()) + 1)]
    return sorted(done, key=lambda rows: int(rows[0]))

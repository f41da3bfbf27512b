"""Find subthemes: groups of texts about one matter, so near each other that one answer would serve them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from kuulo.group.cluster import Array, Labels, cluster, widest
from kuulo.group.lexical import word_starts
from kuulo.group.link import nearest

# Shared rare words add to likeness of meaning.
_WORD_WEIGHT = 0.5
# How far apart the texts of a subtheme may be on average, within these bounds. Short, informal texts lie farther
# apart than long proposals do: how far, the nearest distance tells at which enough texts have company.
_NEAREST, _FARTHEST, _STEP = 0.57, 0.85, 0.01
_ENOUGH_WITH_COMPANY = 0.55
_COMPANY = 3
_STRETCH = 1.35
# A few texts have to be nearer than many, or those that fit nowhere would be a matter together.
_FEW, DISTANCE_OF_FEW = 8, 0.64
_CLOSE = 0.5
_LARGEST_BLOCK = 4000
_ROWS_AT_A_TIME = 256

_Tree = NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class Near:
    """Three cuts (n,) of the same trees, numbered from 0: ``about`` one matter, ``nearer`` as a few texts have to be,
    ``close`` as texts that want the same. ``distance``: how far apart the texts of the first are on average.
    """

    about: Labels
    nearer: Labels
    close: Labels
    distance: float

    def inside(self, theme: Labels) -> Labels:
        """Give the subthemes (n,) from 0, each inside one ``theme`` (n,)."""
        labels = _both(theme, self.about)
        few = np.bincount(labels)[labels] <= _FEW
        return numbered(np.where(few, -1 - _both(theme, self.nearer), labels))


def subthemes(vectors: Array, words: sparse.csr_matrix, theme: Labels) -> Near:
    """Group unit ``vectors`` (n, d) by average linkage of meaning and shared ``words`` (n, w).

    Where there are too many texts to compare all pairs, only those inside a ``theme`` are compared.
    """
    trees = _trees(vectors, words, theme)
    return _near(trees, _company_distance(trees))


def near_groups(vectors: Array, texts: Sequence[str], distance: float) -> Labels:
    """Group texts as subthemes does, at a given distance and as if all were of one theme."""
    if not len(texts):
        return np.zeros(0, np.int64)
    one = np.zeros(len(texts), np.int64)
    return _near(_trees(vectors, word_starts(texts), one), distance).inside(one)


def _near(trees: Sequence[tuple[Labels, _Tree]], distance: float) -> Near:
    nearer = min(distance, DISTANCE_OF_FEW)
    return Near(_cut_all(trees, distance), _cut_all(trees, nearer), _cut_all(trees, _CLOSE), distance)


def _both(one: Labels, other: Labels) -> Labels:
    return numbered(one * (int(other.max(initial=0)) + 1) + other)


def numbered(labels: Labels) -> Labels:
    """Give the same groups (n,), numbered from 0 without gaps."""
    return np.asarray(np.unique(labels, return_inverse=True)[1], np.int64)


def _trees(vectors: Array, words: sparse.csr_matrix, theme: Labels) -> list[tuple[Labels, _Tree]]:
    return [(block, _tree(vectors[block], words[block])) for block in _blocks(vectors, theme)]


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
    n = len(vectors)
    apart = np.empty(n * (n - 1) // 2)
    at = 0
    for start in range(0, n, _ROWS_AT_A_TIME):
        rows = slice(start, start + _ROWS_AT_A_TIME)
        likeness = vectors[rows] @ vectors.T + _WORD_WEIGHT * (words[rows] @ words.T).toarray()
        for row, line in enumerate(likeness, start=start):
            apart[at : at + n - 1 - row] = 1 - line[row + 1 :]
            at += n - 1 - row
    return np.asarray(linkage(np.clip(apart, 0, None, out=apart), "average"), np.float64)


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
            return min(_FARTHEST, _NEAREST + _STRETCH * (float(distance) - _NEAREST))
    return _FARTHEST


def _blocks(vectors: Array, theme: Labels) -> list[Labels]:
    """Split rows into blocks whose pairs fit the memory: all, else along themes, else along finer communities."""
    everyone = np.arange(len(vectors))
    if len(everyone) <= _LARGEST_BLOCK:
        return [everyone]
    waiting = [np.flatnonzero(theme == one) for one in range(int(theme.max()) + 1)]
    done: list[Labels] = []
    while waiting:
        block = waiting.pop()
        if len(block) <= _LARGEST_BLOCK:
            done.append(block)
            continue
        labels = cluster(vectors[block], nearest(vectors[block], widest(len(block)))).theme
        if labels.max() == 0:
            labels = np.arange(len(block)) // _LARGEST_BLOCK
        waiting += [block[labels == one] for one in range(int(labels.max()) + 1)]
    return sorted(done, key=lambda rows: int(rows[0]))

"""Arrive: place single messages at once among themes that stand, each of which is known by some of its messages.

Grow compares a text with every earlier one. Here that is bounded: up to a number of examples the vote is the same,
above it a draw of them votes. Which are drawn depends on their ids alone, so that it is the same after a restart.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kuulo.group.cluster import Array, Labels, widest
from kuulo.group.parts import further_of
from kuulo.group.subtheme import DISTANCE_OF_FEW

MOST_EXAMPLES = 20_000
_SLACK = 1.2
_MIX = np.uint64(0x9E3779B97F4A7C15)
# However large the others are, a theme is known by so many examples.
_FEWEST_EXAMPLES = 24
# A text is lost where its nearest examples do not agree on a theme, or are, on average, less alike than this. Among
# many small themes they never agree as well as where a whole file was grouped, so less is asked of them than there.
_AGREED, _FAR = 0.28, 0.15
SHOWN = 3
# Signs of a vector along so many fixed directions: near-copies differ in few of them.
_SIGNS, _SIGNS_APART, _MOST_COPIES = 256, 68, 6


@dataclass(frozen=True, slots=True)
class Example:
    """A placed message: its id, its theme and subtheme (0: none) by their ids, and whether it is counted there."""

    id: int
    theme: int
    subtheme: int = 0
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a text stands: theme and subtheme (0: none) by id, ``fit`` 0-1, the ids of its ``nearest`` examples
    there, and whether it is too unsure to be counted.
    """

    theme: int
    subtheme: int
    fit: float
    nearest: tuple[int, ...]
    uncertain: bool


def vote(likeness: Array, theme: Labels) -> tuple[int, float]:
    """Give the theme that earlier texts (n,) are the most likeness for, and its share of all their likeness."""
    votes: defaultdict[int, float] = defaultdict(float)
    for one, alike in zip(theme.tolist(), likeness.tolist(), strict=True):
        votes[one] += max(alike, 1e-3)
    chosen = max(sorted(votes), key=lambda one: votes[one])
    return chosen, votes[chosen] / sum(votes.values())


def voters(n: int) -> int:
    """Give how many of n earlier texts vote on a new one."""
    return min(n, max(4, widest(n)))


def most_alike(likeness: Array, k: int) -> Labels:
    """Give the places of the k highest of (n,), highest first; equals fall by their place. k is 1 to n."""
    edge = np.partition(likeness, len(likeness) - k)[len(likeness) - k]
    found = np.flatnonzero(likeness >= edge)
    return np.asarray(found[np.lexsort((found, -likeness[found]))][:k], np.int64)


class Standing:
    """The themes that stand, by examples.

    Vectors have length 1. Messages are added first ones of their families only, each once.
    """

    def __init__(self, width: int = 768) -> None:
        self._known: dict[int, Example] = {}
        self._heads, self._signs = _Column(np.int64), _Column(np.uint64, _SIGNS // 64)
        self._voters, self._themes = _Column(np.int64), _Column(np.int64)
        self._vectors = _Column(np.float32, width)
        self._subthemes = _Subthemes(width)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, examples: Sequence[Example], vectors: Array) -> None:
        """Add placed messages and their ``vectors`` (n, d). An uncertain one can have copies, but no vote."""
        self._known.update((one.id, one) for one in examples)
        self._heads.add([one.id for one in examples])
        self._signs.add(_signs(vectors))
        counted = [at for at, one in enumerate(examples) if one.counted]
        self._voters.add([examples[at].id for at in counted])
        self._themes.add([examples[at].theme for at in counted])
        self._vectors.add(vectors[counted])
        for at in counted:
            if examples[at].subtheme:
                self._subthemes.add(examples[at], vectors[at])

    def known(self, message: int) -> Example | None:
        """Give where a message stands, None where it is not known."""
        return self._known.get(message)

    def alike(self, vector: Array) -> list[int]:
        """Give the ids of messages so near that the text may be a copy of them, nearest first."""
        apart = np.bitwise_count(self._signs.rows ^ _signs(vector[None])).sum(axis=1)
        found = np.flatnonzero(apart <= _SIGNS_APART)
        return [int(one) for one in self._heads.rows[found[np.lexsort((found, apart[found]))][:_MOST_COPIES]]]

    def likeness(self, vectors: Array) -> Array:
        """Give how alike texts are to the examples (texts, examples), for ``place``: together it takes less time."""
        if len(self._voters.rows) > _SLACK * MOST_EXAMPLES:
            kept = _drawn(self._voters.rows, self._themes.rows)
            for column in (self._voters, self._themes, self._vectors):
                column.keep(kept)
        return np.asarray(vectors @ self._vectors.rows.T, np.float32)

    def place(
        self, vector: Array, likeness: Array, *, without: AbstractSet[int] = frozenset(), within: int = 0
    ) -> Arrival | None:
        """Place a text, in none of the themes ``without``, or ``within`` one; None where there is no such theme.

        ``likeness`` is its row of what ``likeness`` gave; messages added since are looked at too.
        """
        since = self._vectors.rows[len(likeness) :] @ vector
        alike = np.round(np.concatenate([likeness, since]), 5)
        rows = self._allowed(without, within)
        if not len(rows):
            return None
        near = rows[most_alike(alike[rows], voters(len(rows)))]
        theme, fit = vote(alike[near], self._themes.rows[near])
        subtheme, apart = self._subthemes.nearest(theme, vector)
        subtheme = subtheme if apart <= DISTANCE_OF_FEW else 0
        shown = near[self._themes.rows[near] == theme][:SHOWN]
        lost = fit < _AGREED or float(alike[near].mean()) < _FAR
        return Arrival(
            theme, subtheme, round(fit, 3), tuple(self._voters.rows[shown].tolist()), uncertain=lost and not subtheme
        )

    def matters(self, parts: Array, theme: int) -> list[tuple[int, int]]:
        """Give theme and subtheme that sentences (n, d) of a text of this ``theme`` clearly belong to besides."""
        return self._subthemes.matters(parts, theme)

    def _allowed(self, without: AbstractSet[int], within: int) -> Labels:
        themes = self._themes.rows
        allowed = themes == within if within else ~np.isin(themes, list(without))
        return np.flatnonzero(allowed).astype(np.int64)


class _Subthemes:
    """The sums of the vectors of each subtheme's messages."""

    def __init__(self, width: int) -> None:
        self._place: dict[int, int] = {}
        self._inside: defaultdict[int, list[int]] = defaultdict(list)
        self._ids, self._themes, self._counts = _Column(np.int64), _Column(np.int64), _Column(np.int64)
        self._sums = _Column(np.float32, width)

    def add(self, example: Example, vector: Array) -> None:
        at = self._place.setdefault(example.subtheme, len(self._place))
        if at == len(self._ids.rows):
            self._inside[example.theme].append(at)
            for column, value in ((self._ids, example.subtheme), (self._themes, example.theme), (self._counts, 0)):
                column.add([value])
            self._sums.add(np.zeros((1, len(vector)), np.float32))
        self._sums.rows[at] += vector
        self._counts.rows[at] += 1

    def nearest(self, theme: int, vector: Array) -> tuple[int, float]:
        """Give the subtheme whose messages are nearest on average and how far apart (0 and 2: none)."""
        inside = self._inside.get(theme)
        if not inside:
            return 0, 2.0
        near = np.round((self._sums.rows[inside] @ vector) / self._counts.rows[inside], 5)
        best = int(np.argmax(near))
        return int(self._ids.rows[inside[best]]), 1 - float(near[best])

    def matters(self, parts: Array, theme: int) -> list[tuple[int, int]]:
        if not len(self._sums.rows):
            return []
        lengths = np.linalg.norm(self._sums.rows, axis=1)
        likeness = (parts @ self._sums.rows.T) / np.maximum(lengths, 1e-9)
        found = further_of(likeness, self._themes.rows == theme, lone=self._counts.rows < 2)
        return [(int(self._themes.rows[at]), int(self._ids.rows[at])) for at in found]


class _Column:
    """Rows that grow, in an array with room for more."""

    def __init__(self, kind: type[np.generic], width: int = 0) -> None:
        self._held = np.zeros((64, width) if width else 64, kind)
        self._count = 0

    @property
    def rows(self) -> NDArray[Any]:
        return self._held[: self._count]

    def add(self, values: Sequence[int] | NDArray[Any]) -> None:
        needed = self._count + len(values)
        if needed > len(self._held):
            more = np.zeros((max(needed, 2 * len(self._held)), *self._held.shape[1:]), self._held.dtype)
            more[: self._count] = self.rows
            self._held = more
        self._held[self._count : needed] = values
        self._count = needed

    def keep(self, places: Labels) -> None:
        self._held = self._held[places]
        self._count = len(places)


def _drawn(ids: Labels, themes: Labels) -> Labels:
    """Give the places of the examples to keep: a draw by id alone, and no fewer than a few of each theme."""
    draw = (ids.astype(np.uint64) * _MIX) >> np.uint64(16)
    order = np.lexsort((ids, draw))
    rank = np.empty(len(ids), np.int64)
    seen: Counter[int] = Counter()
    for place in order.tolist():
        rank[place] = seen[int(themes[place])]
        seen[int(themes[place])] += 1
    first = np.flatnonzero(rank < _FEWEST_EXAMPLES)
    others = order[rank[order] >= _FEWEST_EXAMPLES][: max(0, MOST_EXAMPLES - len(first))]
    return np.sort(np.concatenate([first, others]))


@cache
def _directions(width: int) -> Array:
    return np.random.default_rng(1).standard_normal((width, _SIGNS)).astype(np.float32)


def _signs(vectors: Array) -> NDArray[np.uint64]:
    """Give on which side of fixed directions vectors (n, d) lie, as bits (n, 4)."""
    sides = np.packbits(vectors @ _directions(vectors.shape[1]) > 0, axis=1)
    return np.ascontiguousarray(sides).view(np.uint64)

"""Regroup: look at everything anew without letting go of what stands.

Themes keep their ids. What is done at once is small and counted: uncertain messages that have company by now,
messages without a subtheme that are near each other, and few messages that no longer fit where the machine had put
them. What would change a theme is only proposed: a fresh grouping is laid over what stands, and where the two differ
clearly, a theme splits, merges or emerges (the words of MONIC, Spiliopoulou 2006).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from kuulo.group.cluster import MOST_THEMES, Array, Labels, centres_of, widest
from kuulo.group.levels import Levels, around, group_vectors
from kuulo.group.link import nearest
from kuulo.group.subtheme import DISTANCE_OF_FEW, near_groups

# A message is moved where hardly any of its neighbours stand with it and most stand together elsewhere; at most so
# large a share of all is moved at once.
_FEWEST_OWN, _ENOUGH_ELSEWHERE, MOST_MOVED = 0.15, 0.6, 0.03
# An uncertain message has found company when so many of its neighbours stand together.
_COMPANY = 0.5
# What is proposed: groups of no fewer messages, firm ones, of which so large a share was never together before.
FEWEST, _FIRM, _LEAST_SHARE = 8, 0.6, 0.5
MOST_PROPOSED = 7
# A theme is taken in by another when so much of it stands with it, looked at afresh.
_ABSORBED = 0.6
_LARGEST_LOOK = 20_000
_SHOWN = 3

Change = Literal["split", "merge", "new"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stood:
    """What stands, a row for each message that is no copy: unit ``vectors`` (n, d) and ``texts``.

    ``theme`` and ``subtheme`` (n,) are numbers from 1 (0: none). ``counted`` (n,) is False where the message is
    uncertain; ``fixed`` (n,) tells what people placed. ``distance`` is how far apart the texts of a subtheme may be.
    """

    vectors: Array
    texts: Sequence[str]
    theme: Labels
    subtheme: Labels
    counted: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    distance: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A row that has another theme now, or has one for the first time; ``fit`` 0-1 is how well it stands there."""

    row: int
    theme: int
    subtheme: int
    fit: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposed:
    """A change of themes for people to decide on: ``theme`` would be split, or take in ``other``; a new one has
    neither.

    ``rows`` would change their theme. Of the fresh group that speaks for it, ``size`` is how many messages it holds,
    ``firmness`` (0-1) how steadily it stays together, ``central`` its most typical rows. ``overlap`` (0-1) is the
    share of ``other`` that stands in that group; or the share of the group that comes out of ``theme``; or, of a new
    theme, the share that comes from elsewhere than its commonest theme.
    """

    change: Change
    theme: int = 0
    other: int = 0
    rows: tuple[int, ...]
    size: int
    overlap: float
    firmness: float
    central: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Regrouped:
    """What a look at everything found: rows ``moved`` to another theme, uncertain rows ``settled`` in one, rows that
    ``joined`` a subtheme of their theme, groups of rows that ``founded`` one, and what is ``proposed``.
    """

    moved: Sequence[Moved]
    settled: Sequence[Moved]
    joined: Sequence[Moved]
    founded: Sequence[tuple[int, ...]]
    proposed: Sequence[Proposed]


def regroup(stood: Stood) -> Regrouped:
    """Look at what stands anew; the same input gives the same result. Fewer than four messages are left alone."""
    if len(stood.texts) < 4:
        return Regrouped(moved=(), settled=(), joined=(), founded=(), proposed=())
    number, theme = np.unique(np.where(stood.counted, stood.theme, 0), return_inverse=True)
    links = nearest(stood.vectors, widest(len(stood.texts)))
    share = around(links, np.asarray(theme, np.int64))
    share[:, number == 0] = 0
    moved, settled = _moved(stood, share, number), _settled(stood, share, number)
    gone = {one.row for one in moved}
    joined, founded = _subthemes(stood, [one for one in _without_subtheme(stood) if one not in gone])
    return Regrouped(moved=moved, settled=settled, joined=joined, founded=founded, proposed=_proposed(stood))


def _moved(stood: Stood, share: Array, number: Labels) -> list[Moved]:
    everyone = np.arange(len(share))
    own = share[everyone, np.searchsorted(number, np.where(stood.counted, stood.theme, number[0]))]
    best = share.argmax(axis=1)
    poor = stood.counted & ~stood.fixed & (own < _FEWEST_OWN) & (share[everyone, best] >= _ENOUGH_ELSEWHERE)
    rows = np.flatnonzero(poor)
    rows = rows[np.argsort(own[rows] - share[rows, best[rows]], kind="stable")][: int(MOST_MOVED * len(share))]
    chosen = _few_of_each(stood.theme[rows], np.bincount(stood.theme[stood.counted]))
    return [
        _placed(stood, row, int(number[best[row]]), float(share[row, best[row]])) for row in rows[chosen].tolist()
    ]


def _few_of_each(theme: Labels, sizes: Labels) -> Labels:
    """Give places in ``theme`` (n,) so that no theme is emptied step by step: few of each, the first ones."""
    left: Counter[int] = Counter()
    chosen = []
    for place, one in enumerate(theme.tolist()):
        if left[one] < int(MOST_MOVED * sizes[one]):
            left[one] += 1
            chosen.append(place)
    return np.array(chosen, np.int64)


def _settled(stood: Stood, share: Array, number: Labels) -> list[Moved]:
    rows = np.flatnonzero(~stood.counted & ~stood.fixed & (share.max(axis=1) >= _COMPANY))
    best = share.argmax(axis=1)
    return [_placed(stood, int(row), int(number[best[row]]), float(share[row, best[row]])) for row in rows]


def _placed(stood: Stood, row: int, theme: int, fit: float) -> Moved:
    part, apart = _nearest_subtheme(stood, row, theme)
    subtheme = part if apart <= DISTANCE_OF_FEW else 0
    return Moved(row=row, theme=theme, subtheme=subtheme, fit=round(fit, 3))


def _nearest_subtheme(stood: Stood, row: int, theme: int) -> tuple[int, float]:
    inside = np.flatnonzero((stood.theme == theme) & (stood.subtheme > 0) & stood.counted)
    if not len(inside):
        return 0, 2.0
    parts, place = np.unique(stood.subtheme[inside], return_inverse=True)
    near = np.bincount(place, stood.vectors[inside] @ stood.vectors[row]) / np.bincount(place)
    best = int(np.argmax(np.round(near, 5)))
    return int(parts[best]), 1 - float(near[best])


def _without_subtheme(stood: Stood) -> list[int]:
    return [int(row) for row in np.flatnonzero(stood.counted & (stood.theme > 0) & (stood.subtheme == 0))]


def _subthemes(stood: Stood, rows: Sequence[int]) -> tuple[list[Moved], list[tuple[int, ...]]]:
    """Let messages without a subtheme found one where they are near each other, else join one that is near enough."""
    joined: list[Moved] = []
    founded: list[tuple[int, ...]] = []
    by_theme = {int(one): [row for row in rows if stood.theme[row] == one] for one in np.unique(stood.theme[rows])}
    for theme, homeless in by_theme.items():
        groups = near_groups(stood.vectors[homeless], [stood.texts[row] for row in homeless], stood.distance)
        for label in range(int(groups.max(initial=-1)) + 1):
            members = [homeless[at] for at in np.flatnonzero(groups == label)]
            if len(members) > 1:
                founded.append(tuple(members))
                continue
            part, apart = _nearest_subtheme(stood, members[0], theme)
            if part and apart <= stood.distance:
                joined.append(Moved(row=members[0], theme=theme, subtheme=part, fit=0.0))
    return joined, founded


def _proposed(stood: Stood) -> list[Proposed]:
    """Lay a fresh grouping over what stands, and tell where they clearly differ."""
    rows = _looked_at(len(stood.texts))
    themes, old = np.unique(np.where(stood.counted, stood.theme, 0)[rows], return_inverse=True)
    most = max(MOST_THEMES, round(1.25 * len(themes)))
    fresh = group_vectors(stood.vectors[rows], texts=[stood.texts[row] for row in rows], most=most)
    return list(_View(stood, rows, themes, np.asarray(old, np.int64), fresh).proposals())


def _looked_at(n: int) -> Labels:
    """Give the rows of the fresh look: all, or of very many a draw."""
    if n <= _LARGEST_LOOK:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, _LARGEST_LOOK, replace=False)).astype(np.int64)


class _View:
    """A fresh grouping laid over what stands: how many messages each theme and each fresh group have in common."""

    def __init__(self, stood: Stood, rows: Labels, themes: Labels, old: Labels, fresh: Levels) -> None:
        self._stood = stood
        self._rows = rows
        self._themes = themes
        self._old, self._fresh = old, fresh.theme
        self._firmness = fresh.firmness
        self._common = np.zeros((len(themes), int(fresh.theme.max()) + 1), np.int64)
        np.add.at(self._common, (old, fresh.theme), 1)
        self._common[themes == 0] = 0
        self._of_theme = np.maximum(np.bincount(old, minlength=len(themes)), 1)
        self._of_fresh = np.bincount(fresh.theme)
        self._heir = self._heirs()

    def _heirs(self) -> dict[int, int]:
        """Give the fresh group that each theme lives on in, so that the most messages stay where they are."""
        pairs = zip(*linear_sum_assignment(self._common, maximize=True), strict=True)
        return {int(old): int(new) for old, new in pairs if self._common[old, new]}

    def proposals(self) -> list[Proposed]:
        """Give what is proposed, what speaks of the most messages first."""
        emerged = [one for group in range(len(self._of_fresh)) if (one := self._emerged(group))]
        merged = [one for theme in range(len(self._themes)) if (one := self._merged(theme))]
        return sorted([*emerged, *merged], key=lambda one: (-len(one.rows), one.rows))[:MOST_PROPOSED]

    def _emerged(self, group: int) -> Proposed | None:
        """Propose a fresh group that is no theme's heir: a part of one theme, or new out of several."""
        if group in self._heir.values():
            return None
        home = int(self._common[:, group].argmax())
        share = float(self._common[home, group] / self._of_fresh[group])
        inside = self._fresh == group
        split = share >= _LEAST_SHARE
        return self._proposed(
            inside & (self._old == home) if split else inside,
            group,
            change="split" if split else "new",
            theme=int(self._themes[home]) if split else 0,
            overlap=share if split else 1 - share,
        )

    def _merged(self, theme: int) -> Proposed | None:
        """Propose that a theme goes into another, where looked at afresh most of it stands with that one."""
        group = int(self._common[theme].argmax())
        share = float(self._common[theme, group] / self._of_theme[theme])
        home = next((old for old, new in self._heir.items() if new == group), theme)
        if home == theme or share < _ABSORBED or not self._themes[theme]:
            return None
        if self._common[home, group] < _LEAST_SHARE * self._of_theme[home]:
            return None
        return self._proposed(
            self._old == theme,
            group,
            change="merge",
            theme=int(self._themes[home]),
            other=int(self._themes[theme]),
            overlap=share,
            fewest=1,
        )

    def _proposed(
        self,
        chosen: NDArray[np.bool_],
        group: int,
        *,
        change: Change,
        theme: int,
        overlap: float,
        other: int = 0,
        fewest: int | None = None,
    ) -> Proposed | None:
        rows = self._rows[chosen & ~(self._stood.fixed[self._rows] & (change != "merge"))]
        firmness = float(self._firmness[self._fresh == group].mean())
        if len(rows) < (FEWEST if fewest is None else fewest) or firmness < _FIRM:
            return None
        return Proposed(
            change=change,
            theme=theme,
            other=other,
            rows=tuple(rows.tolist()),
            size=int(self._of_fresh[group]),
            overlap=round(overlap, 3),
            firmness=round(firmness, 3),
            central=self._central(rows),
        )

    def _central(self, rows: Labels) -> tuple[int, ...]:
        vectors = self._stood.vectors[rows]
        near = np.round(vectors @ centres_of(vectors, np.zeros(len(rows), np.int64))[0], 5)
        return tuple(rows[np.argsort(-near, kind="stable")][:_SHOWN].tolist())

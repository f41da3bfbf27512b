"""Quiet: whether a discussion that was opened has fewer voices than was hoped for.

    judgement = judge(course, wanted, past=[...])

A voice is one more person, however often they write: two loud ones are not a discussion. There are two rules. Once
``wanted.within`` days have passed, fewer voices than wanted are few: that needs no history. Before that, a
discussion is quieter than usual where so few voices by this age are rare among the municipality's own earlier
discussions of the kind: the lower tail of the negative binomial that fits them, as a new one would be drawn from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betainc

# So many earlier discussions tell what is usual.
FEWEST = 6
# One in ten of the usual ones is as quiet as this by chance.
RARE = 0.1
# Where nothing is known: so many voices within so many days; and never fewer are wanted.
ASSUMED, WITHIN, LEAST = 5, 14, 3
# Of the earlier ones three in four came to what is proposed.
_REACHED = 0.25
Code = Literal["to-come", "too-early", "quieter", "quiet", "enough", "closed-quiet", "closed"]


@dataclass(frozen=True, slots=True)
class Course:
    """How a discussion went: whole ``days`` since it was opened, to its end or now (below 0: yet to be opened), and
    the voices that were new on each day, by how many days it was old. ``over``: nobody can join any more.
    """

    days: int
    voices: Mapping[int, int]
    over: bool = False

    def by(self, days: int) -> int:
        """Count the voices of its first days."""
        return sum(n for day, n in self.voices.items() if day < days)

    @property
    def heard(self) -> int:
        """Count all voices, today's too."""
        return sum(self.voices.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Fewest voices within so many days; ``of`` how many earlier discussions that was learnt, 0: assumed or said."""

    voices: int
    within: int
    of: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is seen. ``expected`` voices by now and the ``chance`` of so few, out of ``of`` earlier discussions; None
    where those are too few to tell.
    """

    code: Code
    heard: int
    days: int
    expected: float | None = None
    chance: float | None = None
    of: int = 0

    @property
    def is_quiet(self) -> bool:
        """Tell whether something can still be done about it, and should be."""
        return self.code in {"quiet", "quieter"}


def judge(course: Course, wanted: Wanted, *, past: Sequence[Course] = ()) -> Judgement:
    """Judge a discussion by what was wanted of it and by the ``past`` ones of its kind."""
    then = [one.by(course.days) for one in past if one.days >= course.days > 0]
    known = len(then) >= FEWEST
    expected, chance = (float(np.mean(then)), lower_tail(course.heard, then)) if known else (None, None)
    code = _code(course, wanted, chance)
    return Judgement(code, course.heard, course.days, expected, chance, len(then) if known else 0)


def _code(course: Course, wanted: Wanted, chance: float | None) -> Code:
    if course.days < 0:
        return "to-come"
    few = course.heard < wanted.voices
    if course.over:
        return "closed-quiet" if few else "closed"
    if not few:
        return "enough"
    if course.days >= wanted.within:
        return "quiet"
    return "quieter" if chance is not None and chance <= RARE else "too-early"


def lower_tail(heard: int, past: Sequence[int]) -> float:
    """Give the chance (0-1) that one more draw of what gave ``past`` is at most ``heard``. Needs two or more.

    The negative binomial has the mean of the past, and its variance, at least a Poisson's, widened by what so few
    leave unknown of the mean.
    """
    mean = float(np.mean(past))
    if mean == 0:
        return 1.0
    variance = max(float(np.var(past, ddof=1)), mean) * (1 + 1 / len(past))
    size = mean**2 / (variance - mean)
    return float(betainc(size, heard + 1, size / (size + mean)))


def usual(past: Sequence[Course], *, within: int = WITHIN) -> Wanted:
    """Propose what to want of a new discussion: what three in four before it came to, where these are enough."""
    whole = [one.by(within) for one in past if one.over or one.days >= within]
    if len(whole) < FEWEST:
        return Wanted(ASSUMED, within)
    return Wanted(max(LEAST, int(np.quantile(whole, _REACHED, method="lower"))), within, len(whole))

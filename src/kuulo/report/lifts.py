"""Lifts: which senders write about a theme clearly more often than the others do."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from kuulo.group.result import Grouping
from kuulo.report.facets import Facet

_FEWEST = 5
_LEAST = 1.2
_DOUBT = 0.05
_MOST_PER_THEME = 3


@dataclass(frozen=True, slots=True)
class Lift:
    """Messages with a value of a facet (both by number) are about a theme ``times`` as often as the others are.

    ``count`` of the theme's messages have the value; copies are left out.
    """

    facet: int
    value: int
    times: float
    count: int


def lifts(grouping: Grouping, facets: Sequence[Facet]) -> dict[str, tuple[Lift, ...]]:
    """Find the lifts of each theme and subtheme by its id, the surest first, three at most.

    A lift is named from five messages on, and only where the lower end of its 95 % interval, corrected for all
    comparisons that were made (Bonferroni), lies above 1.2. The interval is that of the ratio of two shares, by
    its logarithm.
    """
    rows = [row for row, place in enumerate(grouping.placements) if place.status == "grouped" and place.copy_of < 0]
    members = Counter(name for row in rows for name in _names(grouping, row))
    told = [(number, facet) for number, facet in enumerate(facets) if facet.tells_sender or facet.is_latest]
    comparisons = len(members) * sum(len(facet.values) for _, facet in told)
    if not comparisons:
        return {}
    width = NormalDist().inv_cdf(1 - _DOUBT / (2 * comparisons))
    found: dict[str, list[tuple[float, Lift]]] = {}
    for number, facet in told:
        known = [row for row in rows if facet.of[row] >= 0]
        with_value = Counter(facet.of[row] for row in known)
        inside = Counter(name for row in known for name in _names(grouping, row))
        both = Counter((name, facet.of[row]) for row in known for name in _names(grouping, row))
        for (name, value), count in sorted(both.items()):
            have = with_value[value]
            times, least = _ratio(count, have, inside[name] - count, len(known) - have, width)
            if count >= _FEWEST and least > _LEAST:
                found.setdefault(name, []).append((least, Lift(number, value, times, count)))
    return {
        name: tuple(lift for _, lift in sorted(pairs, key=lambda pair: -pair[0])[:_MOST_PER_THEME])
        for name, pairs in found.items()
    }


def _names(grouping: Grouping, row: int) -> set[str]:
    place = grouping.placements[row]
    return {place.theme, place.subtheme} - {""}


def _ratio(count: int, size: int, other_count: int, other_size: int, width: float) -> tuple[float, float]:
    """Give the ratio of two shares and the lower end of its interval, ``width`` standard errors wide.

    Where none of the others is counted, half a message is added to each side, so that the ratio is finite.
    """
    if not size or not other_size:
        return 1.0, 0.0
    more = 0 if other_count else 0.5
    share, other_share = (count + more) / (size + more), (other_count + more) / (other_size + more)
    error = math.sqrt(max(0.0, (1 - share) / (count + more) + (1 - other_share) / (other_count + more)))
    return share / other_share, share / other_share * math.exp(-width * error)

"""Lifts: which senders write about a theme clearly more often than the others do."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scipy.special import betaincinv

from kuulo.group.result import Grouping
from kuulo.message import Message
from kuulo.report.facets import Facet

_FEWEST = 5
_LEAST = 1.2
_DOUBT = 0.05
_MOST_PER_THEME = 3

# One who writes: an author, or a message whose author is not told.
_Writer = str | int


@dataclass(frozen=True, slots=True)
class Lift:
    """Those with a value of a facet (both by number) write about a theme ``times`` as often as the others do;
    ``times`` is infinite where none of the others does.
    """

    facet: int
    value: int
    times: float


def lifts(messages: Sequence[Message], grouping: Grouping, facets: Sequence[Facet]) -> dict[str, tuple[Lift, ...]]:
    """Find the lifts of each theme and subtheme by its id, the surest first, three at most.

    A lift is named from five writers on, and only where the lower end of its 95 % interval lies above 1.2. The
    interval is the exact one of the ratio of two rates (given their sum the one count is binomial), corrected for all
    comparisons that could have given five (Bonferroni). Each author counts once, copies do not count.
    """
    rows = [row for row, place in enumerate(grouping.placements) if place.status == "grouped" and place.copy_of < 0]
    writers: list[_Writer] = [message.author or at for at, message in enumerate(messages)]
    tables = [_Table(number, facet, rows, writers, grouping) for number, facet in _compared(facets)]
    comparisons = sum(len(list(table.pairs())) for table in tables)
    found: dict[str, list[tuple[float, Lift]]] = {}
    for table in tables:
        for name, value in table.pairs():
            times, least = table.ratio(name, value, doubt=_DOUBT / comparisons)
            if table.both[name, value] >= _FEWEST and least > _LEAST:
                found.setdefault(name, []).append((least, Lift(table.number, value, times)))
    return {
        name: tuple(lift for _, lift in sorted(lifted, key=lambda pair: -pair[0])[:_MOST_PER_THEME])
        for name, lifted in found.items()
    }


def _compared(facets: Sequence[Facet]) -> Iterator[tuple[int, Facet]]:
    """Give the facets to be compared by their number; of two that part the messages alike, the first."""
    known = set()
    for number, facet in enumerate(facets):
        order = {value: at for at, value in enumerate(dict.fromkeys(facet.of))}
        parts = tuple(order[value] for value in facet.of)
        if (facet.tells_sender or facet.is_latest) and parts not in known:
            known.add(parts)
            yield number, facet


class _Table:
    """How many writers have each value of a facet, are in each theme, and both."""

    def __init__(
        self, number: int, facet: Facet, rows: Sequence[int], writers: Sequence[_Writer], grouping: Grouping
    ) -> None:
        self.number = number
        self._is_latest = facet.is_latest
        told = {(writers[row], facet.of[row], name) for row in rows for name in grouping.placements[row].groups}
        told = {one for one in told if one[1] >= 0}
        self._sizes = Counter(value for _, value in {(writer, value) for writer, value, _ in told})
        self._members = Counter(name for _, _, name in told)
        self.both = Counter((name, value) for _, value, name in told)

    def pairs(self) -> Iterator[tuple[str, int]]:
        """Give the themes and values that could have five writers in common; what fades is not asked for."""
        for name in sorted(name for name, size in self._members.items() if size >= _FEWEST):
            for value in sorted(value for value, size in self._sizes.items() if size >= _FEWEST):
                if not (self._is_latest and value == 0):
                    yield name, value

    def ratio(self, name: str, value: int, *, doubt: float) -> tuple[float, float]:
        """Give the ratio of two rates and the lower end of its interval."""
        count, size = self.both[name, value], self._sizes[value]
        others, other_size = self._members[name] - count, self._sizes.total() - size
        return rate_ratio(count, size, others, other_size, doubt=doubt)


def rate_ratio(count: int, size: int, others: int, other_size: int, *, doubt: float) -> tuple[float, float]:
    """Give how many times as common ``count`` in ``size`` is as ``others`` in ``other_size``, and at least.

    The second number is the lower end of the exact interval of 1 - ``doubt``: given their sum, the one count is
    binomial. The first is infinite where ``others`` is 0; both are 0 where there is nothing to compare.
    """
    if not count or not other_size:
        return 0.0, 0.0
    times = (count / size) / (others / other_size) if others else math.inf
    share = float(betaincinv(count, others + 1, doubt / 2))
    return times, share / (1 - share) * other_size / size

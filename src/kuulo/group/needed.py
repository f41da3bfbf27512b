"""How many messages make an alarm? The whole policy in one table, for the settings and the documentation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kuulo.group.burst import weigh_all
from kuulo.group.dispersion import SHIPPED, Dispersion
from kuulo.group.rate import WINDOWS, Floats, Ints

HOURS = (0.5, 1, 2, 4, 8, 24)
RATES = (0.005, 0.02, 0.05, 0.2, 0.5, 1, 2, 5)  # normal messages an hour
NEW_RATES = (0.01, 0.03)  # assumed of a theme that was not there before
_FEWEST = 3
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Needed:
    """One row: the normal ``rate`` an hour, whether the theme is ``new``, the messages needed within each time."""

    rate: float
    new: bool
    counts: tuple[int, ...]


def needed(threshold: float, *, dispersion: Dispersion = SHIPPED, hours: Sequence[float] = HOURS) -> Iterator[Needed]:
    """Give the rows of the table for a threshold, messages evenly spread over each time and none before."""
    for new, rates in ((False, RATES), (True, NEW_RATES)):
        spread = dispersion.for_new() if new else dispersion
        for rate in rates:
            counts = tuple(fewest(threshold, rate=rate, hours=time, dispersion=spread) for time in hours)
            yield Needed(rate, new, counts)


def fewest(threshold: float, *, rate: float, hours: float, dispersion: Dispersion = SHIPPED) -> int:
    """Give the fewest messages (at least 3), evenly spread over the last hours, that reach the threshold.

    ``rate`` is the normal number an hour. Raises ValueError where not even 20,000 do.
    """
    low, high = _FEWEST, 64
    while high <= _MOST:
        tried = np.arange(low, high)
        reached = np.flatnonzero(_scores(tried, rate, hours, dispersion) >= threshold)
        if len(reached):
            return int(tried[reached[0]])
        low, high = high, 2 * high
    raise ValueError("no count reaches this threshold")


def _scores(counts: Ints, rate: float, hours: float, dispersion: Dispersion) -> Floats:
    windows = np.array(WINDOWS) / 4
    within = np.where(windows < hours, np.floor(counts[:, None] * windows / hours), counts[:, None])
    return weigh_all(within, np.tile(rate * windows, (len(counts), 1)), dispersion)[0]

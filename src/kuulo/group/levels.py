"""Join the two levels: every subtheme stands inside one theme."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kuulo.group.cluster import Array, Labels, cluster
from kuulo.group.subtheme import subthemes


@dataclass(frozen=True, slots=True)
class Levels:
    """``theme`` and ``subtheme`` (n,), each numbered from 0; ``firmness`` (n,) 0-1 of the placement;
    ``distance``: how far apart the texts of a subtheme may be on average.
    """

    theme: Labels
    subtheme: Labels
    firmness: Array
    distance: float


def group_vectors(vectors: Array, *, texts: Sequence[str]) -> Levels:
    """Group unit ``vectors`` (n, d) of ``texts`` to two levels; the order of the rows makes no difference."""
    order = np.array(sorted(range(len(texts)), key=lambda i: (texts[i], vectors[i].tobytes())), np.int64)
    ordered = vectors[order]
    consensus = cluster(ordered)
    near, distance = subthemes(ordered, [texts[i] for i in order])
    subtheme = np.unique(consensus.theme * (near.max(initial=0) + 1) + near, return_inverse=True)[1]
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Levels(consensus.theme[back], subtheme[back], consensus.firmness[back], distance)

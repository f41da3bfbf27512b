"""Place: say how well each text fits its theme, and which texts are too unsure to be counted in one."""

import numpy as np
from numpy.typing import NDArray

from kuulo.group.cluster import Array, Labels, widest
from kuulo.group.levels import Levels
from kuulo.group.link import nearest

_UNSURE_FIT = 0.35
MOST_UNCERTAIN = 0.08


def fits(vectors: Array, theme: Labels) -> Array:
    """Give each text's fit (n,) 0-1: the share of its neighbours, weighted by likeness, in its own theme."""
    if len(vectors) < 2:
        return np.ones(len(vectors), np.float32)
    links = nearest(vectors, max(4, widest(len(vectors))))
    weight = np.maximum(links.likeness, 1e-3)
    same = theme[links.index] == theme[:, None]
    return np.asarray((weight * same).sum(axis=1) / weight.sum(axis=1), np.float32)


def uncertain(fit: Array, levels: Levels, copies: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which texts are uncertain: a poor fit, and alone in their subtheme; at most 8 % of all messages.

    ``copies`` (n,) is the number of messages that each text stands for.
    """
    alone = np.bincount(levels.subtheme)[levels.subtheme] == 1
    room = int(MOST_UNCERTAIN * copies.sum())
    chosen = np.zeros(len(fit), np.bool_)
    for place in np.argsort(fit, kind="stable"):
        if fit[place] >= _UNSURE_FIT or not alone[place]:
            continue
        if copies[place] > room:
            break
        room -= int(copies[place])
        chosen[place] = True
    return chosen

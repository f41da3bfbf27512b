"""Place: say how well each text fits its theme, and which texts are too unsure to be counted in one."""

import numpy as np
from numpy.typing import NDArray

from kuulo.group.cluster import Array, Labels
from kuulo.group.link import Neighbours

_UNSURE_FIT = 0.35
MOST_UNCERTAIN = 0.08


def fits(links: Neighbours, theme: Labels) -> Array:
    """Give each text's fit (n,) 0-1: the share of its neighbours, weighted by likeness, in its own theme."""
    if not links.index.size:
        return np.ones(len(theme), np.float32)
    weight = np.maximum(links.likeness, 1e-3)
    same = theme[links.index] == theme[:, None]
    return np.asarray((weight * same).sum(axis=1) / weight.sum(axis=1), np.float32)


def uncertain(fit: Array, theme: Labels, subtheme: Labels, copies: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which texts are uncertain: a poor fit, and alone in their subtheme; at most 8 % of all messages,
    and never the whole of a theme.

    ``copies`` (n,) is the number of messages that each text stands for.
    """
    if not len(fit):
        return np.zeros(0, np.bool_)
    alone = np.bincount(subtheme)[subtheme] == 1
    left = np.bincount(theme)
    room = int(MOST_UNCERTAIN * copies.sum())
    chosen = np.zeros(len(fit), np.bool_)
    for place in np.argsort(fit, kind="stable"):
        if fit[place] >= _UNSURE_FIT or not alone[place] or left[theme[place]] == 1:
            continue
        if copies[place] > room:
            break
        room -= int(copies[place])
        left[theme[place]] -= 1
        chosen[place] = True
    return chosen

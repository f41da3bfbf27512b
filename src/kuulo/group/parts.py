"""See the parts of a message: which further matters it carries beside its main one."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kuulo.group.cluster import Array, Labels, centres_of
from kuulo.group.embed import Encoder
from kuulo.group.levels import Levels

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_FEWEST_WORDS = 5
_NEAR_ENOUGH = 0.45
_CLEARLY_NEARER = 0.12


def sentences(text: str) -> list[str]:
    """Split a text at the ends of sentences; parts too short to carry a matter are left out."""
    return [part for part in _SENTENCE_END.split(text) if len(part.split()) >= _FEWEST_WORDS]


def further_matters(texts: Sequence[str], levels: Levels, vectors: Array, encoder: Encoder) -> list[tuple[int, ...]]:
    """Give, for each text, the subthemes of other themes that one of its sentences clearly belongs to."""
    also: list[set[int]] = [set() for _ in texts]
    split = [sentences(text) for text in texts]
    owner = [row for row, parts in enumerate(split) if len(parts) > 1 for _ in parts]
    if not owner or len(vectors) == 0:
        return [() for _ in texts]
    parts = encoder.vectors([part for parts in split if len(parts) > 1 for part in parts])
    for row, subtheme in zip(owner, _other_subtheme(parts, owner, levels, vectors), strict=True):
        if subtheme >= 0:
            also[row].add(subtheme)
    return [tuple(sorted(found)) for found in also]


def _other_subtheme(parts: Array, owner: Sequence[int], levels: Levels, vectors: Array) -> Labels:
    centres = centres_of(vectors, levels.subtheme)
    theme_of = np.zeros(len(centres), np.int64)
    theme_of[levels.subtheme] = levels.theme
    # a matter that only one text tells is no place for others
    lone = np.bincount(levels.subtheme) < 2
    found = np.full(len(parts), -1, np.int64)
    for place, (part, row) in enumerate(zip(parts, owner, strict=True)):
        further = further_of((centres @ part)[None], theme_of == levels.theme[row], lone=lone)
        found[place] = further[0] if further else -1
    return found


def further_of(likeness: Array, own: NDArray[np.bool_], *, lone: NDArray[np.bool_]) -> list[int]:
    """Give the subthemes that sentences clearly belong to, by their ``likeness`` (sentences, subthemes).

    ``own`` (subthemes,) are those of the text's own theme, which are no further matter.
    """
    nearest_own = likeness[:, own].max(axis=1, initial=-1)
    others = np.where(own | lone, -1, likeness)
    best = others.argmax(axis=1)
    clear = others[np.arange(len(others)), best] > np.maximum(_NEAR_ENOUGH, nearest_own + _CLEARLY_NEARER)
    return list(dict.fromkeys(best[clear].tolist()))

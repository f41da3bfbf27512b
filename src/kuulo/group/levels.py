"""Join the two levels: every subtheme stands inside one theme."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kuulo.group.bridge import bridged
from kuulo.group.cluster import Array, Labels, cluster, widest
from kuulo.group.languages import shipped_concepts
from kuulo.group.lexical import shared_words, word_starts
from kuulo.group.link import nearest
from kuulo.group.place import fits
from kuulo.group.subtheme import subthemes

# What rare words that two neighbours share add to the likeness of their meaning.
_WORD_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Levels:
    """``theme`` and ``subtheme`` (n,), each numbered from 0; ``firmness`` and ``fit`` (n,) 0-1 of the placement;
    ``distance``: how far apart the texts of a subtheme may be on average.
    """

    theme: Labels
    subtheme: Labels
    firmness: Array
    fit: Array
    distance: float


def group_vectors(vectors: Array, *, texts: Sequence[str]) -> Levels:
    """Group unit ``vectors`` (n, d) of ``texts`` to two levels; the order of the rows makes no difference."""
    if not len(texts):
        nothing = np.zeros(0, np.int64)
        return Levels(nothing, nothing, np.zeros(0, np.float32), np.zeros(0, np.float32), 1.0)
    order = np.array(sorted(range(len(texts)), key=lambda i: (texts[i], vectors[i].tobytes())), np.int64)
    ordered = vectors[order]
    in_order = [texts[i] for i in order]
    words = word_starts(in_order)
    links = nearest(bridged(ordered, in_order, shipped_concepts()), widest(len(ordered)))
    links = links.nearer(_WORD_WEIGHT * shared_words(words, links.index))
    consensus = cluster(ordered, links)
    near = subthemes(ordered, words, consensus.theme)
    theme = _undivided(consensus.theme, near.close, fits(links, consensus.theme))
    subtheme = near.inside(theme)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    fit = fits(links, theme)
    return Levels(theme[back], subtheme[back], consensus.firmness[back], fit[back], near.distance)


def _undivided(theme: Labels, close: Labels, fit: Array) -> Labels:
    """Give ``theme`` (n,) with all texts of a ``close`` group in the one theme that they fit best together."""
    votes = np.zeros((int(close.max()) + 1, int(theme.max()) + 1))
    np.add.at(votes, (close, theme), fit)
    return np.asarray(np.unique(votes.argmax(axis=1)[close], return_inverse=True)[1], np.int64)

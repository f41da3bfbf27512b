"""Join the two levels: every subtheme stands inside one theme."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kuulo.group.bridge import bridged
from kuulo.group.cluster import MOST_THEMES, Array, Labels, cluster, widest
from kuulo.group.languages import shipped_concepts
from kuulo.group.lexical import shared_words, word_starts
from kuulo.group.link import Neighbours, nearest
from kuulo.group.place import fits
from kuulo.group.subtheme import numbered, subthemes

# What rare words that two neighbours share add to the likeness of their meaning.
_WORD_WEIGHT = 0.1
# When close texts choose a theme: what near neighbours count more, what the theme a text is in counts more, and the
# share of a text's own neighbours that it needs there to follow.
_NEARNESS, _OWN_THEME, _FEWEST_NEIGHBOURS = 3, 2.5, 0.2


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


def group_vectors(vectors: Array, *, texts: Sequence[str], most: int = MOST_THEMES) -> Levels:
    """Group unit ``vectors`` (n, d) of ``texts`` to two levels, with at most so many themes; the order of the rows
    makes no difference.
    """
    if not len(texts):
        nothing = np.zeros(0, np.int64)
        return Levels(nothing, nothing, np.zeros(0, np.float32), np.zeros(0, np.float32), 1.0)
    order = np.array(sorted(range(len(texts)), key=lambda i: (texts[i], vectors[i].tobytes())), np.int64)
    ordered = vectors[order]
    in_order = [texts[i] for i in order]
    words = word_starts(in_order)
    links = nearest(bridged(ordered, in_order, shipped_concepts()), widest(len(ordered)))
    links = links.nearer(_WORD_WEIGHT * shared_words(words, links.index))
    consensus = cluster(ordered, links, most=most)
    near = subthemes(ordered, words, consensus.theme)
    theme = _undivided(consensus.theme, near.close, links)
    subtheme = near.inside(theme)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    fit = fits(links, theme)
    return Levels(theme[back], subtheme[back], consensus.firmness[back], fit[back], near.distance)


def _undivided(theme: Labels, close: Labels, links: Neighbours) -> Labels:
    """Give ``theme`` (n,) with the texts of a ``close`` group (n,) in the theme that they fit best together.

    Each has a say by where its neighbours stand, and more of it for the theme it is in. Where too few of its own
    neighbours stand in the theme found, a text stays where it is.
    """
    everyone = np.arange(len(theme))
    shares = around(links, theme)
    say = shares.copy()
    say[everyone, theme] *= _OWN_THEME
    together = np.zeros((int(close.max()) + 1, say.shape[1]))
    np.add.at(together, close, say)
    best = together.argmax(axis=1)[close]
    follows = shares[everyone, best] >= _FEWEST_NEIGHBOURS
    return numbered(np.where(follows, best, theme))


def around(links: Neighbours, theme: Labels) -> Array:
    """Give the share of each text's neighbours in each theme (n, themes), the near ones counting more."""
    weight = np.maximum(links.likeness, 1e-3) ** _NEARNESS
    found = np.zeros((len(theme), int(theme.max()) + 1), np.float32)
    for place, other in enumerate(links.index.T):
        found[np.arange(len(theme)), theme[other]] += weight[:, place]
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-9), np.float32)

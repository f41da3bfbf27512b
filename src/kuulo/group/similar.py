"""Similar: for each message those that mean most nearly the same, whichever theme they stand in."""

from kuulo.group.languages import LanguageBasis, without_language
from kuulo.group.link import nearest
from kuulo.group.state import State

_MOST = 6
# Less alike than this, two texts have no more in common than any two letters to a municipality.
_LEAST_LIKENESS = 0.45


def similar_messages(state: State) -> dict[int, tuple[int, ...]]:
    """Give up to six messages for each, nearest first, by number; copies are named by their first alone."""
    firsts = [at for at, place in enumerate(state.grouping.placements) if place.theme and place.copy_of < 0]
    near = nearest(without_language(state.raw, LanguageBasis.shipped()), _MOST)
    held = near.likeness >= _LEAST_LIKENESS
    return {
        first: tuple(firsts[other] for other in index[keep].tolist())
        for first, index, keep in zip(firsts, near.index, held, strict=True)
    }

"""How many messages of each kind a theme holds."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from kuulo.group.result import Grouping


def kinds_by_theme(grouping: Grouping) -> Mapping[str, Counter[str]]:
    """Count the kinds of the grouped messages of each theme and subtheme, by its id; no kind is not counted."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place in grouping.placements:
        if place.status == "grouped" and place.kind:
            for one in place.groups:
                counts[one][place.kind] += 1
    return counts

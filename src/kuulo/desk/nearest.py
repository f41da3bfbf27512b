"""Nearest: which themes a message is like, by the middle of each theme."""

from collections.abc import Collection

import numpy as np

from kuulo.desk.vectors import Vector, as_vector
from kuulo.models import Placement, Theme

_SAMPLE = 50
_LOWEST_SHARE = 0.25


def nearest_themes(vector: Vector, *, limit: int, without: Collection[int] = ()) -> list[tuple[int, float]]:
    """Give the ids of the live themes that are most like a vector, and how like (-1 to 1), the most like first."""
    live = Theme.objects.filter(parent=None, state=Theme.State.LIVE).exclude(pk__in=without)
    rows = [(pk, as_vector(stored)) for pk, stored in live.order_by("pk").values_list("pk", "centroid")]
    like = [(pk, float(middle @ vector)) for pk, middle in rows if middle is not None and len(middle) == len(vector)]
    return sorted(like, key=lambda one: -one[1])[:limit]


def belongs(likeness: float, theme: int) -> bool:
    """Tell whether a message is as like a theme as the theme's own: more than a quarter of its latest are."""
    middle = as_vector(Theme.objects.values_list("centroid", flat=True).get(pk=theme))
    latest = Placement.objects.filter(theme=theme, counted=True).order_by("-arrived", "-message")[:_SAMPLE]
    own = [as_vector(stored) for stored in latest.values_list("message__vector", flat=True)]
    if middle is None or not (likenesses := [float(middle @ one) for one in own if one is not None]):
        return False
    return likeness >= float(np.quantile(likenesses, _LOWEST_SHARE))

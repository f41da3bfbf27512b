"""Lay out: give themes places on a plane, alike ones near each other (classical multidimensional scaling)."""

from collections.abc import Mapping, Sequence

import numpy as np

from kuulo.group.cluster import Array

Place = tuple[float, float]

_DECIMALS = 3
_GUIDES = 3


def lay_out(centres: Sequence[Array], known: Mapping[int, Place]) -> list[Place]:
    """Give each of the unit ``centres`` (n of d) a place; ``known`` ones keep theirs, by their number.

    A new one beside known ones stands amid the three that it is most like.
    """
    if not centres:
        return []
    stacked = np.stack(centres).astype(np.float64)
    if not known:
        return _scaled(stacked)
    numbers = sorted(known)
    places = np.array([known[number] for number in numbers])
    return [known.get(number) or _amid(stacked[number], stacked[numbers], places) for number in range(len(centres))]


def _scaled(centres: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> list[Place]:
    count = len(centres)
    # of unit vectors the squared distance is 2 - 2 cos; doubly centred it is the cosine, doubly centred
    middle = np.eye(count) - 1 / count
    values, axes = np.linalg.eigh(middle @ np.round(centres @ centres.T, 6) @ middle)
    places = np.zeros((count, 2))
    for column, at in enumerate(np.argsort(-values, kind="stable")[:2]):
        axis = axes[:, at] * np.sqrt(max(0.0, float(values[at])))
        # an axis may point either way: its longest arm points up
        places[:, column] = axis * (np.sign(axis[np.abs(np.round(axis, 6)).argmax()]) or 1)
    return [_place(x, y) for x, y in places.tolist()]


def _amid(
    centre: np.ndarray[tuple[int], np.dtype[np.float64]],
    others: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    places: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> Place:
    guides = np.argsort(-np.round(others @ centre, 6), kind="stable")[:_GUIDES]
    x, y = places[guides].mean(axis=0).tolist()
    return _place(x, y)


def _place(x: float, y: float) -> Place:
    # adding nought turns a negative nought into a plain one
    return round(x, _DECIMALS) + 0.0, round(y, _DECIMALS) + 0.0

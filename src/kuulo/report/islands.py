"""Islands: themes as circles on a map, subthemes as circles in them, none on another; area stands for messages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuulo.group.result import Grouping, Theme

_ROUNDS = 400
_GAP = 0.35
_SHORE = 0.8
_TURN = np.pi * (3 - np.sqrt(5))
# Larger than the packed circles need: they are pushed apart, never pulled together.
_SPREAD = 0.9

_Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the map; ``number`` is the theme's place in the grouping."""

    number: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Island:
    """A theme's circle with those of its subthemes."""

    shore: Circle
    parts: tuple[Circle, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """All islands, and the box that they stand in."""

    islands: tuple[Island, ...]
    left: float
    top: float
    width: float
    height: float


def draw_map(grouping: Grouping) -> Map:
    """Place the themes where they were laid out, pushed apart until none lies on another."""
    numbered = list(enumerate(grouping.themes))
    top = [(number, theme) for number, theme in numbered if not theme.parent and theme.messages]
    inner = [_packed([(n, part) for n, part in numbered if part.parent == theme.id]) for _, theme in top]
    radii = np.array(
        [_reach(parts, theme) + _SHORE for parts, (_, theme) in zip(inner, top, strict=True)], np.float64
    )
    middle = _apart(_spread([theme for _, theme in top], radii), radii)
    islands = tuple(
        Island(
            _circle(number, x, y, radius),
            tuple(_circle(part.number, x + part.x, y + part.y, part.radius) for part in parts),
        )
        for (number, _), (x, y), radius, parts in zip(top, middle.tolist(), radii.tolist(), inner, strict=True)
    )
    if not islands:
        return Map((), 0.0, 0.0, 1.0, 1.0)
    low, high = (middle - radii[:, None]).min(axis=0) - 1, (middle + radii[:, None]).max(axis=0) + 1
    left, top_, right, bottom = (round(float(edge), 2) for edge in (*low, *high))
    return Map(islands, left, top_, round(right - left, 2), round(bottom - top_, 2))


def _circle(number: int, x: float, y: float, radius: float) -> Circle:
    return Circle(number, round(x, 2), round(y, 2), round(radius, 2))


def _packed(parts: Sequence[tuple[int, Theme]]) -> list[Circle]:
    """Pack a theme's subthemes around its middle, the largest innermost."""
    held = [(number, theme) for number, theme in parts if theme.messages]
    radii = np.sqrt(np.array([theme.messages for _, theme in held], np.float64))
    reach = np.sqrt(np.cumsum(radii**2) - radii**2 * 0.5)
    angle = np.arange(len(held)) * _TURN
    points = _apart(np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1), radii)
    if held:
        points -= (points * radii[:, None] ** 2).sum(axis=0) / (radii**2).sum()
    return [
        Circle(number, x, y, radius)
        for (number, _), (x, y), radius in zip(held, points.tolist(), radii.tolist(), strict=True)
    ]


def _reach(parts: Sequence[Circle], theme: Theme) -> float:
    alone = float(np.sqrt(theme.messages))
    return max((float(np.hypot(part.x, part.y)) + part.radius for part in parts), default=alone)


def _spread(themes: Sequence[Theme], radii: _Points) -> _Points:
    """Scale the themes' places to the size of their circles; equal places are turned apart a little."""
    points = np.array([theme.at for theme in themes], np.float64).reshape(-1, 2)
    if not len(points):
        return points
    points = points - points.mean(axis=0)
    size = float(np.sqrt((points**2).sum(axis=1).mean()))
    points = points / size if size > 0 else points
    angle = np.arange(len(points)) * _TURN
    nudge = 0.01 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.asarray((points + nudge) * _SPREAD * np.sqrt((radii**2).sum()), np.float64)


def _apart(points: _Points, radii: _Points) -> _Points:
    """Push circles apart until they do not touch; the smaller one yields more."""
    points = points.copy()
    need = radii[:, None] + radii[None, :] + _GAP
    np.fill_diagonal(need, 0)
    area = radii**2
    yields = area[None, :] / np.maximum(area[:, None] + area[None, :], 1e-9)
    for _ in range(_ROUNDS):
        way = points[:, None, :] - points[None, :, :]
        distance = np.sqrt((way**2).sum(axis=2))
        short = np.maximum(need - distance, 0)
        if not short.max(initial=0.0) > 1e-3:
            break
        points += (way / np.maximum(distance, 1e-9)[:, :, None] * (short * yields)[:, :, None]).sum(axis=1) * 0.6
    return points

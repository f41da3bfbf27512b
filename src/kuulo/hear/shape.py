"""Shape: what came as JSON, taken only where it has the shape that was expected."""

from collections.abc import Iterator, Sequence
from typing import Any


def dicts(told: object) -> list[dict[str, Any]]:
    """Give the objects of a list, nothing of what is no list."""
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def inner(told: object, *names: str) -> Any:  # noqa: ANN401
    """Give what stands under names within names; None where the way ends."""
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def whole(told: object) -> int | None:
    """Give a whole number of people or things; None for what is none, and for what no count can be."""
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 2**31 else None


def in_parts(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Give a few at a time, as many as one question may hold."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]

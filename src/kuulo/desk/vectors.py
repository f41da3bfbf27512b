"""Vectors as they are stored with messages and themes: 768 half-precision numbers."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

WIDTH = 768
Vector = NDArray[np.float32]
Stored = bytes | memoryview | None


def stored(vector: Vector) -> bytes:
    """Give a vector as it is stored."""
    return bytes(vector.astype(np.float16).tobytes())


def as_vector(kept: Stored) -> Vector | None:
    """Give a stored vector (768,); None where there is none."""
    return np.frombuffer(bytes(kept), np.float16).astype(np.float32) if kept else None


def as_rows(kept: Iterable[Stored]) -> Vector:
    """Give stored vectors as (n, 768). All of them have to be there."""
    rows = [np.frombuffer(one or b"", np.float16) for one in kept]
    return np.stack(rows).astype(np.float32) if rows else np.zeros((0, WIDTH), np.float32)


def middle_of(kept: Iterable[Stored]) -> bytes | None:
    """Give the middle of stored vectors, of unit length, as it is stored; None without any."""
    known = [vector for vector in map(as_vector, kept) if vector is not None]
    if not known:
        return None
    mean = np.mean(known, axis=0)
    return stored(mean / max(float(np.linalg.norm(mean)), 1e-6))

"""Connectors of others, found as those of an installed package are: by their entry points."""

import importlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kuulo.hear.connector import Connector
from kuulo.hear.connectors import GROUP, connectors


@contextmanager
def installed(*brought: type[Connector]) -> Iterator[None]:
    """Have a package beside Kuulo that brings these connectors."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "strangers-1.0.dist-info"
        told.mkdir()
        (told / "METADATA").write_text("Metadata-Version: 2.1\nName: strangers\nVersion: 1.0\n")
        lines = [f"{one.name} = {one.__module__}:{one.__qualname__}" for one in brought]
        (told / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines]))
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        connectors.cache_clear()
        try:
            yield
        finally:
            sys.path.remove(folder)
            connectors.cache_clear()

"""Connectors: one file each, found by walking this folder; those of others by entry point.

A file that is dropped here is there: no other file names it.
"""

import importlib
import inspect
import pkgutil
from functools import cache
from importlib.metadata import entry_points

from kuulo.hear.connector import Connector

GROUP = "kuulo.connectors"


@cache
def connectors() -> dict[str, type[Connector]]:
    """Give every connector by name: Kuulo's own first, then those of other packages."""
    own = [found for info in pkgutil.iter_modules(__path__) for found in _in_module(f"{__name__}.{info.name}")]
    theirs = [entry.load() for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name)]
    return {found.name: found for found in [*theirs, *own]}


def _in_module(name: str) -> list[type[Connector]]:
    module = importlib.import_module(name)
    return [
        found
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Connector) and found.__module__ == name and not inspect.isabstract(found)
    ]

"""Show progress on standard error, with the time left; quiet where no terminal is watching."""

import sys
from collections.abc import Callable
from typing import Never

from tqdm import tqdm

_SAID = {
    "open": "Opening the model",
    "prepare": "Preparing word tables (once)",
    "read": "Reading",
    "embed": "Understanding",
    "group": "Grouping",
    "name": "Naming",
    "propose": "Asking for names",
    "write": "Writing",
    "fill": "Filling the desk (once, a minute or two)",
}


class ProgressLine:
    """One line that tells the step; texts understood are counted, since they take most of the time."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._bar: tqdm[Never] | None = None

    def step(self, name: str) -> Callable[[int], None] | None:
        """Begin a step; while texts are being understood, give a function that is told how many are done."""
        self.close()
        if not sys.stderr.isatty():
            return None
        counted = name == "embed"
        shape = "{desc} {n_fmt}/{total_fmt} {bar} {remaining} left" if counted else "{desc} ..."
        self._bar = tqdm(total=self._total, desc=_SAID[name], bar_format=shape, leave=False, file=sys.stderr)
        return self._show if counted else None

    def close(self) -> None:
        """Clear the line."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _show(self, done: int) -> None:
        if self._bar is not None:
            self._bar.n = min(done, self._total)
            self._bar.refresh()

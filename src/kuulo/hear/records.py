"""Cut lines of text into records of cells, quotes respected; a stray quote swallows no rows after it."""

import csv
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator

from kuulo.hear.refused import Refused

# Characters (a line's cost is some more) that may be read twice because of stray quotes; beyond it quotes are
# taken as they stand, so that a hostile file cannot make the reading quadratic.
_REREAD = 64 << 20
_LINE_COST = 40
_MOST_CELLS = 10_000_000
# A quoted cell of more lines than this is taken for a quote that nobody closed.
_MOST_LINES = 4_000_000
# Half a character, which decoding never gives: with it as delimiter a record of one cell is never cut.
_NEVER = "\udcfe"
# Excel's own first line, which names the delimiter.
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)


class _Tape:
    """Physical lines; it remembers those of the current record and can give them back."""

    def __init__(self, lines: Iterator[str], *, delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.reread = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:
            raise csv.Error("a quote that nobody closed")
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        if len(line) > _MOST_CELLS and line.count(self._delimiter) > _MOST_CELLS:
            raise Refused("too-large", {"columns": _MOST_CELLS})
        self.taken.append(line)
        return line

    def give_back(self) -> str:
        """Return the record's first line and put the lines after it back."""
        first, *rest = self.taken
        self._waiting.extendleft(reversed(rest))
        self.reread += sum(map(len, self.taken)) + _LINE_COST * len(self.taken)
        return first


def records(lines: Iterator[str], *, delimiter: str, repairs: Counter[str]) -> Iterator[list[str]]:
    """Yield the cells of each record; a line without anything is an empty list.

    ``delimiter`` "" means one cell a record. A record whose quotes do not fit is read line by line with its
    quotes as they stand, and counted in ``repairs``.
    """
    csv.field_size_limit(sys.maxsize)
    cut = delimiter or _NEVER
    tape = _Tape(lines, delimiter=cut)
    reader = csv.reader(tape, delimiter=cut, strict=True)
    while tape.reread <= _REREAD:
        tape.taken.clear()
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            repairs["stray-quotes"] += 1
            yield _as_it_stands(tape.give_back(), delimiter=delimiter)
            reader = csv.reader(tape, delimiter=cut, strict=True)
    tape.taken.clear()
    for line in tape:
        tape.taken.clear()
        yield _as_it_stands(line, delimiter=delimiter)


def answers(lines: Iterator[str]) -> Iterator[list[str]]:
    """Yield one cell a line, quotes as they stand; lines of nothing but space are empty."""
    for line in lines:
        yield _as_it_stands(line, delimiter="") if line.strip() else []


def _as_it_stands(line: str, *, delimiter: str) -> list[str]:
    line = line.rstrip("\r\n")
    if not line:
        return []
    return line.split(delimiter) if delimiter else [line]

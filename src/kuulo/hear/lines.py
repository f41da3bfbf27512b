"""Read JSON arrays of objects and JSON lines, one record at a time, however long the file is."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from kuulo.hear import cells
from kuulo.hear.reading import MOST_COLUMNS
from kuulo.hear.refused import Refused

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_ARRAY = re.compile(r"[ \t\r\n]*\[[ \t\r\n]*(\{|\][ \t\r\n]*$)")
_DEPTH = 4
# An object that is not whole after so many characters is broken.
_LONGEST = 64 << 20
Record = dict[str, str]


class BrokenRow(list[str]):
    """A row that is there but could not be read; its cells are empty."""


def kind(head: str, *, suffix: str) -> str:
    """Tell "json" (an array) and "jsonl" (an object a line) from other text, "", by the file's beginning."""
    if _ARRAY.match(head):
        return "json"
    first = head.strip().split("\n", 1)[0]
    if first.startswith("{") and (suffix in {".jsonl", ".ndjson", ".json"} or _is_object(first)):
        return "jsonl"
    return {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(suffix, "")


class _Tape:
    """The text of a file, come in pieces; what was read is let go."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._place = 0

    def sign(self) -> str:
        """Give the next sign that is no space, "" at the end."""
        while True:
            self._place = _after_space(self._text, self._place)
            if self._place < len(self._text) or not self._more(1):
                return self._text[self._place : self._place + 1]

    def take(self, sign: str) -> None:
        """Go past this sign. Raises ValueError where another one, or the end, comes."""
        if self.sign() != sign:
            raise ValueError(sign)
        self._place += len(sign)

    def value(self) -> object:
        """Read one value. Raises ValueError or RecursionError where there is none."""
        self.sign()
        while True:
            try:
                value, place = _DECODER.raw_decode(self._text, self._place)
            except ValueError:
                # not whole yet: look again with twice as much
                if len(self._text) - self._place > _LONGEST or not self._more(len(self._text) - self._place):
                    raise
                continue
            self._place = place
            return value

    def _more(self, least: int) -> bool:
        """Take in so many characters more, or what there is; tell whether anything came."""
        parts = [self._text[self._place :]]
        came = 0
        while came < max(1, least) and (piece := next(self._pieces, "")):
            parts.append(piece)
            came += len(piece)
        self._text, self._place = "".join(parts), 0
        return came > 0


def array(pieces: Iterator[str], *, whole: bool = True) -> Iterator[Record | None]:
    """Yield the objects of a JSON array, flat: nested names are joined by " / "; None for an item that is none.

    Where the text is only the beginning (``whole`` False), its end is where reading ends.
    """
    tape = _Tape(pieces)
    row = 0
    try:
        tape.take("[")
        more = tape.sign() != "]"
        while more:
            row += 1
            yield _flat(tape.value())
            more = tape.sign() == ","
            tape.take("," if more else "]")
        if not row:
            tape.take("]")
        tape.take("")
    except (ValueError, RecursionError) as problem:
        if whole:
            raise Refused("bad-json", {"row": max(1, row)}) from problem


def objects(lines: Iterable[str]) -> Iterator[Record | None]:
    """Yield the objects of JSON lines, flat, and None for a line that holds none; empty lines are left out."""
    for line in lines:
        if not line.strip():
            continue
        try:
            yield _flat(json.loads(line))
        except (ValueError, RecursionError):
            yield None


def names(found: Iterable[Record | None]) -> tuple[str, ...]:
    """Give the names of all records in order of arrival: the columns.

    Raises Refused where more rows are broken than whole: then the file is something else.
    """
    result: dict[str, None] = {}
    first = broken = whole = 0
    for row, record in enumerate(found, 1):
        if record is None:
            first, broken = first or row, broken + 1
            continue
        whole += 1
        result.update(dict.fromkeys(record))
        if len(result) > MOST_COLUMNS:
            raise Refused("too-large", {"columns": len(result), "limit": MOST_COLUMNS})
    if broken > whole or (broken and not result):
        raise Refused("bad-json", {"row": first})
    return tuple(result)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _flat(value: object) -> Record | None:
    return dict(_pairs("", value, depth=0)) if isinstance(value, dict) else None


def _pairs(name: str, value: Any, *, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON is anything
    if isinstance(value, dict) and (value or not depth) and depth < _DEPTH:
        for key, inner in value.items():
            yield from _pairs(f"{name} / {key}" if depth else key, inner, depth=depth + 1)
    elif isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        yield name, ", ".join(map(cells.written, value))
    elif isinstance(value, dict | list):
        yield name, json.dumps(value, ensure_ascii=False) if value else ""
    else:
        yield name, cells.written(value)

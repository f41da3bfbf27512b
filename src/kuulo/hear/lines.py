"""Read JSON arrays of objects and JSON lines, one record at a time."""

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
Record = dict[str, str]


def kind(head: str, *, suffix: str) -> str:
    """Tell "json" (an array) and "jsonl" (an object a line) from other text, "", by the file's beginning."""
    if _ARRAY.match(head):
        return "json"
    first = head.strip().split("\n", 1)[0]
    if first.startswith("{") and (suffix in {".jsonl", ".ndjson", ".json"} or _is_object(first)):
        return "jsonl"
    return {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(suffix, "")


def array(text: str) -> Iterator[Record]:
    """Yield the objects of a JSON array, flat: nested names are joined by " / "."""
    place = _after_space(text, 0)
    if text[place : place + 1] != "[":
        raise Refused("bad-json", {"row": 1})
    row, place = 0, _after_space(text, place + 1)
    closed = text[place : place + 1] == "]"
    while not closed:
        row += 1
        try:
            value, place = _DECODER.raw_decode(text, place)
            yield _flat(value)
        except (ValueError, RecursionError, TypeError) as problem:
            raise Refused("bad-json", {"row": row}) from problem
        place = _after_space(text, place)
        closed = text[place : place + 1] == "]"
        if not closed and text[place : place + 1] != ",":
            raise Refused("bad-json", {"row": row})
        place = _after_space(text, place + 1) if not closed else place
    if _after_space(text, place + 1) != len(text):
        raise Refused("bad-json", {"row": row})


def objects(lines: Iterable[str]) -> Iterator[Record]:
    """Yield the objects of JSON lines, flat; empty lines are none."""
    row = 0
    for line in lines:
        if not line.strip():
            continue
        row += 1
        try:
            yield _flat(json.loads(line))
        except (ValueError, RecursionError, TypeError) as problem:
            raise Refused("bad-json", {"row": row}) from problem


def names(found: Iterable[Record]) -> tuple[str, ...]:
    """Give the names of all records in order of arrival: the columns."""
    result: dict[str, None] = {}
    for record in found:
        result.update(dict.fromkeys(record))
        if len(result) > MOST_COLUMNS:
            raise Refused("too-large", {"columns": len(result), "limit": MOST_COLUMNS})
    return tuple(result)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _flat(value: object) -> Record:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return dict(_pairs("", value, depth=0))


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

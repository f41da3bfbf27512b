"""Facets: all that messages can be sorted by, each with its values and which of them every message has."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kuulo.group import kind
from kuulo.group.result import Grouping, Placement
from kuulo.message import Message
from kuulo.report.days import EPOCH, days
from kuulo.report.encoding import visible
from kuulo.report.origin import file_name
from kuulo.report.words import Speech

# Kinds of message in the order in which people see them.
KINDS = (*kind.KINDS, kind.UNCLEAR)
EVIDENCE = ("some", "none")
ACTORS = ("resident", "association", "company", "official")
_MOST_VALUES = 40
_FEW_NUMBERS = 12
_RANGES = 4
_NUMBERS = 0.9
# A figure with a nought before it is a code (postcode 00100); a long number gets a thousands sign, a year does not.
_CODE = re.compile(r"0\d")
_LARGEST, _LONG = 1e15, 10_000


@dataclass(frozen=True, slots=True)
class Facet:
    """``name`` as the reader sees it, ``values`` likewise; ``of`` (one a message) is the place of its value, or -1.

    ``tells_sender`` is True where the facet is about who writes, so that groups of senders can be compared;
    ``is_latest`` where it parts the latest quarter of the messages (value 1) from the earlier ones.
    """

    name: str
    values: tuple[str, ...]
    of: tuple[int, ...]
    tells_sender: bool = False
    is_latest: bool = False


def facets(messages: Sequence[Message], grouping: Grouping, speech: Speech) -> tuple[Facet, ...]:
    """Give the facets by which these messages differ."""
    placements = grouping.placements
    columns = dict.fromkeys(name for message in messages for name, _ in message.background)
    told = [dict(message.background) for message in messages]
    found = [
        _coded("kind", [place.kind for place in placements], KINDS, speech),
        _coded("evidence", ["some" if place.evidence else "none" for place in placements], EVIDENCE, speech),
        _coded("actor", [message.actor for message in messages], ACTORS, speech, tells_sender=True),
        _languages(placements, speech),
        _listed(speech.say("facet.file"), [visible(file_name(message.file)) for message in messages], speech),
        _listed(speech.say("facet.column"), [visible(message.column) for message in messages], speech, sender=False),
        _latest(days([message.time for message in messages]), speech),
        *(_listed(visible(name), [visible(one.get(name, "")) for one in told], speech) for name in columns),
    ]
    return tuple(facet for facet in found if len(facet.values) > 1)


def _coded(
    name: str, codes: Sequence[str], order: Sequence[str], speech: Speech, *, tells_sender: bool = False
) -> Facet:
    there = [code for code in order if code in set(codes)]
    place = {code: at for at, code in enumerate(there)}
    labels = tuple(speech.say(f"{name}.{code}") for code in there)
    return Facet(speech.say(f"facet.{name}"), labels, tuple(place.get(code, -1) for code in codes), tells_sender)


def _languages(placements: Sequence[Placement], speech: Speech) -> Facet:
    codes = [place.language for place in placements]
    order = [code for code, _ in Counter(codes).most_common() if code != "und"]
    facet = _listed(speech.say("facet.language"), [code if code != "und" else "" for code in codes], speech)
    labels = tuple(speech.words.get(f"language.{code}", code) for code in facet.values)
    return Facet(facet.name, labels, facet.of, tells_sender=True) if order else facet


def _latest(dated: Sequence[int | None], speech: Speech) -> Facet:
    """Part the latest quarter of the dated messages from the others, at the turn of a day."""
    name = speech.say("facet.time")
    held = sorted(day for day in dated if day is not None)
    first = held[len(held) * 3 // 4] if held else 0
    if not held or first == held[0]:
        return Facet(name, (), tuple(-1 for _ in dated))
    since = speech.say("time.latest", day=speech.day(date.fromordinal(first + EPOCH)))
    of = tuple(-1 if day is None else int(day >= first) for day in dated)
    return Facet(name, (speech.say("time.earlier"), since), of, is_latest=True)


def _listed(name: str, cells: Sequence[str], speech: Speech, *, sender: bool = True) -> Facet:
    """Make a facet of free values: numbers become ranges, and of very many values the rarest become one."""
    count = Counter(cell for cell in cells if cell)
    numbers = {cell: number for cell in count if (number := _number(cell)) is not None}
    if len(numbers) > _FEW_NUMBERS and sum(count[cell] for cell in numbers) >= _NUMBERS * sum(count.values()):
        return _ranges(name, cells, numbers, speech, sender=sender)
    if numbers and len(numbers) == len(count):
        order = sorted(count, key=lambda cell: numbers[cell])
    else:
        order = sorted(count, key=lambda cell: (-count[cell], cell))
    kept = order if len(order) <= _MOST_VALUES else order[: _MOST_VALUES - 1]
    place = {cell: at for at, cell in enumerate(kept)}
    labels = tuple(kept) if len(kept) == len(order) else (*kept, speech.say("facet.other"))
    rest = len(kept) if len(kept) < len(order) else -1
    return Facet(name, labels, tuple(place.get(cell, rest) if cell else -1 for cell in cells), sender)


def _number(cell: str) -> float | None:
    if not cell.isascii() or _CODE.match(cell):
        return None
    try:
        number = float(cell.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    except ValueError:
        return None
    return number if abs(number) < _LARGEST else None


def _ranges(name: str, cells: Sequence[str], numbers: dict[str, float], speech: Speech, *, sender: bool) -> Facet:
    """Cut numbers into ranges of about equally many messages; equal numbers stand in one range."""
    held = sorted(numbers[cell] for cell in cells if cell in numbers)
    starts = sorted({held[len(held) * part // _RANGES] for part in range(_RANGES)})
    lasts = [max(number for number in held if number < after) for after in starts[1:]] + [held[-1]]
    of = tuple(bisect_right(starts, numbers[cell]) - 1 if cell in numbers else -1 for cell in cells)
    written = [
        _written(first, speech) if first == last else f"{_written(first, speech)}–{_written(last, speech)}"
        for first, last in zip(starts, lasts, strict=True)
    ]
    return Facet(name, tuple(written), of, sender)


def _written(number: float, speech: Speech) -> str:
    if number.is_integer():
        return speech.number(int(number)) if abs(number) >= _LONG else str(int(number))
    return f"{number:.2f}".rstrip("0").replace(".", speech.words["decimal"])

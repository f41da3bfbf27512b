"""Mask what tells who somebody is: names, numbers of people and flats, telephones, accounts, cars.

There are two levels. For work, what surely tells it is masked: a wrong mark would cost the reader a street, a place
or an official. In public the rules would rather mask too much than too little. A mark such as [name] stands in the
place of what they found, with the ending of its case: [name]:lle. What is masked is pseudonymous, not anonymous: a
text can still tell who wrote it.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import Literal

from kuulo.lang.forms import finnish_forms
from kuulo.lang.leads import Lead, filled, leads
from kuulo.lang.name_lists import case_ending, first_name_alone, surname_alone
from kuulo.lang.person_names import PersonName, person_names
from kuulo.lang.words import word_places

Level = Literal["work", "public"]
# The words that somebody's name may stand in, who is never masked: a set for each official, unit or place.
Spared = Collection[frozenset[str]]

# What stood behind something masked may show to be something itself, a few times over.
_ROUNDS, _LONGEST_LINE = 4, 120
_SURE_NAMES = {"full name", "title", "closing", "initials"}
_INTRODUCED = re.compile(
    r"(?<!\w)(?i:jag heter|jeg heter|eg heiter|my name is|nimeni on|(?:minun|mun) nimi on|mitt namn är|mitt navn er|"
    r"namnet mitt er) ((?!\[)[^\W\d_][\w'’-]+(?: [A-ZÀ-ÖØ-Þ][\w'’-]+){0,2})"
)
_LAST_LINE = re.compile(r"(?:\n\s*|\s[-–/] ?)((?:[A-ZÀ-ÖØ-Þ][\w'-]* ?){1,3})[.!\s]*$")
_LEADS = {"email", "phone", "id", "account", "plate", "handle"}


def mask(text: str, level: Level = "public", *, spared: Spared = ()) -> str:
    """Give a text with marks in the place of what tells who somebody is; the names of who is ``spared`` stay."""
    for _ in range(_ROUNDS):
        found = _found(text, public=level == "public", spared=spared)
        if not found:
            break
        text = _marked(text, found)
    return text


def leaks(text: str, *, spared: Spared = ()) -> list[str]:
    """Give the kinds of what surely tells who somebody is and stands in a text: nothing that is published may."""
    return sorted({kind for _, _, kind in _found(text, public=False, spared=spared)})


def spared_names(names: Iterable[str]) -> Spared:
    """Give what ``mask`` needs to spare these names of officials and units, in their cases."""
    return [frozenset().union(*map(_forms, name.split())) for name in names if name.strip()]


def tells_who(cell: str) -> bool:
    """Tell whether a short cell is a person's name, or holds a number, account or flat that leads to a person."""
    found = _found(cell, public=True, spared=())
    if any(kind in _LEADS for _, _, kind in found) or leaks(cell):
        return True
    return any(kind == "name" for _, _, kind in found) and not re.search(r"\w", filled(cell, found))


def _found(text: str, *, public: bool, spared: Spared) -> list[Lead]:
    found, plain = leads(text, public=public)
    people = person_names(plain)
    spans = _likely_names(plain, people) if public else _sure_names(plain, people)
    names = (Lead(start, end, "name") for start, end in _joined(spans))
    return sorted([*found, *(name for name in names if not _is_spared(plain, name, spared))])


def _marked(text: str, found: Iterable[Lead]) -> str:
    parts, done = [], 0
    for start, end, kind in found:
        ending = case_ending(text[start:end].rpartition(" ")[2]) if kind == "name" else ""
        parts += [text[done:start], f"[{kind}]:{ending}" if ending else f"[{kind}]"]
        done = end
    return "".join([*parts, text[done:]])


def _sure_names(text: str, names: Iterable[PersonName]) -> Iterator[tuple[int, int]]:
    """Yield where names stand that are hardly anything else: in full, behind a title, under a letter."""
    yield from ((name.start, name.end) for name in names if name.why in _SURE_NAMES)
    yield from (match.span(1) for match in _INTRODUCED.finditer(text))
    if (last := _LAST_LINE.search(text, max(0, len(text) - _LONGEST_LINE))) and _is_signature(last[1]):
        yield last.start(1), last.start(1) + len(last[1].rstrip())


def _is_signature(line: str) -> bool:
    first, *others = line.split()
    return first_name_alone(first) and (not others or len(others[-1]) == 1 or surname_alone(others[-1]))


def _likely_names(text: str, names: Iterable[PersonName]) -> list[tuple[int, int]]:
    """Give where names stand: what the rules for names find, known names that open a sentence or are shouted, and
    full names without a capital letter.
    """
    places = [(start, end) for start, end, _ in word_places(text)]
    found = [*_sure_names(text, names), *((name.start, name.end) for name in names)]
    for start, end in places:
        word = text[start:end]
        if word[0].isupper() and (first_name_alone(word) or surname_alone(word)):
            found.append((start, end))
    for (start, end), (after, last) in pairwise(places):
        if text[end:after] == " " and first_name_alone(text[start:end]) and surname_alone(text[after:last]):
            found.append((start, last))
    return found


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _is_spared(text: str, name: Lead, spared: Spared) -> bool:
    words = {one.casefold() for one in re.findall(r"[\w'-]+", text[name.start : name.end])} if spared else set()
    return any(words <= one for one in spared)


def _forms(word: str) -> frozenset[str]:
    return finnish_forms(word) | {word.casefold() + ending for ending in ("s", "'s")}

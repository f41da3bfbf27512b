"""Hear whether one message may be about something grave: a threat, a danger, a child in need, a fire, an accident.

Words that stand together tell so, within a sentence or two that follow each other; grave.toml holds them, five
languages. What only sounds so, what is feared but has not happened, and what was long ago is not heard.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from kuulo.lang.kind_cues import languages_of, sentences

KINDS = ("threat", "danger", "child", "fire", "accident")
_MOST_TEXT, _MOST_OF_ONE_LIST, _LONGEST_ENTRY = 20_000, 8, 40
_GROUPS = {"fi": "fi", "sv": "sv", "nb": "no", "nn": "no", "no": "no", "en": "en"}
_WORD = re.compile(r"\[?\w+(?:[-'’&]\w+)*")
_LONG_AGO = re.compile(r"\b(?:1\d{3}|20[01]\d)\b")
# the same letters as keyboards without them write them
_PLAIN = (
    str.maketrans("äöåøæ", "aoaoa"),
    str.maketrans({"ä": "ae", "ö": "oe", "å": "aa", "ø": "oe", "æ": "ae"}),
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """``kind`` is one of KINDS; ``spans`` are the places in the text of the words that told so, in order."""

    kind: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    span: Span


def grave_words(text: str, language: str) -> list[Told]:
    """Tell what grave matters a text may be about, in the order of KINDS; the first 20,000 letters are heard.

    ``language`` is ISO 639; that of the text's small words is heard as well, as short texts are taken for another.
    """
    said = [*_sentences(text[:_MOST_TEXT])]
    found: dict[str, set[Span]] = {}
    for group in sorted({*languages_of(text[:_MOST_TEXT]), *(_GROUPS[one] for one in [language] if one in _GROUPS)}):
        heard = [_lists_in(sentence, group) for sentence in said]
        for first, second in pairwise([*heard, {}]):
            for kind, spans in _told_in(_joined(first, second)):
                found.setdefault(kind, set()).update(spans)
    return [Told(kind, tuple(sorted(found[kind]))) for kind in KINDS if kind in found]


def _sentences(text: str) -> Iterator[list[_Word]]:
    """Give the words of each sentence; none of one that tells of a year long ago."""
    at = 0
    for sentence in sentences(text):
        at = text.index(sentence, at)
        if not _LONG_AGO.search(sentence):
            yield [
                _Word(one[0].casefold().replace("’", "'"), (at + one.start(), at + one.end()))
                for one in _WORD.finditer(sentence)
            ]
        at += len(sentence)


def _lists_in(sentence: Sequence[_Word], group: str) -> dict[str, list[Span]]:
    """Give where the entries of each list stand that are to be heard."""
    found = [(name, first, last) for first in range(len(sentence)) for name, last in _begun(sentence, first, group)]
    silent = {at for name, first, last in found if name == "idiom" for at in range(first, last + 1)}
    feared = min((first for name, first, _ in found if name == "maybe"), default=len(sentence))
    told: dict[str, list[Span]] = {}
    for name, first, last in found:
        if last < feared and silent.isdisjoint(range(first, last + 1)):
            told.setdefault(name, []).append((sentence[first].span[0], sentence[last].span[1]))
    return told


def _begun(sentence: Sequence[_Word], first: int, group: str) -> Iterator[tuple[str, int]]:
    for name, rest in _entries_of(sentence[first].text, group):
        last = first + len(rest)
        if last < len(sentence) and all(
            _stands_for(entry, word.text) for entry, word in zip(rest, sentence[first + 1 : last + 1], strict=True)
        ):
            yield name, last


def _joined(first: dict[str, list[Span]], second: dict[str, list[Span]]) -> dict[str, list[Span]]:
    return {name: [*first.get(name, ()), *second.get(name, ())] for name in {**first, **second}}


def _told_in(held: dict[str, list[Span]]) -> Iterator[tuple[str, list[Span]]]:
    for kind, rule in _rules():
        if all(name in held for name in rule):
            lists = [held[name][:_MOST_OF_ONE_LIST] for name in rule]
            if _each_has_its_own(lists, frozenset()):
                yield kind, [span for one in lists for span in one]


def _each_has_its_own(lists: Sequence[Sequence[Span]], used: frozenset[Span]) -> bool:
    """Tell whether each list has a word of its own: one word that stands in two lists does not fulfil both."""
    return not lists or any(span not in used and _each_has_its_own(lists[1:], used | {span}) for span in lists[0])


def _stands_for(entry: str, word: str) -> bool:
    if entry.endswith("*"):
        return word.startswith(entry[:-1])
    return word == entry


@cache
def _rules() -> list[tuple[str, tuple[str, ...]]]:
    return [(kind, tuple(rule.split(" + "))) for kind in KINDS for rule in _tables()["rules"][kind]]


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("kuulo.lang") / "grave.toml").read_text("utf-8"))


@lru_cache(maxsize=100_000)
def _entries_of(word: str, group: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the entries that may begin with this word: their list, and what must follow."""
    index = _index(group)
    short = word[:_LONGEST_ENTRY]
    keys = [word, *(f"{short[:end]}*" for end in range(1, len(short) + 1))]
    keys += [f"*{short[at:]}" for at in range(len(short))]
    return tuple(dict.fromkeys(entry for key in keys for entry in index.get(key, ())))


@cache
def _index(group: str) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    index: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, entries in _tables()[group].items():
        for entry in entries:
            for written in dict.fromkeys([entry, entry.translate(_PLAIN[0]), entry.translate(_PLAIN[1])]):
                first, *rest = written.split()
                index.setdefault(first, []).append((name, tuple(rest)))
    return index

"""Lists of names of people, and what a single word tells by them: a first name, a surname, a place, or none."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files

from kuulo.lang.common_words import common_words
from kuulo.lang.forms import finnish_forms

_POSSESSIVE = re.compile(r"['’]s$")
# Endings of the cases of surnames in -nen that hardly another word has, and of names that end in a consonant.
_NEN = re.compile(r"[aeiouyäöå](?:nen|s(?:elle|ell[aä]|elt[aä]|est[aä]|ess[aä]))$")
_NEN_BASE = re.compile(r"s(?:elle|ell[aä]|elt[aä]|est[aä]|ess[aä])$")
_CASE = re.compile(r"(?:s|in|ille|ill[aä]|ilt[aä]|ist[aä]|iin|i[aä])$")

# Endings of cases that a form of a known name may have, and those that hardly a name itself ends in.
_ANY_ENDING = re.compile(r"(?:lle|ll[aä]|lt[aä]|ss[aä]|st[aä]|ksi|n[aä]|seen|n|t?[aä]|s)$")
_SURE_ENDING = re.compile(r"(?:(?<=.{3})(?:lle|ll[aä]|lt[aä]|ss[aä]|st[aä]|ksi)|(?<=[aeiouyäö]s)en$)$")


class Likeness(IntEnum):
    """How much a word looks like a surname."""

    NONE = 0
    BY_ENDING = 1
    ALSO_A_WORD = 2
    SURE = 3


class FirstName(IntEnum):
    """Whether a word is a known first name; a doubtful one is an everyday word too."""

    NONE = 0
    DOUBTFUL = 1
    SURE = 2


def first_name_alone(word: str) -> bool:
    """Tell whether a word is a form of a known first name and nothing else, whatever its case."""
    return without_genitive(word) in name_lists().first


def surname_alone(word: str) -> bool:
    """Tell whether a word is a form of a known surname and nothing else, whatever its case."""
    return without_genitive(word) in name_lists().surname


def first_name(plain: str) -> FirstName:
    """Tell whether a word, in lower case, is a form of a known first name; with a hyphen, all of its parts."""
    lists = name_lists()
    parts = plain.split("-")
    if any(part not in lists.first and part not in lists.doubtful for part in parts):
        return FirstName.NONE
    return FirstName.SURE if len(parts) > 1 or parts[0] in lists.first else FirstName.DOUBTFUL


def surname_likeness(plain: str) -> Likeness:
    """Tell how much a word, in lower case, looks like a surname; of one with a hyphen the likeliest part."""
    return max(map(_part_of_surname, plain.split("-")))


@lru_cache(maxsize=1 << 14)
def _part_of_surname(plain: str) -> Likeness:
    lists = name_lists()
    if plain in lists.surname:
        return Likeness.SURE
    if plain in lists.no_surname or plain in everyday():
        return Likeness.NONE
    if plain in lists.place_like:
        return Likeness.ALSO_A_WORD
    base = _NEN_BASE.sub("nen", plain)
    if _NEN.search(plain) and len(plain) > 5 and not base.endswith(lists.no_surname_ending):
        return Likeness.SURE
    base = _CASE.sub("", plain)
    if base.endswith(lists.alone) and not base.endswith(("nen", "nens")) and base not in lists.alone:
        return Likeness.SURE
    likely = plain.endswith(lists.beside) and len(plain) > 4
    return Likeness.BY_ENDING if likely else Likeness.NONE


@lru_cache(maxsize=1 << 14)
def names_place(plain: str) -> bool:
    """Tell whether a word, in lower case, names a place or ends as places do."""
    lists = name_lists()
    return plain in lists.place or (
        plain.endswith(lists.place_ending) and plain not in lists.surname and plain not in lists.place_like
    )


@lru_cache(maxsize=1 << 14)
def makes_place(plain: str) -> bool:
    """Tell whether a word, in lower case, makes the name before it that of a place: Karl Johans gate."""
    lists = name_lists()
    return plain in lists.place or plain.endswith(lists.long_place_ending)


def case_ending(word: str) -> str:
    """Give the ending of the case that a name stands in, "" for none: "lle" of Virtaselle, "s" of Anna's."""
    plain = word.casefold().replace("’", "'")
    if plain.endswith("'s"):
        return "s"
    lists = name_lists()
    if plain in lists.nominative or plain.endswith("nen"):
        return ""
    known = plain in lists.first or plain in lists.surname or plain in lists.doubtful or plain in lists.place_like
    ending = (_ANY_ENDING if known else _SURE_ENDING).search(plain)
    return ending[0] if ending else ""


def without_genitive(word: str) -> str:
    """Give a word in lower case, without the English genitive."""
    return _POSSESSIVE.sub("", word.casefold())


@cache
def everyday() -> frozenset[str]:
    """Give the common words of all languages."""
    return common_words("")


@dataclass(frozen=True, slots=True)
class NameLists:
    """What stands in person_names.toml, names with their forms, lower case but where the case tells."""

    nominative: frozenset[str]
    first: frozenset[str]
    doubtful: frozenset[str]
    surname: frozenset[str]
    place_like: frozenset[str]
    no_surname: frozenset[str]
    title: frozenset[str]
    short_title: frozenset[str]
    closing: frozenset[str]
    place: frozenset[str]
    holy: frozenset[str]
    particle: frozenset[str]
    company: frozenset[str]
    no_name: frozenset[str]
    no_surname_ending: tuple[str, ...]
    alone: tuple[str, ...]
    beside: tuple[str, ...]
    place_ending: tuple[str, ...]
    long_place_ending: tuple[str, ...]


@cache
def name_lists() -> NameLists:
    """Read person_names.toml."""
    stored = tomllib.loads((files("kuulo.lang") / "person_names.toml").read_text("utf-8"))
    words, titles = stored["words"], stored["title"]
    first, doubtful = set(_words_in(stored["first"])), set(_words_in(stored["doubtful"])) | common_words("")
    sure = (first | _with_forms(first)) - doubtful
    return NameLists(
        nominative=frozenset(
            _words_in(" ".join(stored[one] for one in ("first", "doubtful", "surname", "place_like")))
        ),
        first=frozenset(sure),
        # a name that is an everyday word somewhere is doubtful too: Ole, Per
        doubtful=(_with_forms(_words_in(stored["doubtful"])) | first) - sure,
        surname=_with_forms(stored["surname"].split()),
        place_like=_with_forms(stored["place_like"].split()),
        no_surname=_with_forms(stored["no_surname"].split()),
        title=frozenset(titles["words"].split() + titles["short"].split()),
        short_title=frozenset(titles["short"].split()),
        closing=frozenset(words["closing"].split()),
        place=_with_forms(words["place"].split()),
        holy=frozenset(words["holy"].split()),
        particle=frozenset(words["particle"].split()),
        company=frozenset(words["company"].split()),
        no_name=frozenset([*words["no_name"].split(), *words["company"].split()]),
        no_surname_ending=tuple(_words_in(stored["no_surname_ending"])),
        alone=tuple(_words_in(stored["alone"])),
        beside=tuple(_words_in(stored["beside"])),
        place_ending=_endings(words["place_ending"].split()),
        # short ones end many everyday words too: terkkuja, kylässä
        long_place_ending=_endings(ending for ending in words["place_ending"].split() if len(ending) > 4),
    )


def _words_in(text: str) -> Iterator[str]:
    """Give the words of a list, lower case."""
    return (word.casefold() for word in text.split())


def _endings(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_with_forms(names)))


def _with_forms(names: Iterable[str]) -> frozenset[str]:
    """Give names in their Finnish cases and with the genitive s of the other languages."""
    found: set[str] = set()
    for name in names:
        found |= finnish_forms(name) | {name.casefold() + "s"}
    return frozenset(found)

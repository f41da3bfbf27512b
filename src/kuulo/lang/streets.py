"""Find the numbers of houses and flats behind the names of streets; the street itself tells nobody's home."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kuulo.lang.forms import finnish_forms
from kuulo.lang.name_lists import everyday

_FINNISH = "katu tie kuja polku kaari raitti väylä ranta rinne aukio tori puisto penger portti esplanadi bulevardi"
_NORDIC = """
gata gatan gatas gate gaten väg vägen vei veien veg vegen stig stigen sti stien gränd gränden plan planen plats
platsen plass plassen torg torget allé allén alle bakke bakken backe backen svingen løkka ringen kroken kaj kajen kai
kaien esplanaden brygga bryggan brygge bryggen
"""
_ENGLISH = "street|st|road|rd|lane|avenue|ave|square|drive|court|terrace"
# Street types that are hardly ever the end of another word before a number.
_SURE_FINNISH, _SURE_NORDIC = "katu kuja polku tie", "gata gatan gate gaten vägen veien vegen"
_FLAT_WORDS = (
    "asunto|asunnossa|huoneisto|huoneistossa|huon|as|lägenhet|lgh|leilighet|leilegheit|leil|bolig|bustad|"
    "apartment|apt|flat|unit"
)
_UPPER = "[A-ZÀ-ÖØ-Þ]"
_SHORTEST, _LOOKED_AT, _MOST_WORDS = 5, 80, 4
_MARK = "[number]"
_NAMED = re.compile(rf"{_UPPER}[\w'-]*")
# number, stair and flat as they are mostly written: 5 B 12
_SHAPE = re.compile(r"[A-Z] ?\d{1,3}$|[HKUL]0\d{3}$")
_HOUSE = re.compile(
    rf"""(?<=[^\W\d_])[ ]{{1,2}}
    (?P<number>\[number\]|\d{{1,4}}(?:-\d{{1,4}})?(?![.,]?\d)(?:
      (?P<flat>
        (?:[ ]?[A-Z]|[ ][a-hj-np-tv-z]|[a-z])[ ]?\d{{1,3}}(?!\w|[.,]\d)
        |(?:[ ]?[A-Za-z](?!\w))?,?[ ]?(?:(?i:(?<!\w)(?:{_FLAT_WORDS}))(?!\w)[.:]?[ ]?[A-Za-z]?|\#[ ]?|[HKULhkul]0)
          \d{{1,4}}(?!\w)
      )
      |[ ]?[A-Za-z](?!\w))?)(?!\w)""",
    re.VERBOSE,
)
_HOUSE_FIRST = re.compile(
    rf"(?<![\w-])(?P<number>\[number\]|(?P<flat>(?i:apartment|apt|flat|unit)\.? \d{{1,4}}[A-Za-z]?,? )?"
    r"\d{1,4}[A-Za-z]?)"
    rf" {_UPPER}[\w'-]*(?: {_UPPER}[\w'-]*){{0,2}} (?i:{_ENGLISH})(?!\w)"
)


class Address(NamedTuple):
    """Where an address begins and ends, and the number of its house, with stair and flat, inside it.

    ``flat``: the number has a flat; ``marked``: a mark stands in its place already.
    """

    start: int
    end: int
    number: tuple[int, int]
    flat: bool
    marked: bool


def addresses(text: str) -> Iterator[Address]:
    """Yield the streets with a number behind them, or before them as the English write; none overlaps another."""
    for match in _HOUSE.finditer(text):
        if street := _street_before(match):
            yield _address(match, match.start() - street, match.end())


def english_addresses(text: str) -> Iterator[Address]:
    """Yield the streets with a number before them."""
    for match in _HOUSE_FIRST.finditer(text):
        yield _address(match, *match.span())


def _address(match: re.Match[str], start: int, end: int) -> Address:
    flat = match["flat"] is not None
    return Address(start, end, match.span("number"), flat=flat, marked=match["number"] == _MARK)


def _street_before(match: re.Match[str]) -> int:
    """Give how long the street before a number is, 0 for none; before number, stair and flat any name may be one."""
    words = match.string[max(0, match.start() - _LOOKED_AT) : match.start()].split(" ")[-_MOST_WORDS:]
    last = re.split(r"[^\w'-]", words[-1])[-1]
    plain = last.casefold()
    named = _words_with_capital(words[:-1]) if last == words[-1] else []
    kind = plain in _types() or bool(re.fullmatch(_ENGLISH, plain))
    if kind and named:
        return len(" ".join([*named, last]))
    if (last[:1].isupper() and plain.endswith(_types())) or (
        plain.endswith(_small_types()) and len(plain) > _SHORTEST
    ):
        return len(last)
    shaped = match["flat"] and last[:1].isupper() and len(last) >= _SHORTEST and _SHAPE.search(match["number"])
    return len(last) if shaped and plain not in everyday() else 0


def _words_with_capital(words: list[str]) -> list[str]:
    """Give the words with a capital that stand last without a sign behind or inside them."""
    found: list[str] = []
    for word in reversed(words):
        if not _NAMED.fullmatch(word):
            break
        found.insert(0, word)
    return found


@cache
def _types() -> tuple[str, ...]:
    finnish = {form for street in _FINNISH.split() for form in finnish_forms(street)}
    return tuple(sorted(finnish | set(_NORDIC.split())))


@cache
def _small_types() -> tuple[str, ...]:
    finnish = {form for street in _SURE_FINNISH.split() for form in finnish_forms(street)}
    return tuple(sorted(finnish | set(_SURE_NORDIC.split())))

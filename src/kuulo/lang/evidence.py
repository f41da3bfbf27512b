"""Hear what a writer argues with: figures, a link, a calculation, a source. Five languages."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

CODES = ("figures", "link", "calculation", "source")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# every repetition is bounded: a hostile row of digits must not be tried at every place in every way
_NUMBER = r"(?<!\d)(?:\d{1,3}(?:[ \u00a0\u202f.]\d{3}){1,4}(?:,\d{1,6})?|\d{1,12}(?:[.,]\d{1,6})?)(?!\d)"
_MONEY = re.compile(rf"(?:[€$£]\s?(?:{_NUMBER})|(?:{_NUMBER})\s?(?:[€$£%]|,-))")
# an operator between spaces: 3-5 and 12/34 are ranges and addresses, x and * stand between numbers only
_SUM = re.compile(
    rf"(?:{_NUMBER})[^\W\d_%]{{0,20}}\s?%?\s?(?:[+×*=]|\s[x/–-])\s?(?:{_NUMBER})\s?[^\d\s]{{0,20}}\s?="
    rf"|(?:{_NUMBER})\s?[×*]\s?\d|=\s?[€$£]?\d"
)
_YEAR_OR_TIME = re.compile(
    r"\b(?:\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?|\d{4}-\d{2}-\d{2}|(?:klo|kl|klokka|klockan|at)\.?\s?\d{1,2}(?:[.:]\d{2})?"
    r"|\d{1,2}:\d{2})\b",
    re.IGNORECASE,
)


def evidence(text: str) -> tuple[str, ...]:
    """Give the codes, in the order of CODES, of what a text argues with.

    ``figures``: a number with a unit, money, per cent, or a count of people or things; not dates, times, streets or
    buses. ``link``: an address of the web. ``calculation``: a sum that is carried out, or two figures that are
    compared. ``source``: a report, study, statute or statistics is named.
    """
    plain = _YEAR_OR_TIME.sub(" ", _LINK.sub(" ", text.casefold()))
    figures = len(_MONEY.findall(plain)) + len(_figure().findall(_MONEY.sub(" ", plain)))
    found = {
        "figures": figures > 0,
        "link": _LINK.search(text) is not None,
        "calculation": _SUM.search(plain) is not None or (figures > 1 and _compared().search(plain) is not None),
        "source": _named().search(plain) is not None,
    }
    return tuple(code for code in CODES if found[code])


@cache
def _figure() -> re.Pattern[str]:
    # a word may stand between number and what it counts: 300 new residents
    counted = _any_of("counted")
    return re.compile(rf"(?<![\w.,])(?:{_NUMBER})(?:[- ]?(?:{_any_of('unit')})|(?: [^\W\d_]+)? (?:{counted}))(?!\w)")


@cache
def _compared() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any_of('compare')})(?!\w)")


@cache
def _named() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any_of('source')})(?!\w)|§")


def _any_of(key: str) -> str:
    """Give a pattern of the entries of all languages, the longest first."""
    entries = {entry for lists in _lists().values() for entry in lists[key]}
    return "|".join(_patterns(sorted(entries, key=lambda entry: (-len(entry), entry))))


def _patterns(entries: Iterable[str]) -> Iterable[str]:
    for entry in entries:
        yield re.escape(entry.removesuffix("*")) + (r"\w*" if entry.endswith("*") else "")


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("kuulo.lang") / "evidence.toml").read_text("utf-8"))

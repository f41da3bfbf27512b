"""Build noun phrases of a clause: a noun, an adjective or genitive with its noun, two nouns over a preposition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SHORTEST, _STEM = 3, 5
# What may stand between two nouns of one phrase.
_BETWEEN = {
    "sv": frozenset(["av", "för", "i", "på", "till", "vid", "från", "utan", "under", "mot", "mellan"]),
    "nb": frozenset(["av", "for", "i", "på", "til", "ved", "fra", "uten", "under", "mot", "mellom"]),
    "nn": frozenset(["av", "for", "i", "på", "til", "ved", "frå", "utan", "under", "mot", "mellom"]),
    "en": frozenset(["of", "for", "in", "on", "at", "to", "from", "without", "under", "near", "by", "between"]),
}
# Endings of plurals that name things in general: "gropar", not "groparna".
_PLURALS = {"sv": ("ar", "or", "er"), "nb": ("er",), "nn": ("ar", "er"), "en": ("s",)}
# Endings that a Finnish adjective shares with its noun, and those of "into", which a genitive looks like.
_CASES = ("ssa", "sta", "lla", "lta", "lle", "ksi", "jen", "iden", "ten", "a", "t")
_INTO = ("aan", "een", "iin", "oon", "uun", "yyn", "ään", "öön")

# Dictionary forms, and what stands between them.
Bases = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands and its dictionary form, both lower case; whether it is a noun that can name a matter, or
    an adjective that can belong to one.
    """

    text: str
    base: str
    noun: bool
    adjective: bool


def noun_phrases(clause: Sequence[Word], language: str) -> Iterator[tuple[Bases, str]]:
    """Give the noun phrases of a clause: their dictionary forms, and how a person would write them as a name."""
    for place, word in enumerate(clause):
        if word.noun:
            yield (word.base,), _single(word, language)
        if place + 1 < len(clause):
            build = _finnish if language == "fi" else _other
            yield from build(clause[place : place + 3], language)


def _single(word: Word, language: str) -> str:
    """Give a word in its dictionary form, or as it stands where that is its plural."""
    stem = word.base if language == "en" else word.base.removesuffix("a").removesuffix("e")
    return word.text if word.text in {stem + ending for ending in _PLURALS.get(language, ())} else word.base


def _other(part: Sequence[Word], language: str) -> Iterator[tuple[Bases, str]]:
    first, second = part[:2]
    if second.noun and _belongs(first, language):
        yield (first.base, second.base), f"{first.text} {second.text}"
    if first.noun and second.text in _BETWEEN[language] and len(part) > 2 and part[2].noun:
        yield (first.base, second.text, part[2].base), " ".join(word.text for word in part)


def _belongs(first: Word, language: str) -> bool:
    """Tell whether a word belongs to the noun after it: an adjective, a genitive, in English a singular noun."""
    ends_in_s = first.text.endswith("s") and not first.base.endswith("s")
    return first.adjective or (first.noun and ends_in_s != (language == "en"))


def _finnish(part: Sequence[Word], _language: str) -> Iterator[tuple[Bases, str]]:
    first, second = part[:2]
    opening = _finnish_opening(first, second) if second.noun else ""
    if opening:
        # "koulujen pihat" as it stands, all other cases by the dictionary form
        plural = second.text.endswith("t") and first.text != first.base and opening == first.text
        yield (first.base, second.base), f"{opening} {second.text if plural else second.base}"


def _finnish_opening(first: Word, second: Word) -> str:
    """Give "koulun" of "koulun pihalla", "rikkinäinen" of "rikkinäisiä keinuja", else ""."""
    if first.noun and first.text != first.base and first.text.endswith("n") and not first.text.endswith(_INTO):
        return first.text
    both_plain = first.text == first.base and second.text == second.base
    back = first.text.replace("ä", "a"), second.text.replace("ä", "a")
    agree = any(all(text.endswith(case) for text in back) for case in _CASES)
    return first.base if first.adjective and (both_plain or (agree and first.text != first.base)) else ""


def overlap(one: str, other: str) -> bool:
    """Tell whether two phrases share a word, in any form, or one a part of the other's: "halli" and "uimahallit"."""
    stems = [[word[:_STEM] for word in phrase.casefold().split()] for phrase in (one, other)]
    texts = [phrase.casefold() for phrase in (one, other)]
    return any(
        len(stem) >= _SHORTEST and stem in text
        for part, text in zip(stems, reversed(texts), strict=True)
        for stem in part
    )

"""Split texts into words and bring words to their dictionary form, in five languages."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import TrieDictionaryFactory
from simplemma.strategies.dictionary_lookup import DictionaryLookupStrategy

LANGUAGES = ("fi", "sv", "nb", "nn", "en")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_STOPS, _LOOKED_AT = ".!?:;\n", 80
_STOP = re.compile(r"[.!?:;\n]\W*$|\s[\"”»„(]\s*$")


def words(text: str) -> Iterator[tuple[str, bool]]:
    """Give each word of a text, and whether it opens a sentence (where a capital letter tells nothing)."""
    for start, end, opens in word_places(text):
        yield text[start:end], opens


def word_places(text: str) -> Iterator[tuple[int, int, bool]]:
    """Give where each word of a text begins and ends, and whether it opens a sentence."""
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        # mostly one sign stands between two words
        opens = before == 0 or (text[before] in _STOPS if start - before == 1 else _opens(text, before, start))
        yield start, end, opens
        before = end


def _opens(text: str, before: int, start: int) -> bool:
    # only the last of a long row of signs is looked at
    return bool(_STOP.search(text[max(before, start - _LOOKED_AT) : start]))


@cache
def _strategy(folder: Path) -> DefaultStrategy:
    return DefaultStrategy(dictionary_factory=TrieDictionaryFactory(disk_cache_dir=str(folder)))


def dictionary_form(word: str, language: str, folder: Path) -> str | None:
    """Give the dictionary form of a word in lower case, with a capital letter if it is a name; None if unknown.

    The tables are kept in ``folder`` and built there at the first use of each.
    """
    found: str | None = _strategy(folder).get_lemma(word, language)
    return found


@cache
def _lookup(folder: Path) -> DictionaryLookupStrategy:
    return DictionaryLookupStrategy(TrieDictionaryFactory(disk_cache_dir=str(folder)))


def listed_form(word: str, language: str, folder: Path) -> str | None:
    """Give the dictionary form of a word in lower case that itself stands in a language's table; None for others.

    ``dictionary_form`` also guesses the forms of words that do not.
    """
    found: str | None = _lookup(folder).get_lemma(word, language)
    return found


def build_table(folder: Path, language: str) -> None:
    """Build one language's word table (Finnish needs 700 MB for some seconds: use a process of its own)."""
    folder.mkdir(parents=True, exist_ok=True)
    dictionary_form("x", language, folder)


def has_table(folder: Path, language: str) -> bool:
    """Tell whether a language's word table was built."""
    return (folder / f"{language}.dic").exists()

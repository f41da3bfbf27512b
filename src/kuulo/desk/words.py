"""Words: what a message is found by, and what a search looks for: the words themselves and their dictionary forms."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from kuulo.group.encoder_store import cache_folder
from kuulo.lang import words as lang_words
from kuulo.lang.words import LANGUAGES, build_apart, dictionary_form, has_table

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TERM = re.compile(r"\w+(?:[-'’]\w+)*")
_REMEMBERED = 100_000
_MOST_TERMS = 20


def word_tables() -> Path:
    """Give the folder of the tables of dictionary forms."""
    return cache_folder() / "words"


def ready_tables() -> None:
    """Build the tables that are missing; Finnish takes some seconds and 700 MB, in a process that ends."""
    for language in LANGUAGES:
        if not has_table(word_tables(), language):
            build_apart(word_tables(), language)


def search_text(text: str, language: str) -> str:
    """Give what a message is found by: its words in small letters, then those dictionary forms that differ.

    The forms are those of its language; of all five where the language is not known.
    """
    plain = _plain(text)
    seen = {word for word, _ in lang_words.words(plain)}
    languages = (language,) if language in LANGUAGES else LANGUAGES if language == "und" else ()
    forms = {_form(word, tongue) for word in seen for tongue in languages} - seen - {""}
    return "\n".join(filter(None, (plain, " ".join(sorted(forms)))))


def search_terms(query: str) -> list[list[str]]:
    """Give each word of a query, then its dictionary forms in all languages, in small letters."""
    words = _TERM.findall(_plain(query))[:_MOST_TERMS]
    return [[word, *sorted({_form(word, language) for language in LANGUAGES} - {word, ""})] for word in words]


def _plain(text: str) -> str:
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).lower().split())


@lru_cache(maxsize=_REMEMBERED)
def _form(word: str, language: str) -> str:
    # a search in the browser never waits for a table to be built
    if len(word) > 60 or not has_table(word_tables(), language):
        return ""
    return (dictionary_form(word, language, word_tables()) or "").lower()

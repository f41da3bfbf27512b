"""Words as the search keeps and asks for them: as they are written, and in their dictionary forms."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from kuulo.lang.words import LANGUAGES, dictionary_form, has_table, words

_WORD = re.compile(r"\w+")


def search_text(text: str, language: str) -> str:
    """Give what the index keeps of a text: the text, and the dictionary forms of its words that differ from them."""
    return search_texts([text], [language])[0]


def search_texts(texts: Sequence[str], languages: Sequence[str]) -> list[str]:
    """Give what the index keeps of each text; ``languages`` are those of the texts."""
    look_ups = {one: _dictionary((one,) if one in LANGUAGES else LANGUAGES) for one in set(languages)}
    return [_search_text(text, look_ups[language]) for text, language in zip(texts, languages, strict=True)]


def _search_text(text: str, look_up: Callable[[str], tuple[str, ...]]) -> str:
    written = dict.fromkeys(word.casefold() for word in _WORD.findall(text))
    forms = dict.fromkeys(form for word in written for form in look_up(word))
    return "\n".join([text, " ".join(form for form in forms if form not in written)]).strip()


def search_terms(query: str) -> list[list[str]]:
    """Give, for each word of a query, the forms of it that a message may hold: the word, then dictionary forms."""
    return [forms_of(word) for word in _WORD.findall(query)]


def word_forms(text: str) -> frozenset[str]:
    """Give the words of a text in small letters, each with its dictionary forms in the five languages."""
    look_up = _dictionary(LANGUAGES)
    written = {word.casefold() for word, _ in words(text)}
    return frozenset(form for word in written for form in (word, *look_up(word)))


def forms_of(word: str) -> list[str]:
    """Give a word in small letters, then its dictionary forms; alone where the word tables were not built."""
    return [*dict.fromkeys([word.casefold(), *_dictionary(LANGUAGES)(word.casefold())])]


def _dictionary(languages: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """Give what tells a word's dictionary forms. Use it for some texts: which tables stand is looked at here."""
    folder, ready = _tables()
    standing, place = tuple(language for language in languages if language in ready), str(folder)
    return lambda word: _looked_up(word, standing, place)


@lru_cache(maxsize=50_000)
def _looked_up(word: str, languages: tuple[str, ...], place: str) -> tuple[str, ...]:
    # a Path is slow to compare
    found = (dictionary_form(word, language, Path(place)) for language in languages)
    return tuple(form.casefold() for form in found if form)


def _tables() -> tuple[Path, frozenset[str]]:
    """Give the folder of the word tables and the languages that stand ready: building one takes 700 MB.

    Looked at each time: on the first day the worker builds them while people search already.
    """
    from kuulo.group.describe import word_tables  # noqa: PLC0415 - numpy and more, which most pages can do without

    folder = word_tables()
    return folder, frozenset(language for language in LANGUAGES if has_table(folder, language))

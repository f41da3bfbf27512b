"""Word forms: the words of a text with their dictionary forms, so that a rule for "katu" finds "kadulla"."""

from functools import cache, lru_cache
from pathlib import Path

from kuulo.lang.words import LANGUAGES, dictionary_form, has_table, words


def word_forms(text: str) -> frozenset[str]:
    """Give the words of a text in small letters, each with its dictionary forms in the five languages."""
    return frozenset(form for word, _ in words(text) for form in forms_of(word.casefold()))


@lru_cache(maxsize=50_000)
def forms_of(word: str) -> frozenset[str]:
    """Give a word with its dictionary forms; alone where the word tables were not built."""
    folder, languages = _tables()
    found = (dictionary_form(word, language, folder) for language in languages)
    return frozenset({word} | {form.casefold() for form in found if form})


@cache
def _tables() -> tuple[Path, tuple[str, ...]]:
    """Give the folder of the word tables and the languages that stand ready: building one takes 700 MB."""
    from kuulo.group.describe import word_tables  # noqa: PLC0415 - numpy and more, which most pages can do without

    folder = word_tables()
    return folder, tuple(language for language in LANGUAGES if has_table(folder, language))

"""Tell whether a place's name is also a common word, a first name or a surname: then its letters prove little."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from kuulo.lang.common_words import common_words
from kuulo.lang.everyday import everyday_words
from kuulo.lang.words import has_table, listed_form

SHORTEST = 3
_BESIDE = {"nb": ("nb", "nn"), "nn": ("nn", "nb")}
_ALL = ("fi", "sv", "nb", "nn", "en")


def is_common(plain: str, *, languages: Collection[str], tables: Path | None) -> bool:
    """Tell whether a name (lower case) is short or also a word in one of these languages (all, without any).

    ``tables`` is the folder of word tables (``lang.words``); without it only Kuulo's own word lists are asked.
    """
    return _is_common(plain, tuple(languages) or _ALL, tables)


@lru_cache(maxsize=1 << 14)
def _is_common(plain: str, languages: tuple[str, ...], tables: Path | None) -> bool:
    if len(plain) <= SHORTEST or plain in common_words("") or plain in everyday_words():
        return True
    asked = dict.fromkeys(one for language in languages for one in _BESIDE.get(language, (language,)))
    return tables is not None and any(_in_table(plain, language, tables) for language in asked)


def _in_table(plain: str, language: str, tables: Path) -> bool:
    """Tell whether a word stands in a language's table in lower case; names stand there with a capital letter."""
    if not has_table(tables, language):
        return False
    lemma = listed_form(plain, language, tables)
    return lemma is not None and lemma[:1].islower()

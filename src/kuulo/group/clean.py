"""Clean: make a text ready to be understood, or say why it cannot be."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kuulo.lang.composed import composed
from kuulo.lang.fillers import says_nothing

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_STRETCHED = re.compile(r"([^\W\d_])\1{3,}")
# UTF-8 read as Windows-1252 leaves these pairs behind
_TWICE_ENCODED = re.compile("[ÃÂâ][\u0080-\u00bf\u2018-\u201e\u2020-\u2026\u20ac\u0152-\u0178\u02c6\u02dc™]")
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = "aeiouyåäöæøéáàüëèêíóúõ"
_VOWEL = re.compile(f"[{_VOWELS}]")
# hands on a keyboard: no word has so many consonants in a row, or a row of keys
_MASHED = re.compile(f"[^{_VOWELS}]{{7}}|qwerty|asdf|zxcv")
_SHOUTED = 0.7
# what is longer comes once, and is not to be remembered
_LONGEST = 30
_NO_LATIN = re.compile("[^\u0000-\u024f]")
_BLANKS = str.maketrans(dict.fromkeys("\n\r\t\v\f\u2028\u2029", " "))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``text`` ready to embed; or ``status`` "empty" or "unreadable" with a ``reason`` code."""

    text: str = ""
    status: str = ""
    reason: str = ""


def clean(text: str) -> Cleaned:
    """Repair what can be repaired; links go, shouting is lowered, stretched letters are shortened.

    Reasons of "empty": no-text, no-words (signs or digits only), says-nothing ("I don't know"). Reasons of
    "unreadable": broken-characters, no-language (letters that make no words).
    """
    visible = _STRETCHED.sub(r"\1\1", _visible(_decoded(text)))
    if not visible:
        return Cleaned(status="empty", reason="no-text")
    if visible.count("\ufffd") * 20 > len(visible) or len(_TWICE_ENCODED.findall(visible)) > 1:
        return Cleaned(status="unreadable", reason="broken-characters")
    without_links = _LINK.sub(" ", visible)
    words = _WORD.findall(without_links)
    letters = sum(map(len, words))
    if letters < 2 and visible.count("?") > 3 and not any(map(str.isdigit, visible)):
        return Cleaned(status="unreadable", reason="broken-characters")
    if letters < 2 or says_nothing(visible):
        return Cleaned(status="empty", reason="no-words" if letters < 2 else "says-nothing")
    if not _is_language(words, without_links, whole=len(visible)):
        return Cleaned(status="unreadable", reason="no-language")
    return Cleaned(text=_calmed(" ".join(without_links.split()), words))


def _decoded(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, where that gives a proper text."""
    if not _TWICE_ENCODED.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _visible(text: str) -> str:
    """Drop what is not seen (controls, zero-width marks) and normalise the rest."""
    plain = composed(text).translate(_BLANKS)
    # most texts hold nothing else: those need no look at each sign
    shown = (plain if plain.isprintable() else "".join(filter(_is_seen, plain))).strip()
    return "" if not shown.strip("-–—._…\u200d ") else shown


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"} or character == "\u200d"


def _is_language(words: list[str], text: str, *, whole: int) -> bool:
    """Tell words from keyboard mash and debris of codes: some word has a vowel and no endless consonants."""
    debris = re.findall(r"\S{25,}", text)
    if debris and sum(map(len, debris)) * 2 > whole and any(map(_is_code, debris)):
        return False
    sound = (len(word) for word in words if (_is_short_word if len(word) <= _LONGEST else _is_word)(word))
    return sum(sound) * 2 > sum(map(len, words))


def _is_code(run: str) -> bool:
    changes = sum(a.isupper() != b.isupper() or a.isdigit() != b.isdigit() for a, b in pairwise(run))
    return changes * 4 > len(run)


@lru_cache(maxsize=1 << 14)
def _is_short_word(word: str) -> bool:
    return _is_word(word)


def _is_word(told: str) -> bool:
    word = told.casefold()
    # only the Latin script is judged: others write their vowels otherwise, or not at all
    if len(word) < 4 or _NO_LATIN.search(word):
        return True
    return bool(_VOWEL.search(word)) and not _MASHED.search(word)


def _calmed(text: str, words: list[str]) -> str:
    letters = "".join(words)
    if len(letters) > 8 and sum(map(str.isupper, letters)) > _SHOUTED * len(letters):
        return text.lower()
    return text

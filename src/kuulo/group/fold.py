"""Fold copies: find texts that are the same but for small things, such as a campaign's letters.

Two texts fold when their bodies, without greeting and signature, share at least 78 % of their runs of four
letters, and no number, name or negation stands in one only.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kuulo.lang.common_words import common_words, negations, numerals

_ALIKE = 0.78
_GRAM = 4
_HASHES, _BANDS = 64, 16
_Weighty = frozenset[tuple[str, int]]
_Key = tuple[_Weighty, int, bytes]
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_GREETING = re.compile(
    r"^\s*(?:hei|moi|terve|tervehdys|hyvä|hyvät|arvoisa|arvoisat|hej|bästa|ärade|till|kära|god dag|hallo|kjære|til|hi"
    r"|hello|dear|to)\b[^.!?\n]{0,50}?[,.!:\n]\s*",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:(?<=[.!?\n])|^|\s)\s*(?:t\.|terv\.?|terveisin|ystävällisin terveisin|kunnioittavasti|nimim\.?"
    r"|mvh\.?|vänligen|hälsningar|med vänlig hälsning|hilsen|vennlig hilsen|med vennleg helsing|helsing"
    r"|regards|kind regards|yours sincerely|sincerely)[:,\s][^.!?]{0,60}[.!]?\s*$",
    re.IGNORECASE,
)
# After a letter's last full stop a few words without one are a signature too.
_LAST_WORDS = re.compile(r"(?<=[.!?])\s+[A-ZÅÄÖÆØ][^\s.!?]*(?:\s+[^\s.!?]+){0,4}\s*$")
_LETTER_WORDS, _SIGNED_WORDS = 15, 6


def fold_copies(texts: Sequence[str]) -> NDArray[np.int64]:
    """Give, for each text, the index of the first text that it is a copy of (its own where it is none).

    Families do not depend on the order of the texts; only which member is named first does.
    """
    family = np.arange(len(texts))
    heads = _Heads()
    order = sorted(range(len(texts)), key=lambda i: (texts[i], i))
    for place, i in enumerate(order):
        family[i] = order[heads.head_of(place, _Body(texts[i]))]
    return _named_by_first(family)


def same_but_for_small_things(text: str, other: str) -> bool:
    """Tell whether two texts would fold, were they alone."""
    one, two = _Body(text), _Body(other)
    return one.weighty == two.weighty and (one.joined == two.joined or one.same_as(two))


def _named_by_first(family: NDArray[np.int64]) -> NDArray[np.int64]:
    first: dict[int, int] = {}
    for i, head in enumerate(family.tolist()):
        first.setdefault(head, i)
    return np.array([first[head] for head in family.tolist()], np.int64)


class _Body:
    """What of a text is compared."""

    __slots__ = ("grams", "joined", "names", "weighty", "words")

    def __init__(self, text: str) -> None:
        self.words = _WORD.findall(_core(text))
        # a greeting or a signature may differ, but not if a number or a "not" hides in it
        self.weighty = frozenset(_weighty(_WORD.findall(text)).items())
        self.names = {word.casefold() for word in self.words if word[0].isupper() and word != self.words[0]}
        self.joined = "".join(self.words).casefold()
        self.grams = _grams(" ".join(self.words).casefold())

    def keys(self) -> list[_Key]:
        """Give keys of which two texts that are alike share at least one, nearly surely."""
        hashes = (self.grams[:, None] * _FACTORS[None, :] + _OFFSETS[None, :]) >> np.uint64(20)
        bands = hashes.min(axis=0).reshape(_BANDS, -1)
        return [(self.weighty, place, band.tobytes()) for place, band in enumerate(bands)]

    def same_as(self, other: "_Body") -> bool:
        shared = len(np.intersect1d(self.grams, other.grams, assume_unique=True))
        if shared < _ALIKE * (len(self.grams) + len(other.grams) - shared):
            return False
        return not _tell_apart(self.words, other.words)


class _Heads:
    """The first texts of the families, found by what a copy must share with them.

    A copy shares a key, and it holds every name that is told: so a campaign in which each letter names another
    street is not compared letter by letter.
    """

    def __init__(self) -> None:
        self._bodies: dict[int, _Body] = {}
        self._by_letters: dict[tuple[_Weighty, str], int] = {}
        self._by_key: defaultdict[_Key, set[int]] = defaultdict(set)
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)

    def head_of(self, place: int, body: _Body) -> int:
        """Give the place of the head whose copy this text is; a text that is no copy becomes a head itself."""
        head = self._by_letters.get((body.weighty, body.joined))
        if head is None:
            keys = body.keys()
            head = next((h for h in self._near(body, keys) if self._bodies[h].same_as(body)), place)
            if head == place:
                self._add(place, body, keys)
        self._by_letters[body.weighty, body.joined] = head
        return head

    def _near(self, body: _Body, keys: list[_Key]) -> list[int]:
        found = [self._by_key[key] for key in keys if key in self._by_key]
        if body.names:
            holding = min((self._by_word.get(name, set()) for name in body.names), key=len)
            found = [heads & holding for heads in found]
        return sorted(set().union(*found))

    def _add(self, head: int, body: _Body, keys: list[_Key]) -> None:
        self._bodies[head] = body
        for key in keys:
            self._by_key[key].add(head)
        for word in body.words:
            self._by_word[word.casefold()].add(head)


def _core(text: str) -> str:
    """Give a letter without greeting and signature; a short text keeps its greeting, a few words are all core."""
    unsigned = _SIGNATURE.sub("", text)
    if len(_WORD.findall(unsigned)) < _SIGNED_WORDS:
        return text
    core = _GREETING.sub("", unsigned)
    if len(_WORD.findall(core)) < _LETTER_WORDS:
        return unsigned
    shorter = _LAST_WORDS.sub("", core)
    return shorter if len(_WORD.findall(shorter)) >= _LETTER_WORDS else core


_RANDOM = np.random.default_rng(4)
_FACTORS = _RANDOM.integers(1, 2**63, _HASHES, dtype=np.uint64) | np.uint64(1)
_OFFSETS = _RANDOM.integers(0, 2**63, _HASHES, dtype=np.uint64)


def _grams(text: str) -> NDArray[np.uint64]:
    """Give the distinct runs of four characters as numbers."""
    codes = np.frombuffer(f"{text:<{_GRAM}}".encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    runs = np.zeros(len(codes) - _GRAM + 1, np.uint64)
    for place in range(_GRAM):
        runs = runs * np.uint64(0x110000) + codes[place : len(runs) + place]
    return np.unique(runs)


def _weighty(words: list[str]) -> Counter[str]:
    """Count the words that no copy may lack or add: numbers and negations (an "ei, ei" is one)."""
    weighty = negations() | numerals()
    words = [word.replace("’", "'") for word in words]
    words = [word for word, before in zip(words, ["", *words], strict=False) if word.casefold() != before.casefold()]
    return Counter(w.casefold() for w in words if any(map(str.isdigit, w)) or w.casefold() in weighty)


def _tell_apart(one: list[str], other: list[str]) -> bool:
    """Tell whether what differs between two word lists is a name."""
    only = (Counter(one) - Counter(other)) + (Counter(other) - Counter(one))
    both = {word.casefold() for word in one} & {word.casefold() for word in other}
    # a capital letter that opens a sentence makes no name, unless the two open with different rare words
    openers = {words[0] for words in (one, other) if words}
    if len(openers) == 2 and openers <= set(only) and not any(w.casefold() in common_words("") for w in openers):
        openers = set()
    return any(word[0].isupper() and word not in openers and word.casefold() not in both for word in only)

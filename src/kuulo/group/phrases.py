"""Find phrases that could name a theme: words and pairs of words as residents write them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kuulo.lang.common_words import common_words, numerals
from kuulo.lang.forms import finnish_forms, nordic_forms
from kuulo.lang.person_names import words_of_names
from kuulo.lang.words import LANGUAGES, lemmatizer, words

_SHORTEST = 3
_NAME_SHARE = 0.5


@dataclass(slots=True)
class Phrases:
    """The phrases of all texts: for each text its phrase keys, and for each key how it is written.

    A key is a language with one or two dictionary forms. ``spread`` counts the texts that a key stands in.
    """

    of_text: list[set[tuple[str, ...]]]
    spread: Counter[tuple[str, ...]] = field(default_factory=Counter)
    written: defaultdict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def surface(self, key: tuple[str, ...]) -> str:
        """Give a phrase as a person would write it: one word in its dictionary form, a pair as it stood."""
        if len(key) == 2:
            return key[1]
        return max(sorted(self.written[key]), key=lambda form: self.written[key][form])


def find_phrases(texts: Sequence[str], languages: Sequence[str], folder: Path) -> Phrases:
    """Find the phrases of texts; words that are names of places or people are left out of them."""
    tokens = [list(words(text)) for text in texts]
    names = _names(tokens) | words_of_names(texts)
    found = Phrases([set() for _ in texts])
    lemma = _Lemmas(folder)
    for row, (text_words, language) in enumerate(zip(tokens, languages, strict=True)):
        if language not in LANGUAGES:
            continue
        known = [(word, lemma.of(word.casefold(), language)) for word, _ in text_words]
        usable = [_usable(word, base, language, names) for word, base in known]
        for key, surface in _keys(known, usable, language):
            found.of_text[row].add(key)
            found.written[key][surface] += 1
    for keys in found.of_text:
        found.spread.update(keys)
    return found


def _keys(known: list[tuple[str, str]], usable: list[bool], language: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for place, (word, base) in enumerate(known):
        if not usable[place]:
            continue
        yield (language, base), base
        if place + 1 < len(known) and usable[place + 1]:
            after, after_base = known[place + 1]
            yield (language, base, after_base), f"{word} {after}".lower()


def _usable(word: str, base: str, language: str, names: set[str]) -> bool:
    common = common_words(language)
    lower = word.casefold()
    if len(base) < _SHORTEST or lower in names or lower in numerals():
        return False
    return lower not in common and base not in common


def _names(tokens: list[list[tuple[str, bool]]]) -> set[str]:
    """Give the words that mostly carry a capital letter where no sentence opens: names, in all five languages.

    Hurried writers leave the capital out: a name's other forms are names too, unless they are more usual as words.
    """
    capital: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for text_words in tokens:
        for word, opens in text_words:
            if not opens and not (len(word) > 1 and word.isupper()):
                total[word.casefold()] += 1
                capital[word.casefold()] += word[0].isupper()
    names = {word for word, count in total.items() if capital[word] > _NAME_SHARE * count}
    return names | {
        form
        for name in names
        for form in finnish_forms(name) | nordic_forms(name)
        if form in total and total[form] - capital[form] <= capital[name]
    }


def names_in(texts: Sequence[str]) -> set[str]:
    """Give the words that are names of places or people in these texts, lower case."""
    return _names([list(words(text)) for text in texts]) | words_of_names(texts)


class _Lemmas:
    """Dictionary forms, each looked up once."""

    def __init__(self, folder: Path) -> None:
        self._lemmatizer = lemmatizer(folder)
        self._known: dict[tuple[str, str], str] = {}

    def of(self, word: str, language: str) -> str:
        """Give a word's dictionary form, lower case."""
        key = (word, language)
        if key not in self._known:
            self._known[key] = str(self._lemmatizer.lemmatize(word, lang=language)).casefold()
        return self._known[key]


def contrast(keys: Counter[tuple[str, ...]], size: int, phrases: Phrases, total: int) -> dict[tuple[str, ...], float]:
    """Give each phrase's weight in a group of ``size`` texts against all ``total`` texts (c-TF-IDF)."""
    weights = {}
    for key, count in keys.items():
        share = count / size
        usual = phrases.spread[key] / total
        # a pair says more than a word, when it comes back
        pair = 1.3 if len(key) == 3 else 1.0
        if len(key) == 3 and phrases.spread[key] < 2:
            continue
        weights[key] = pair * float(share * np.log1p(share / usual))
    return weights

"""Find phrases that could name a theme: nouns, and nouns with what belongs to them, as residents write them."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kuulo.group.noun_phrases import Word, noun_phrases
from kuulo.lang.common_words import numerals
from kuulo.lang.forms import finnish_forms, nordic_forms
from kuulo.lang.person_names import words_of_names
from kuulo.lang.word_kinds import kind_in_text, known_nouns, stands_as_verb
from kuulo.lang.words import LANGUAGES, dictionary_form, words

_SHORTEST = 3
_NAME_SHARE = 0.5
_COMPOUNDING = ("sv", "nb", "nn")
_LONG = 8
_CLAUSE = re.compile(r"[.,;:!?()\[\]«»”“\"\n/–—]+|\s-+\s")

Key = tuple[str, ...]
# The row of a text, its language, and the words of one clause with their dictionary forms.
_Clause = tuple[int, str, list[tuple[str, str]]]


@dataclass(slots=True)
class Phrases:
    """The phrases of all texts: for each text its phrase keys, and for each key how it is written.

    A key is a language with one to three words: dictionary forms, and what stands between. ``spread`` counts the
    texts that a key stands in.
    """

    of_text: list[set[Key]]
    spread: Counter[Key] = field(default_factory=Counter)
    written: defaultdict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def surface(self, key: Key) -> str:
        """Give a phrase as a person would write it: one word in its dictionary form, or in the plural where that is
        more usual; more words as they mostly stood.
        """
        forms = self.written[key]
        return max(sorted(forms), key=lambda form: forms[form])


def find_phrases(texts: Sequence[str], languages: Sequence[str], folder: Path) -> Phrases:
    """Find the phrases of texts; words that are names of places or people are left out of them."""
    names = _names([list(words(text)) for text in texts]) | words_of_names(texts)
    lemma = _Lemmas(folder)
    clauses = [
        [(row, language, lemma.of_all(clause, language)) for clause in _CLAUSE.split(text)]
        for row, (text, language) in enumerate(zip(texts, languages, strict=True))
        if language in LANGUAGES
    ]
    in_order = [clause for part in clauses for clause in part]
    verbs = _used_as_verbs(in_order)
    found = Phrases([set() for _ in texts])
    for row, language, part in in_order:
        judged = [_judged(word, base, language, names=names, verbs=verbs) for word, base in part]
        for bases, surface in noun_phrases(judged, language):
            found.of_text[row].add((language, *bases))
            found.written[language, *bases][surface] += 1
    for keys in found.of_text:
        found.spread.update(keys)
    return found


def _used_as_verbs(clauses: Sequence[_Clause]) -> set[tuple[str, str]]:
    """Give the language and dictionary form of words that stand more often as a verb than as a noun."""
    tally: Counter[tuple[str, str]] = Counter()
    for _, language, part in clauses:
        before = ""
        for word, base in part:
            tally[language, base] += stands_as_verb(word, before, base, language)
            before = word
    return {key for key, count in tally.items() if count > 0}


def _judged(word: str, base: str, language: str, *, names: set[str], verbs: set[tuple[str, str]]) -> Word:
    is_name = word in names or base.removesuffix("lainen").removesuffix("läinen") in names
    usable = len(base) >= _SHORTEST and not is_name and word not in numerals()
    what = kind_in_text(word, base, language) if usable else "vague"
    return Word(word, base, noun=what == "noun" and (language, base) not in verbs, adjective=what == "adjective")


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
        self._folder = folder
        self._known: dict[tuple[str, str], str] = {}

    def of_all(self, text: str, language: str) -> list[tuple[str, str]]:
        """Give the words of a text, lower case, each with its dictionary form."""
        return [(word.casefold(), self.of(word.casefold(), language)) for word, _ in words(text)]

    def of(self, word: str, language: str) -> str:
        """Give a word's dictionary form, lower case; "" for a name, or a word that may be of another language."""
        key = (word, language)
        if key not in self._known:
            self._known[key] = self._looked_up(word, language)
        return self._known[key]

    def _looked_up(self, word: str, language: str) -> str:
        found = dictionary_form(word, language, self._folder)
        if found is None and word in known_nouns(language):
            return word
        if found is None:
            # the tables lack many Nordic compounds; what they lack else is slips and words of other languages
            return word if language in _COMPOUNDING and len(word) >= _LONG else ""
        return "" if found[0].isupper() else found.casefold()


def contrast(keys: Counter[Key], size: int, phrases: Phrases, total: int) -> dict[Key, float]:
    """Give each phrase's weight in a group of ``size`` texts against all ``total`` texts (c-TF-IDF)."""
    weights = {}
    for key, count in keys.items():
        share = count / size
        usual = phrases.spread[key] / total
        # more words say more than one, when they come back
        longer = 1.3 if len(key) > 2 and phrases.spread[key] > 1 else 1.0
        weights[key] = longer * float(share * np.log1p(share / usual))
    return weights

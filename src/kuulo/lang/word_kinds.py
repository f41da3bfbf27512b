"""Know which words can name a matter: nouns that say something, not verbs, adjectives, adverbs or vague nouns.

The word tables give dictionary forms without telling what kind of word each is. Endings tell much in Finnish, less
in the others: there lists of common words help, and how the word stands in the texts.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from kuulo.lang.common_words import common_words
from kuulo.lang.services import concepts

Kind = Literal["noun", "vague", "adjective", "verb"]
_KINDS: tuple[Kind, ...] = ("vague", "adjective", "verb")

# Endings of dictionary forms: Finnish infinitives, and the nouns that end like them.
_FINNISH_VERB = re.compile(r"(?:[aeiouyäö]t[aä]|d[aä]|ll[aä]|nn[aä]|rr[aä]|[eouäa]st[aä]|aa|ää|[eouyö][aä]|iä)$")
_FINNISH_NOUN = re.compile(
    r"(?:riita|rata|aita|hauta|lauta|sota|pata|pöytä|paita|maa|jää|pää|sää|levä|monttu|niitty)$"
)
_NOT_NOUN = {
    "fi": r"(?<!lä)(?<!la)(?<!m)inen|t[oö]n|mpi|sesti|[aä]sti|n[uy]t|tt[uy]|(?:tt|u)[aä]v[aä]|[euyoö]v[aä]|k[aä]{2}n",
    "sv": r"l?ig|igt|lös|full|bar|ande|vis",
    "nb": r"l?ig|løs|full|bar|ende|vis",
    "nn": r"l?eg|laus|full|ande|vis",
    "en": r"ly|ful|less|ous|able|ible|n't",
}
# Forms of Swedish verbs in -a: no noun in -a has them (gatan, gator; but: gungar, gungade, kör).
_SWEDISH_VERB_FORM = re.compile(r"(?:ar|er|ade|at|ats|as|ades|te|de)$")
# Nouns in the definite form, which a verb never has: after "att" begins a clause of its own ("att plogen kör").
_DEFINITE = {
    "fi": re.compile("$^"),
    "sv": re.compile("(?:en|et|an|na)$"),
    "nb": re.compile("(?:en|et|ene)$"),
    "nn": re.compile("(?:en|et|ane|ene)$"),
    "en": re.compile("$^"),
}


@cache
def kind(base: str, language: str) -> Kind:
    """Give what kind of word a dictionary form is; a word of the service vocabulary is a noun, vague ones are not."""
    lists = _lists(language)
    for one in _KINDS:
        if base in lists[one]:
            return one
    if base in common_words(language):
        return "vague"
    if base in known_nouns(language):
        return "noun"
    if language == "fi" and _FINNISH_NOUN.search(base):
        return "noun"
    if re.search(rf"(?:{_NOT_NOUN[language]})$", base):
        return "adjective"
    return "verb" if language == "fi" and _FINNISH_VERB.search(base) else "noun"


def kind_in_text(word: str, base: str, language: str) -> Kind:
    """Give what kind of word a ``word`` of a text is, whose dictionary form is ``base``."""
    what = kind(base, language)
    if language == "en" and what == "verb" and word != base and word.endswith(("ed", "en")):
        return "adjective"
    # "glatt" may be found under a noun of the tables, but is known as what it is
    return kind(word, language) if what == "noun" and language != "fi" else what


def stands_as_verb(word: str, before: str, base: str, language: str) -> int:
    """Give 1 where a word stands as a verb, by its form and the word before it, -1 where as a noun, else 0."""
    lists = _lists(language)
    swedish = language == "sv" and base.endswith("a") and word != base
    if swedish and (word == base[:-1] or (_SWEDISH_VERB_FORM.search(word) and word.startswith(base[:-1]))):
        return 1
    if before in lists["before_noun"]:
        return -1
    return int(before in lists["before_verb"] and not _DEFINITE[language].search(word))


@cache
def _lists(language: str) -> dict[str, frozenset[str]]:
    text = (files("kuulo.lang") / "word_kinds.toml").read_text("utf-8")
    found = {name: frozenset(words) for name, words in tomllib.loads(text)[language].items()}
    return {"before_verb": frozenset(), "before_noun": frozenset(), "noun": frozenset(), **found}


@cache
def known_nouns(language: str) -> frozenset[str]:
    """Give the single words of the service vocabulary and of the lists that are nouns, lower case."""
    terms = (term for one in concepts() for term in (one.wording[language].label, *one.wording[language].words))
    return _lists(language)["noun"] | {term.casefold() for term in terms if " " not in term}

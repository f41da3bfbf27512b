"""The words that carry no matter are known, and words that do are not among them."""

import pytest

from kuulo.lang.common_words import common_words, negations, numerals
from kuulo.lang.services import LANGUAGES, concepts

GRAMMAR = {
    "fi": ("ja", "että", "minun", "on", "ei", "kiitos"),
    "sv": ("och", "att", "min", "är", "inte", "tack"),
    "nb": ("og", "at", "min", "er", "ikke", "takk"),
    "nn": ("og", "at", "min", "er", "ikkje", "takk"),
    "en": ("and", "that", "my", "is", "not", "thanks"),
}
NOT = {
    "fi": ("ei", "en", "et", "emme", "ette", "eivät", "älä", "älkää", "eikä", "ettei", "ilman"),
    "sv": ("inte", "ej", "aldrig", "ingen", "inget", "inga", "utan"),
    "nb": ("ikke", "aldri", "ingen", "uten"),
    "nn": ("ikkje", "aldri", "ingen", "utan"),
    "en": ("not", "no", "never", "don't", "can't", "won't", "isn't", "doesn't", "without"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_grammar_words_are_common(language):
    assert [word for word in GRAMMAR[language] if word not in common_words(language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_services_are_not_common(language):
    """Else no theme about them could be named by them."""
    single = {c.wording[language].label.casefold() for c in concepts() if " " not in c.wording[language].label}
    assert len(single) > 40
    assert sorted(single & common_words(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_usual_negation_is_known(language):
    assert [word for word in NOT[language] if word not in negations()] == []


def test_a_language_that_is_not_known_has_the_common_words_of_all():
    assert common_words("und") == frozenset().union(*map(common_words, LANGUAGES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_stand_as_they_are_looked_up(language):
    everything = common_words(language) | negations() | numerals()
    assert [word for word in everything if word != word.casefold() or word != word.strip() or " " in word] == []


@pytest.mark.parametrize("word", ["kaksi", "två", "seks", "seven"])
def test_small_numbers_in_words_are_known(word):
    assert word in numerals()

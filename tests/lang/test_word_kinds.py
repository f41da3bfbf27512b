"""Nouns that say something can name a matter; verbs, adjectives, adverbs and vague words cannot."""

import pytest

from kuulo.lang.services import LANGUAGES
from kuulo.lang.word_kinds import kind, known_nouns, stands_as_verb

NOUNS = {
    "fi": ("koulu", "ranta", "kenttä", "aita", "koirapuisto", "hautausmaa", "kaava", "auraaminen", "vuokralainen"),
    "sv": ("skola", "gata", "hundpark", "brygga", "plogning", "hållplats", "trottoar"),
    "nb": ("skole", "gate", "hundepark", "brygge", "brøyting", "fortau"),
    "nn": ("skule", "gate", "hundepark", "brygge", "brøyting", "fortau"),
    "en": ("school", "street", "dog", "jetty", "ploughing", "shelter"),
}
OTHERS = {
    "fi": (
        "syödä",
        "säilyttää",
        "hoitaa",
        "tarvita",
        "juosta",
        "tulla",
        "sanoa",
        "vaarallinen",
        "nopeasti",
        "kotona",
    ),
    "sv": ("köra", "betala", "farlig", "gärna", "tillsammans", "grön"),
    "nb": ("kjøre", "betale", "farlig", "gjerne", "sammen", "grønn"),
    "nn": ("køyre", "betale", "farleg", "gjerne", "saman", "grøn"),
    "en": ("buy", "sit", "dangerous", "quickly", "together", "green"),
}
VAGUE = {
    "fi": ("asia", "ongelma", "ihminen", "aika", "paikka"),
    "sv": ("sak", "problem", "människa", "tid", "plats"),
    "nb": ("sak", "problem", "menneske", "tid", "ting"),
    "nn": ("sak", "problem", "menneske", "tid", "ting"),
    "en": ("thing", "problem", "people", "time", "place"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nouns_can_name(language):
    assert [word for word in NOUNS[language] if kind(word, language) != "noun"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_verbs_adjectives_and_adverbs_cannot(language):
    assert [word for word in OTHERS[language] if kind(word, language) == "noun"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_vague_words_cannot(language):
    assert [word for word in VAGUE[language] if kind(word, language) != "vague"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_all_words_of_services_can(language):
    """Else residents who use them could not name a theme by them."""
    barred = sorted(word for word in known_nouns(language) if kind(word, language) != "noun")
    assert len(barred) < 0.01 * len(known_nouns(language)), barred


@pytest.mark.parametrize(
    ("word", "before", "base", "language", "expected"),
    [
        ("kör", "bilarna", "köra", "sv", 1),
        ("gungade", "barnen", "gunga", "sv", 1),
        ("gungan", "sönder", "gunga", "sv", 0),
        ("gunga", "att", "gunga", "sv", 1),
        ("gunga", "en", "gunga", "sv", -1),
        ("brøyte", "å", "brøyte", "nb", 1),
        ("gate", "i", "gate", "nn", -1),
        ("park", "to", "park", "en", 1),
        ("plogen", "att", "plog", "sv", 0),
        ("park", "the", "park", "en", -1),
    ],
)
def test_what_stands_before_a_word_and_its_form_tell_a_verb(word, before, base, language, expected):
    assert stands_as_verb(word, before, base, language) == expected

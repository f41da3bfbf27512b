"""The names of the golden set's themes: in the right language, without names of places and people, few of them equal."""

import re
from collections import Counter

import pytest

from kuulo.lang.services import LANGUAGES, concepts

# Beginnings of the invented places and people of the golden set.
PROPER = (
    "kaislalah", "vassvik", "sivvåg", "rantakyl", "strandby", "kråknes", "koulukat", "skolgat", "sahanran", "stasjonsgat",
    "strandväg", "tindra", "jouni", "reino", "sirpa", "gun-lis", "synne",
)  # fmt: skip
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_holds_a_place_or_a_person(golden, language):
    names = [theme.names[language].casefold() for theme in golden.grouping.themes]
    assert [name for name in names for word in WORD.findall(name) if word.startswith(PROPER)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_names_are_of_their_language(golden, language):
    """They begin words that somebody wrote in it, or of the vocabulary's; one in a hundred may be a table's odd form."""
    said = [
        message.text
        for message, place in zip(golden.messages, golden.grouping.placements, strict=True)
        if place.language == language
    ]
    terms = [" ".join((one.wording[language].label, *one.wording[language].words)) for one in concepts()]
    known = " ".join([*said, *terms]).casefold()
    words = [word for theme in golden.grouping.themes for word in WORD.findall(theme.names[language].casefold())]
    strange = [word for word in words if word[:5] not in known]
    assert len(strange) <= 0.01 * len(words), strange


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_names_of_a_theme_are_equal(golden, language):
    counts = Counter((theme.parent, theme.names[language].casefold()) for theme in golden.grouping.themes)
    equal = sum(count for count in counts.values() if count > 1)
    assert equal <= 0.2 * len(golden.grouping.themes)

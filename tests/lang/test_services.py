"""The service vocabulary is whole: every concept in every language, none twice."""

from collections import Counter

import pytest

from kuulo.lang.identify import identify
from kuulo.lang.services import LANGUAGES, concepts

ALL = [(concept, language) for concept in concepts() for language in LANGUAGES]


def twice(values):
    return sorted(value for value, count in Counter(values).items() if count > 1)


def test_the_vocabulary_is_wide():
    assert len(concepts()) >= 300
    assert len({concept.area for concept in concepts()}) >= 8


def test_an_id_names_one_concept():
    assert twice(concept.id for concept in concepts()) == []
    assert [concept.id for concept in concepts() if concept.id != concept.id.strip().lower() or not concept.id] == []


def test_every_concept_is_whole_in_every_language():
    lacking = [
        (concept.id, language)
        for concept, language in ALL
        if not concept.wording[language].label.strip()
        or len(concept.wording[language].words) < 2
        or not all(word.strip() for word in concept.wording[language].words)
        or len(concept.wording[language].sentence.split()) < 4
    ]
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_names_one_concept_in_its_language(language):
    assert twice(concept.wording[language].label.casefold() for concept in concepts()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_said_once_in_its_language(language):
    assert twice(concept.wording[language].sentence.casefold() for concept in concepts()) == []


def test_labels_are_short_enough_for_a_heading():
    assert [(c.id, language) for c, language in ALL if len(c.wording[language].label) > 45] == []


def test_no_label_holds_a_sign_that_a_name_uses():
    assert [(c.id, language) for c, language in ALL if set(c.wording[language].label) & set("/<>&\n\t")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_are_in_the_language_that_they_stand_under(language):
    sentences = [concept.wording[language].sentence for concept in concepts()]
    right = sum(identify(sentence) == language for sentence in sentences)
    assert right >= 0.9 * len(sentences)


def test_the_order_is_always_the_same():
    areas = [concept.area for concept in concepts()]
    assert areas == sorted(areas)
    concepts.cache_clear()
    assert [concept.area for concept in concepts()] == areas

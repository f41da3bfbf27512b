"""Texts that use words of one service are brought nearer across languages, and others stay as they are."""

import numpy as np
import pytest

from kuulo.group.bridge import bridged, services_of
from kuulo.group.languages import shipped_concepts

PLOUGH = ("aura-auto ei käynyt, lumi jäi kadulle", "plogbilen kom inte, snön blev kvar på gatan")
OTHERS = ("kirjasto aukeaa liian myöhään arkisin", "the dentist has no free times", "zzz qqq")


@pytest.fixture(scope="module")
def texts(encoder):
    return [*PLOUGH, *OTHERS], encoder.vectors([*PLOUGH, *OTHERS])


def test_words_of_one_service_bring_two_languages_nearer(texts):
    likeness = texts[1] @ texts[1].T
    long = bridged(texts[1], texts[0], shipped_concepts())
    grown = long @ long.T - likeness
    assert grown[0, 1] > 0.05
    assert grown[0, 4] == grown[3, 4] == pytest.approx(0, abs=1e-6)
    assert grown[0, 1] > 3 * max(grown[0, 2], grown[0, 3])


def test_no_likeness_grows_by_more_than_a_bound_nor_shrinks(texts):
    long = bridged(texts[1], texts[0], shipped_concepts())
    grown = long @ long.T - texts[1] @ texts[1].T
    assert grown.min() > -1e-5
    assert grown.max() <= 0.3 + 1e-5


def test_a_word_counts_only_where_the_text_is_near_its_service(texts):
    (vector,) = texts[1][3:4]
    assert np.abs(services_of(vector[None], ["snöplogning"], shipped_concepts())).max() < 0.4
    assert services_of(-vector[None], ["snöplogning"], shipped_concepts()).max() < 0.4
    assert not services_of(np.zeros((1, 768), np.float32), ["snöplogning"], shipped_concepts()).any()


def test_services_are_told_in_rows_no_longer_than_one(texts):
    services = services_of(texts[1], texts[0], shipped_concepts())
    assert services.shape == (5, len(shipped_concepts()))
    assert services.min() >= 0
    assert np.linalg.norm(services, axis=1).max() <= 1

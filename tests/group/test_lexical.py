"""Texts that share rare words are near each other, whatever the words' endings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.lexical import shared_words, word_starts


def likeness(texts):
    rows = word_starts(texts)
    return (rows @ rows.T).toarray()


def test_inflected_forms_are_one_word():
    table = likeness(["skeittirampin vaneri", "Skeittiramppi!", "skeittirampissa reikä", "hammaslääkäri"])
    assert table[0, 1] == table[0, 2] == pytest.approx(1)
    assert table[0, 3] == 0


def test_a_rare_word_joins_more_than_a_frequent_one():
    texts = ["kaupunki jäähalli", "kaupunki jäähalli", "kaupunki latu", "kaupunki uimaranta", "kaupunki latu"]
    table = likeness(texts)
    assert table[0, 1] > table[0, 3] > 0


def test_words_of_one_text_only_and_short_ones_join_nothing():
    assert word_starts(["on se jo", "on se jo", "ainutkertainen"]).nnz == 0


def test_each_text_shares_its_words_with_those_named_for_it():
    texts = ["skeittirampin vaneri", "Skeittiramppi!", "hammaslääkäri", "hammaslääkärin jono"]
    shared = shared_words(word_starts(texts), np.array([[1, 2], [0, 3], [3, 0], [2, 1]]))
    assert shared.tolist() == pytest.approx(np.array([[1, 0]] * 4))


def test_numbers_are_no_words():
    assert word_starts(["2026 1000", "2026 1000"]).nnz == 0


@given(st.lists(st.text(alphabet="abåä -é漢1", max_size=30), max_size=12))
def test_every_row_is_one_long_or_empty_and_the_order_only_moves_rows(texts):
    rows = word_starts(texts)
    assert rows.shape[0] == len(texts)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    assert all(length == pytest.approx(1, abs=1e-5) or length == 0 for length in lengths)
    backwards = (word_starts(texts[::-1]) @ word_starts(texts[::-1]).T).toarray()[::-1, ::-1]
    assert np.allclose((rows @ rows.T).toarray(), backwards, atol=1e-5)

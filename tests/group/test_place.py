"""A poor fit is said to be one, but never for more than eight in a hundred messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.link import Neighbours
from kuulo.group.place import MOST_UNCERTAIN, fits, uncertain


def test_no_more_than_eight_in_a_hundred():
    assert MOST_UNCERTAIN == 0.08


@given(
    st.lists(
        st.tuples(st.floats(0, 1, width=32), st.integers(0, 4), st.integers(0, 30), st.integers(1, 9)), max_size=120
    )
)
def test_few_are_uncertain_and_only_lone_texts_that_fit_badly(rows):
    fit, theme, subtheme, copies = (
        (np.array(column) for column in zip(*rows, strict=True)) if rows else [np.zeros(0)] * 4
    )
    theme, subtheme, copies = (column.astype(np.int64) for column in (theme, subtheme, copies))
    chosen = uncertain(fit, theme, subtheme, copies)
    assert copies[chosen].sum() <= MOST_UNCERTAIN * copies.sum()
    for place in np.flatnonzero(chosen):
        assert fit[place] < 0.35
        assert (subtheme == subtheme[place]).sum() == 1
    assert set(theme[~chosen].tolist()) == set(theme.tolist())


def test_the_worst_fits_come_first():
    fit = np.array([0.9] * 96 + [0.3, 0.1, 0.2, 0.05] * 4, np.float32)
    chosen = uncertain(fit, np.zeros(112, np.int64), np.arange(112), np.ones(112, np.int64))
    assert sorted(fit[chosen].round(2).tolist()) == pytest.approx([0.05] * 4 + [0.1] * 4)


def test_a_text_that_many_sent_is_not_set_aside_to_make_it_fit():
    fit = np.array([0.9] * 50 + [0.1], np.float32)
    copies = np.array([1] * 50 + [20])
    assert not uncertain(fit, np.zeros(51, np.int64), np.arange(51), copies).any()


def test_fit_is_the_share_of_neighbours_in_the_same_theme_by_likeness():
    links = Neighbours(np.array([[1, 2], [0, 2], [0, 1]]), np.array([[0.9, 0.3], [0.9, 0.6], [0.3, 0.6]], np.float32))
    assert fits(links, np.array([0, 0, 1])).tolist() == pytest.approx([0.75, 0.6, 0.0])


@pytest.mark.parametrize("n", [0, 1])
def test_whoever_has_no_neighbour_fits(n):
    nobody = Neighbours(np.zeros((n, 0), np.int64), np.zeros((n, 0), np.float32))
    assert fits(nobody, np.zeros(n, np.int64)).tolist() == [1.0] * n

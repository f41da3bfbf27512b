"""The languages' own directions are taken out of vectors, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kuulo.group.languages import LanguageBasis, shipped_concepts, unit, without_language


def test_the_shipped_basis_is_orthonormal():
    basis = LanguageBasis.shipped()
    assert basis.mean.shape == (2, 384)
    assert basis.directions.shape == (2, 4, 384)
    for directions in basis.directions:
        assert np.allclose(directions @ directions.T, np.eye(4), atol=1e-5)


def test_a_language_that_only_shifts_its_sentences_is_taken_out_whole():
    generator = np.random.default_rng(1)
    meaning = generator.normal(size=(40, 768))
    shift = generator.normal(size=(5, 1, 768)) * 3
    parallel = (meaning + shift).astype(np.float16)
    basis = LanguageBasis.of_parallel(parallel)
    before = [unit(raw.astype(np.float32)) for raw in parallel]
    after = [without_language(raw, basis) for raw in parallel]
    assert (before[0] * before[1]).sum(axis=1).mean() < 0.6
    assert (after[0] * after[1]).sum(axis=1).mean() > 0.9


def test_nothing_of_a_language_direction_is_left(parallel):
    basis = LanguageBasis.shipped()
    for half, directions in zip(
        np.split(without_language(parallel[0], basis), 2, axis=1), basis.directions, strict=True
    ):
        assert np.abs(half @ directions.T).max() < 1e-5


def test_a_vector_does_not_depend_on_its_company(parallel):
    basis = LanguageBasis.shipped()
    together = without_language(parallel[2], basis)
    assert np.allclose(together[7], without_language(parallel[2][7:8], basis)[0], atol=1e-6)


def test_the_concepts_stand_in_the_vocabularys_order(parallel):
    """Nearly every sentence is nearest to its own concept, in each language."""
    for raw in parallel:
        found = (without_language(raw, LanguageBasis.shipped()) @ shipped_concepts().T).argmax(axis=1)
        assert (found == 3 * np.arange(len(found))).mean() > 0.95


@given(arrays(np.float32, (4, 6), elements=st.floats(-1000, 1000, width=32)))
def test_rows_become_one_long_and_a_zero_row_stays(rows):
    lengths = np.linalg.norm(unit(rows), axis=1)
    long_enough = np.linalg.norm(rows, axis=1) > 1e-6
    assert lengths[long_enough] == pytest.approx(1, abs=1e-4)
    assert (lengths[~rows.any(axis=1)] == 0).all()

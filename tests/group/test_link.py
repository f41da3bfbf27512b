"""The nearest neighbours are the nearest ones, exactly while they are few and nearly so when they are many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.link import nearest


def random_units(n, d, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def by_hand(vectors, k):
    likeness = (vectors[:, None, :].astype(np.float64) * vectors[None]).sum(axis=2)
    np.fill_diagonal(likeness, -2)
    index = np.argsort(-likeness, axis=1, kind="stable")[:, :k]
    return index, np.take_along_axis(likeness, index, axis=1)


@given(st.integers(2, 40), st.integers(1, 60), st.integers(0, 1000))
def test_neighbours_are_those_of_brute_force(n, k, seed):
    vectors = random_units(n, 8, seed)
    found = nearest(vectors, k)
    index, likeness = by_hand(vectors, min(k, n - 1))
    assert found.index.tolist() == index.tolist()
    assert found.likeness == pytest.approx(likeness, abs=1e-5)


def test_neighbours_are_found_across_the_blocks_that_are_read_at_a_time():
    vectors = random_units(1300, 6)
    found = nearest(vectors, 7)
    likeness = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    np.fill_diagonal(likeness, -2)
    assert found.likeness == pytest.approx(-np.sort(-likeness, axis=1)[:, :7], abs=1e-5)


@pytest.mark.parametrize(("n", "k"), [(0, 5), (1, 5), (2, 5), (3, 5)])
def test_nobody_has_more_neighbours_than_there_are_others(n, k):
    found = nearest(random_units(max(n, 1), 4)[:n], k)
    assert found.index.shape == found.likeness.shape == (n, max(0, min(k, n - 1)))


def test_equals_among_those_found_fall_by_position():
    vectors = np.eye(3, dtype=np.float32)[[0, 1, 0, 1, 0]]
    assert nearest(vectors, 4).index.tolist() == [
        [2, 4, 1, 3],
        [3, 0, 2, 4],
        [0, 4, 1, 3],
        [1, 0, 2, 4],
        [0, 2, 1, 3],
    ]


def test_equals_at_the_edge_fall_by_position():
    vectors = np.eye(2, dtype=np.float32)[[0] * 30 + [1] * 30]
    index, _ = by_hand(vectors, 3)
    assert nearest(vectors, 3).index.tolist() == index.tolist()


def test_the_first_few_of_many_are_the_few():
    vectors = random_units(50, 8)
    assert nearest(vectors, 20).first(3).index.tolist() == nearest(vectors, 3).index.tolist()


def test_a_large_collection_finds_nearly_all_of_the_nearest():
    generator = np.random.default_rng(3)
    centres = random_units(60, 16)
    vectors = centres[generator.integers(0, len(centres), 20_001)] + 0.1 * generator.normal(size=(20_001, 16))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    found = nearest(vectors, 8)
    assert (found.index != np.arange(len(vectors))[:, None]).all()
    assert (np.diff(found.likeness, axis=1) <= 0).all()
    asked = np.arange(0, len(vectors), 101)
    likeness = vectors[asked] @ vectors.T
    likeness[np.arange(len(asked)), asked] = -2
    true = np.argsort(-likeness, axis=1)[:, :8]
    shared = [
        len(set(row) & set(other)) for row, other in zip(true.tolist(), found.index[asked].tolist(), strict=True)
    ]
    assert sum(shared) > 0.9 * true.size

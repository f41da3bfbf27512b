"""Texts that belong together stand together, at any size, on any number of threads."""

import numpy as np
import pytest

from kuulo.group.cluster import MOST_THEMES, centres_of, cluster, usual_width, widest
from kuulo.group.link import nearest

GROUP = """
import sys, hashlib
import numpy as np
from kuulo.group.levels import group_vectors
vectors = np.load(sys.argv[1])
levels = group_vectors(vectors, texts=[f"text {i}" for i in range(len(vectors))])
print(hashlib.sha256(levels.theme.tobytes() + levels.subtheme.tobytes() + levels.firmness.tobytes()).hexdigest())
"""


def units(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def crowds(sizes, *, spread=0.5, d=24, seed=0):
    """Unit vectors around as many centres as there are sizes, and which centre each is of."""
    generator = np.random.default_rng(seed)
    centres = units(generator.normal(size=(len(sizes), d)))
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return units(centres[owner] + spread * units(generator.normal(size=(len(owner), d)))), owner


def themes(vectors):
    return cluster(vectors, nearest(vectors, widest(len(vectors))))


def same_partition(one, other):
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len(set(one.tolist())) == len(set(other.tolist()))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8, 12])
def test_few_random_texts_are_always_grouped(n):
    vectors = units(np.random.default_rng(n).normal(size=(n, 16)))
    found = themes(vectors)
    assert found.theme.shape == found.firmness.shape == (n,)
    assert sorted(set(found.theme.tolist())) == list(range(found.theme.max() + 1))
    assert ((found.firmness >= 0) & (found.firmness <= 1)).all()
    assert n == 1 or np.bincount(found.theme).min() >= 2


@pytest.mark.parametrize("n", range(1, 13))
def test_texts_that_are_all_alike_are_grouped(n):
    assert themes(units(np.ones((n, 8)))).theme.shape == (n,)


def test_clear_crowds_are_the_themes():
    vectors, owner = crowds([30, 50, 20, 40])
    found = themes(vectors)
    assert same_partition(found.theme, owner)
    assert found.firmness.min() > 0.7


def test_chance_is_less_firm_than_order():
    ordered, _ = crowds([40, 40, 40])
    chance = units(np.random.default_rng(5).normal(size=(120, 24)))
    assert themes(chance).firmness.mean() < themes(ordered).firmness.mean() - 0.05


def test_there_are_never_more_than_twenty_themes_nor_crumbs():
    vectors, owner = crowds([25] * 45)
    found = themes(vectors)
    sizes = np.bincount(found.theme)
    assert 2 <= len(sizes) <= MOST_THEMES
    assert sizes.min() >= 2
    assert all(len(set(found.theme[owner == one].tolist())) == 1 for one in range(45))


def test_widths_grow_slowly_with_the_number_of_texts():
    assert [usual_width(n) for n in (4, 100, 400, 2000, 100_000)] == [4, 5, 10, 16, 16]
    assert all(widest(n) >= usual_width(n) for n in (1, 4, 100, 5000))


def test_a_centre_is_the_unit_mean_of_its_own():
    vectors, owner = crowds([3, 5])
    for one, centre in enumerate(centres_of(vectors, owner)):
        assert centre == pytest.approx(units(vectors[owner == one].mean(axis=0, keepdims=True))[0], abs=1e-5)


def test_the_number_of_threads_makes_no_difference(child, tmp_path):
    """Groups are the same to the last bit; so are the firmnesses, which depend on every link."""
    vectors, _ = crowds([30] * 10, spread=1.2, d=768)
    np.save(tmp_path / "vectors.npy", vectors)
    threads = [{"OMP_NUM_THREADS": n, "OPENBLAS_NUM_THREADS": n} for n in (1, 2)]
    finishes = [child(GROUP, tmp_path / "vectors.npy", **one) for one in threads]
    assert len({finish() for finish in finishes}) == 1

"""Every subtheme stands inside one theme, and the order of the rows makes no difference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuulo.group.languages import LanguageBasis, without_language
from kuulo.group.levels import group_vectors
from kuulo.lang.services import concepts


@pytest.fixture(scope="module")
def vocabulary(parallel):
    """Texts and vectors of a hundred concepts in Finnish and in Norwegian."""
    texts = [c.wording[language].sentence for language in ("fi", "nb") for c in concepts()[:300:3]]
    raw = np.concatenate([parallel[0, :100], parallel[2, :100]])
    return texts, without_language(raw, LanguageBasis.shipped())


def test_a_subtheme_is_of_one_theme(vocabulary):
    texts, vectors = vocabulary
    levels = group_vectors(vectors, texts=texts)
    pairs = set(zip(levels.theme.tolist(), levels.subtheme.tolist(), strict=True))
    assert len(pairs) == len({subtheme for _, subtheme in pairs}) > len({theme for theme, _ in pairs}) > 3
    assert sorted({subtheme for _, subtheme in pairs}) == list(range(len(pairs)))


def test_the_order_of_the_rows_makes_no_difference(vocabulary):
    texts, vectors = vocabulary
    levels = group_vectors(vectors, texts=texts)
    order = np.random.default_rng(0).permutation(len(texts))
    shuffled = group_vectors(vectors[order], texts=[texts[i] for i in order])
    assert shuffled.theme.tolist() == levels.theme[order].tolist()
    assert shuffled.subtheme.tolist() == levels.subtheme[order].tolist()
    assert shuffled.firmness.tolist() == levels.firmness[order].tolist()
    assert shuffled.fit.tolist() == levels.fit[order].tolist()
    assert shuffled.distance == levels.distance


def test_a_matter_told_in_two_languages_is_one_theme(vocabulary):
    texts, vectors = vocabulary
    theme = group_vectors(vectors, texts=texts).theme
    assert (theme[:100] == theme[100:]).mean() > 0.8


@settings(max_examples=12)
@given(st.integers(0, 12), st.integers(0, 10_000), st.booleans())
def test_few_random_texts_are_always_grouped(n, seed, alike):
    generator = np.random.default_rng(seed)
    vectors = generator.normal(size=(n, 768))
    if alike and n:
        vectors = vectors[generator.integers(0, n, n) % 3]
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    levels = group_vectors(vectors, texts=["same words" if alike else f"word{i}" for i in range(n)])
    for values in (levels.theme, levels.subtheme, levels.firmness, levels.fit):
        assert values.shape == (n,)
    assert all(0 <= value <= 1 for value in [*levels.fit.tolist(), *levels.firmness.tolist()])

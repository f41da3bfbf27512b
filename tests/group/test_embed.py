"""A text's vector depends on the text alone; texts that say the same are near each other in any language."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuulo.group.embed import Encoder, batches
from kuulo.group.languages import LanguageBasis, without_language

WORDS = [
    "lumi",
    "skola",
    "buss",
    "light",
    "vatten",
    "plogen",
    "kirjasto",
    "ikkje",
    "gata",
    "valo",
    "school",
    "ranta",
    "bench",
    "tie",
    "barna",
]


@pytest.fixture(scope="module")
def texts(messages):
    """Short and long messages in five languages, among them some that are equally long."""
    chosen = sorted(
        {message.text for message in messages if message.text.strip()}, key=lambda text: (len(text), text)
    )
    return [*chosen[:20], *chosen[200:220], *chosen[-5:]]


@pytest.fixture(scope="module")
def alone(uncached, texts):
    return {text: uncached.raw_vectors([text])[0] for text in texts}


@settings(max_examples=12)
@given(st.data())
def test_any_company_gives_the_same_vector(uncached, texts, alone, data):
    company = data.draw(st.lists(st.sampled_from(texts), min_size=1, max_size=12))
    vectors = uncached.raw_vectors(company)
    assert [row.tobytes() for row in vectors] == [alone[text].tobytes() for text in company]


def test_two_threads_give_the_same_vector(texts, alone):
    vectors = Encoder.open(cache=False, threads=2).raw_vectors(texts)
    assert [row.tobytes() for row in vectors] == [alone[text].tobytes() for text in texts]


def test_any_company_gives_the_same_vector_without_its_language(uncached, texts):
    together = uncached.vectors(texts)
    assert [row.tobytes() for row in together] == [uncached.vectors([text])[0].tobytes() for text in texts]


def test_the_cache_gives_the_same_vector(encoder, uncached, texts, alone):
    first, second = encoder.raw_vectors(texts), encoder.raw_vectors(texts[::-1])[::-1]
    assert first.tobytes() == second.tobytes() == np.stack([alone[text] for text in texts]).tobytes()
    assert encoder.vectors(texts).tobytes() == uncached.vectors(texts).tobytes()


def test_a_text_longer_than_the_window_is_understood_to_its_end(uncached):
    part = "Latua ei ole ajettu koko viikkona. "
    other = "Kouluruoka on kylmää ja jono pitkä. "
    long, longer = part * 100, part * 100 + other * 100
    assert min(map(len, uncached.tokens([long, longer]))) > 600
    vectors = uncached.vectors([long, longer, part, other])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    to_part, to_other = vectors[:2] @ vectors[2], vectors[:2] @ vectors[3]
    assert to_part[0] > to_part[1] > to_part[0] - 0.3
    assert to_other[1] > to_other[0] + 0.2
    assert uncached.raw_vectors([long])[0].tobytes() == uncached.raw_vectors([part, long])[1].tobytes()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "\x00",
        "👩‍👩‍👧‍👦",
        "\u202eabc",
        "e\u0301" * 700,
        "漢字" * 900,
        "a" * 5000,
        "\ufffd" * 9,
        "\U0010ffff",
    ],
    ids=lambda text: f"{len(text)} of {text[:1]!a}",
)
def test_any_text_has_a_vector(uncached, text):
    (vector,) = uncached.vectors([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_half_a_character_has_a_vector(uncached):
    assert uncached.vectors(["\ud800 valot"]).shape == (1, 768)


def test_no_texts_have_no_vectors(uncached):
    assert uncached.vectors([]).shape == (0, 768)


def test_the_prefix_says_nothing_about_a_text(uncached):
    """Word states alone are pooled: the pieces of "query: " are not among them."""
    (tokens,) = uncached.tokens(["valot"])
    window = [0, *tokens, 2]
    states = np.zeros((len(window), 384), np.float32)
    states[4:-1] = 1
    assert uncached._rarity_pooled(window, states)[:384].tolist() == [1] * 384


def test_every_window_has_the_whole_prefix_in_front(uncached):
    (tokens,) = uncached.tokens(["lumi " * 1200])
    windows = list(uncached._windows(tokens))
    assert len(windows) == 3
    assert {len(window) <= 512 for window in windows} == {True}
    assert {tuple(window[:3]) for window in windows} == {(0, *tokens[:2])}


def test_the_same_sentence_in_five_languages_is_one_place(parallel):
    """For most sentences every version is nearer than any other sentence in any language."""
    languages, count, _ = parallel.shape
    vectors = without_language(parallel.reshape(languages * count, -1), LanguageBasis.shipped())
    likeness = vectors @ vectors.T
    matter = np.tile(np.arange(count), languages)
    versions = matter[:, None] == matter[None]
    farthest_version = np.where(versions, likeness, np.inf).min(axis=1)
    nearest_other = np.where(versions, -np.inf, likeness).max(axis=1)
    assert (farthest_version > nearest_other).mean() > 0.7
    np.fill_diagonal(likeness, -2)
    assert (matter[likeness.argmax(axis=1)] == matter).mean() > 0.95


def test_progress_counts_every_text_once_and_never_back(uncached, encoder, texts):
    for one in (uncached, encoder):
        told = []
        one.raw_vectors(texts, told.append)
        assert told == sorted(told)
        assert told[-1] == len(texts)


@given(st.lists(st.integers(1, 512), max_size=60))
def test_batches_hold_every_window_once_with_nothing_to_pad(lengths):
    windows = [[0] * length for length in lengths]
    chosen = list(batches(windows))
    assert sorted(index for batch in chosen for index in batch) == list(range(len(windows)))
    assert all(len({lengths[index] for index in batch}) == 1 for batch in chosen)
    assert all(sum(lengths[index] for index in batch) <= 1024 for batch in chosen)


@settings(max_examples=20)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
def test_white_space_makes_no_difference(uncached, words):
    vectors = uncached.raw_vectors([" ".join(words), "  \n".join(["", *words, ""])])
    assert vectors[0].tobytes() == vectors[1].tobytes()

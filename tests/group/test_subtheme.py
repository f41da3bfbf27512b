"""Texts about one matter are a subtheme; texts about different matters are not."""

import numpy as np
import pytest

from kuulo.group.lexical import word_starts
from kuulo.group.subtheme import near_groups, subthemes

MATTERS = (
    (
        "Hammaslääkäriin ei saa aikaa kuin puolen vuoden päähän",
        "Hammaslääkäriä saa odottaa kuukausia",
        "Milloin hammaslääkäriin pääsee? Jonotan yhä",
    ),
    (
        "Rullaluistelurampin vaneri on rikki",
        "Rampissa on reikä, vaneri pettää pian",
        "Skeittirampin vaneri pitää uusia",
    ),
    (
        "Vesilasku nousi taas kohtuuttomasti",
        "Miksi vesimaksu nousi näin paljon?",
        "Vesimaksun korotus on liian suuri",
    ),
)


@pytest.fixture(scope="module")
def told(encoder):
    texts = [text for matter in MATTERS for text in matter]
    return texts, encoder.vectors(texts)


def test_each_matter_is_a_subtheme(told):
    texts, vectors = told
    one = np.zeros(len(texts), np.int64)
    near = subthemes(vectors, word_starts(texts), one)
    labels = near.inside(one)
    assert [len(set(part)) for part in labels.reshape(3, 3).tolist()] == [1, 1, 1]
    assert len(set(labels.tolist())) == 3
    assert 0.57 <= near.distance <= 0.85


def test_what_all_but_says_the_same_is_close_and_lies_in_one_subtheme(encoder):
    texts = [
        "Koulun pihan keinu on rikki",
        "Keinu on rikki koulun pihalla",
        "Päiväkodin portti ei mene kiinni",
        "Portti ei mene kiinni päiväkodissa",
    ]
    near = subthemes(encoder.vectors(texts), word_starts(texts), np.zeros(4, np.int64))
    assert near.close[0] == near.close[1] != near.close[2] == near.close[3]
    labels = near.inside(np.array([0, 0, 0, 1])).tolist()
    assert labels[0] == labels[1]
    assert len(set(labels)) == 3


def test_a_shared_rare_word_brings_texts_nearer(told):
    _, vectors = told
    chosen = vectors[[0, 3, 6]]
    apart = near_groups(chosen, ["yksi", "kaksi", "kolme"], 0.8)
    together = near_groups(chosen, ["pihlajakorpi", "pihlajakorven", "kolme"], 0.8)
    assert len(set(apart.tolist())) == 3
    assert together[0] == together[1] != together[2]


def test_a_wider_distance_never_makes_more_groups(told):
    texts, vectors = told
    counts = [len(set(near_groups(vectors, texts, distance).tolist())) for distance in (0.1, 0.5, 0.8, 1.0, 2.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 1


def test_no_texts_are_no_groups():
    assert near_groups(np.zeros((0, 768), np.float32), [], 0.7).tolist() == []


def test_one_text_is_a_group():
    assert near_groups(np.ones((1, 4), np.float32) / 2, ["yksin"], 0.7).tolist() == [0]


def test_very_many_texts_are_grouped_theme_by_theme():
    """Above four thousand texts no pair across two themes is compared; each group is of one theme."""
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(41, 32))
    owner = np.arange(4100) % 41
    vectors = centres[owner] + 0.05 * generator.normal(size=(4100, 32))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    theme = owner % 2
    labels = subthemes(vectors, word_starts([""] * 4100), theme).about
    groups = set(zip(labels.tolist(), theme.tolist(), owner.tolist(), strict=True))
    assert len(groups) == 41
    assert len({(label, of) for label, of, _ in groups}) == len(set(labels.tolist())) > 20

"""Kuulo groups messages better than a word cloud does. The measures stand in the benchmarks; this guards them."""

import numpy as np
import pytest
from benchmarks.measures import LEFT_OUT, ami, b_cubed, heaped, named_right
from benchmarks.rivals import word_cloud


@pytest.fixture(scope="module")
def sorted_by_hand(messages, labels, golden):
    """The messages with a theme: their texts, the themes that people gave, and Kuulo's."""
    kept = [i for i, message in enumerate(messages) if labels[message.id]["theme"]]
    places = [golden.grouping.placements[i] for i in kept]
    themes = sorted({place.theme for place in places if place.status == "grouped"})
    numbered = [themes.index(place.theme) if place.status == "grouped" else LEFT_OUT for place in places]
    gold = [frozenset([labels[messages[i].id]["theme"]]) for i in kept]
    return [messages[i].text for i in kept], gold, np.array(numbered)


@pytest.mark.parametrize("letters", [None, 6])
@pytest.mark.parametrize("words", ["as many as themes", 20, 100])
def test_kuulos_themes_beat_those_of_a_word_cloud(sorted_by_hand, words, letters):
    texts, gold, kuulo = sorted_by_hand
    number = len(set(kuulo.tolist()) - {LEFT_OUT}) if words == "as many as themes" else words
    cloud = word_cloud(texts, words=number, letters=letters).labels
    assert len(set(cloud.tolist()) - {LEFT_OUT}) > 4
    assert ami(gold, heaped(kuulo)) > 2 * ami(gold, heaped(cloud))
    # what is left out counts as alone: in one heap, it would earn B-cubed F by its size
    assert b_cubed(gold, kuulo).f > 2 * b_cubed(gold, cloud).f


def test_a_text_goes_to_the_largest_word_of_the_cloud_that_it_holds():
    texts = ["The bus is late", "A bus and a school", "Our school", "School, school!", "Nothing of it"]
    assert word_cloud(texts, words=2).labels.tolist() == [1, 0, 0, 0, LEFT_OUT]


def test_a_text_without_a_word_of_the_cloud_is_left_out():
    assert word_cloud(["snow snow", "ice"], words=1).labels.tolist() == [0, LEFT_OUT]
    assert heaped(np.array([0, LEFT_OUT, 1, LEFT_OUT])).tolist() == [0, 2, 1, 2]


def test_beginnings_join_inflected_forms():
    texts = ["kirjasto suljettu", "kirjastossa kylmä", "kirjaston aukiolo"]
    assert len(set(word_cloud(texts, words=3).labels.tolist())) == 3
    assert word_cloud(texts, words=1, letters=6).labels.tolist() == [0, 0, 0]


def test_only_texts_in_company_are_found_by_a_name():
    gold = [
        frozenset(["snow"]),
        frozenset(["snow", "ice"]),
        frozenset(["bus"]),
        frozenset(["bus"]),
        frozenset(["bus"]),
    ]
    assert named_right(gold, np.array([0, 0, 0, 1, LEFT_OUT])) == 2 / 5

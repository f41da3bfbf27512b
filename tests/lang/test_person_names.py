"""People's names are found by what stands in them and beside them; names of places and companies are left alone."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_names import marked, unmarked

from kuulo.lang.person_names import person_names, words_of_names

TUNED = [sentence for sentences in marked("person_names").values() for sentence in sentences]
PIECES = [
    "Matti",
    "Virtanen",
    "Virtasen",
    "herra",
    "Dr.",
    "J.",
    "t.",
    "von",
    "Anna's",
    "Kallion",
    "koulu",
    "\n",
    ". ",
    "-",
    "ẞ",
    "İ",
]


def spans(text):
    return [(found.start, found.end) for found in person_names(text)]


@pytest.mark.parametrize("sentence", TUNED)
def test_a_name_is_found_and_nothing_else(sentence):
    text, names = unmarked(sentence)
    assert spans(text) == names


def test_on_sentences_written_before_the_rules_hardly_a_name_is_missed_or_made_up():
    right = found = written = 0
    for sentences in marked("person_names_held_out").values():
        for text, names in map(unmarked, sentences):
            right += len(set(names) & set(spans(text)))
            found += len(spans(text))
            written += len(names)
    assert written == 86
    assert right / found >= 0.98
    assert right / written >= 0.97


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Tapasin Leena Mäkisen", "full name"),
        ("naapuri Pekka", "title"),
        ("se Pekka huutaa", "first name"),
        ("enligt Svensson", "surname"),
        ("Mr Pickwick", "title"),
        ("soitti J. Laine", "initials"),
        ("mvh Ingrid", "closing"),
    ],
)
def test_each_rule_tells_its_name(text, why):
    assert [found.why for found in person_names(text)] == [why]


@pytest.mark.parametrize("text", ["", " ", "J.", "t.", "herra", "A. B. C.", "\x00", "Ä", "'s", "-", "Dr. "])
def test_scraps_hold_no_name(text):
    assert person_names(text) == []


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join), st.lists(st.sampled_from(PIECES)).map("".join)
    )
)
def test_names_lie_in_the_text_in_order_and_apart(text):
    found = spans(text)
    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(text[start].isupper() for start, _ in found)


def test_each_listed_name_is_a_name_and_stands_in_one_list():
    lists = tomllib.loads((files("kuulo.lang") / "person_names.toml").read_text("utf-8"))
    first, doubtful, surname, place_like = (
        lists[key].split() for key in ("first", "doubtful", "surname", "place_like")
    )
    assert all(name[0].isupper() for name in [*first, *doubtful, *surname, *place_like])
    assert len({*first, *doubtful}) == len(first) + len(doubtful)
    assert len({*surname, *place_like}) == len(surname) + len(place_like)


def test_words_of_names_are_those_that_mostly_stand_in_names():
    texts = [
        "Aura Virtanen soitti",
        "Virtanen ei auraa",
        "aura ei kulje",
        "aura tulee myöhään",
        "Rouva Kallio kaatui",
        "Auraaminen on huonoa",
    ]
    found = words_of_names(texts)
    assert {"virtanen", "kallio"} <= found
    assert found.isdisjoint({"aura", "auraaminen", "soitti", "rouva"})

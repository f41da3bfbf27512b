"""Texts are split into words, and words are brought to their dictionary form with tables built once."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.words import build_table, dictionary_form, has_table, listed_form, words

BUILD = "import sys, pathlib; from kuulo.lang.words import build_table; build_table(pathlib.Path(sys.argv[1]), sys.argv[2])"


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words") / "made" / "anew"
    for language in ("nn", "en"):
        subprocess.run([sys.executable, "-c", BUILD, folder, language], check=True, timeout=60)
    return folder


def test_a_table_built_by_another_process_is_there_to_use(tables):
    assert has_table(tables, "nn")
    assert not has_table(tables, "fi")
    assert sorted(path.name for path in tables.iterdir()) == ["en.dic", "nn.dic"]


@pytest.mark.parametrize(
    ("language", "form", "base"),
    [("en", "shelters", "shelter"), ("en", "broken", "break"), ("nn", "vegane", "veg"), ("nn", "skulen", "skule")],
)
def test_a_form_is_brought_to_its_dictionary_form(tables, language, form, base):
    assert dictionary_form(form, language, tables) == base


def test_only_what_stands_in_the_table_is_listed(tables):
    assert listed_form("shelters", "en", tables) == "shelter"
    assert listed_form("unbrokenish", "en", tables) is None
    assert listed_form("kvoxtrabl", "en", tables) is None


def test_a_word_of_no_dictionary_has_no_form(tables):
    assert dictionary_form("kvoxtrabl", "en", tables) is None


def test_a_damaged_table_is_built_anew(tmp_path):
    (tmp_path / "nn.dic").write_bytes(b"no table at all")
    build_table(tmp_path, "nn")
    assert (tmp_path / "nn.dic").stat().st_size > 10_000
    assert dictionary_form("vegane", "nn", tmp_path) == "veg"


def test_words_are_split_with_their_hyphens_and_apostrophes():
    text = "WC:t 5 km päässä, Kaj-Erik ei don’t tule?"
    assert [word for word, _ in words(text)] == ["WC", "t", "km", "päässä", "Kaj-Erik", "ei", "don’t", "tule"]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Aura kulki Rantatiellä tänään", ["Aura"]),
        ("Hei! Missä aura on? Kysyy Matti.", ["Hei", "Missä", "Kysyy"]),
        ("Han sa: ”Plogen kom inte” och gick", ["Han", "Plogen"]),
        ("first line\nsecond line", ["first", "second"]),
        ("  (Ja niin edelleen) ja", ["Ja"]),
    ],
)
def test_only_a_word_after_a_stop_opens_a_sentence(text, opening):
    assert [word for word, opens in words(text) if opens] == opening


@given(st.text())
def test_any_text_gives_words_that_stand_in_it_in_order(text):
    at = 0
    for word, _ in words(text):
        at = text.index(word, at) + len(word)

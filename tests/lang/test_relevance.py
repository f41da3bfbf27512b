"""What is about the municipality's tasks is told from what is not, and by which words."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.relevance import names, relevance

GOLDEN = Path(__file__).parents[1] / "golden" / "relevance.csv"
NOBODY = names(())


def held_out() -> list[tuple[str, bool]]:
    """Give the half that was not tuned on: what it is about, and whether it is taken in at the middle limit."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == "held"]
    return [(row["relevant"], relevance(row["text"], row["language"], NOBODY).score >= 0.3) for row in rows]


def test_most_of_what_is_the_municipalitys_is_taken_in_and_little_else():
    told = held_out()
    taken = [label for label, is_in in told if is_in]
    right = taken.count("yes")
    assert right / len(taken) > 0.8
    assert right / [label for label, _ in told].count("yes") > 0.85


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("fi", "Leikkipuiston keinu on rikki", "leikkipuiston"),
        ("sv", "Gungan på lekplatsen är trasig", "lekplatsen"),
        ("nb", "Huska på lekeplassen er ødelagt", "lekeplassen"),
        ("nn", "Huska på leikeplassen er øydelagd", "leikeplassen"),
        ("en", "The swing in the playground is broken", "playground"),
    ],
)
def test_the_words_that_told_so_are_given(language, text, word):
    judged = relevance(text, language, NOBODY)
    assert ("service", word) in judged.why
    assert judged.score > 0.5


def test_names_of_places_count_in_their_forms():
    known = names(["Malmi", "Iso Kivikylä"])
    assert ("name", "malmilla") in relevance("Mitä Malmilla tapahtuu", "fi", known).why
    assert ("name", "iso kivikylässä") in relevance("Olen Iso Kivikylässä", "fi", known).why
    assert relevance("Mitä Malmilla tapahtuu", "fi", NOBODY).score == 0


def test_what_names_the_municipalitys_account_is_meant_for_it():
    known = names(["@kaislalahti"])
    told = relevance("Hauskaa päivää @Kaislalahti", "fi", known)
    assert (told.score, told.why[0]) == (1.0, ("account", "@kaislalahti"))
    assert relevance("Hauskaa päivää kaislalahti", "fi", known).score < 1


def test_words_of_the_state_and_of_sports_speak_against_it():
    told = relevance("Ottelu oli uimahalli täynnä", "fi", NOBODY)
    assert ("elsewhere", "ottelu") in told.why
    assert told.score < relevance("Uimahalli oli täynnä", "fi", NOBODY).score


@given(
    st.text(max_size=400), st.sampled_from(["fi", "sv", "nb", "nn", "en", "und", "x"]), st.lists(st.text(max_size=20))
)
def test_any_text_is_judged(text, language, told):
    judged = relevance(text, language, names(told))
    assert 0 <= judged.score <= 1
    assert len(judged.why) <= 8
    assert judged.score == 0 or judged.why

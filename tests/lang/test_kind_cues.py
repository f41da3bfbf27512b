"""Cues of kinds: whole words, beginnings, endings and company of words, in the language of the text alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.kind_cues import LANGUAGES, cue_names, cues_in, languages_of, sentences


def names(sentence):
    return {cue_names()[at] for at in cues_in(sentence, languages_of(sentence))}


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("Milloin tie aurataan?", "question_word"),
        ("Onko kirjasto auki?", "yes_no_question"),
        ("Laittakaa siihen valot.", "imperative"),
        ("En kannata tätä hanketta.", "against"),
        ("Kaaduin eilen jäähän.", "i_did"),
        ("Det borde finnas fler bänkar.", "ought"),
        ("Jag går inte med på detta.", "against"),
        ("Lampan är trasig.", "fault"),
        ("Jeg skulle ønske det fantes en buss.", "wish"),
        ("Tusen takk til dere alle.", "thanks"),
        ("Kvifor er det slik?", "why"),
        ("Eg sklei og datt i går.", "past_time"),
        ("We waited for an hour.", "i_did"),
        ("Don’t close the school.", "forbid"),
    ],
)
def test_a_cue_is_heard(sentence, cue):
    assert cue in names(sentence)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("Jag undrar när bussen går.", "question_word"),  # the question word does not begin the sentence
        ("The bus was full and we had to walk.", "praise"),
        ("No more than ten people live on my road.", "ongoing"),  # "no" is "now" in Norwegian only
    ],
)
def test_what_only_looks_like_a_cue_is_none(sentence, cue):
    assert cue not in names(sentence)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Minä en tiedä, mutta se on niin.", "fi"),
        ("Jag vet inte, men det är så.", "sv"),
        ("Eg veit ikkje kva det er.", "no"),
        ("I do not know what that is.", "en"),
    ],
)
def test_the_small_words_show_the_language(text, language):
    assert languages_of(text) == [language]


def test_where_no_small_word_shows_the_language_all_are_looked_through():
    assert languages_of("Kaislalahti!") == list(LANGUAGES)


def test_sentences_end_at_full_stops_marks_and_lines():
    assert sentences("One. Two?  Three!\nFour 3.5 km") == ["One.", "Two?", "Three!", "Four 3.5 km"]


@given(st.text(max_size=120))
def test_any_text_has_cues_that_have_names(text):
    assert cues_in(text, languages_of(text)) <= set(range(len(cue_names())))


@given(st.text(max_size=120))
def test_sentences_hold_every_word(text):
    assert " ".join(sentences(text)).split() == text.split()

"""What can be read is made ready; what cannot says why."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.clean import Cleaned, clean

REASONS = {"empty": {"no-text", "no-words", "says-nothing"}, "unreadable": {"broken-characters", "no-language"}}


@given(st.text())
def test_any_text_is_cleaned_or_has_a_reason(text):
    found = clean(text)
    if found.status:
        assert found.text == ""
        assert found.reason in REASONS[found.status]
    else:
        assert found.reason == ""
        assert any(map(str.isalpha, found.text))


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\ud800\u200b\u202e\x00\ufeff\u2028Ã¤🙂é\u0301")))
def test_what_is_not_seen_is_gone(text):
    left = clean(text).text
    unseen = {"Cc", "Cs", "Co", "Cf"}
    assert [sign for sign in left if unicodedata.category(sign) in unseen and sign != "\u200d"] == []
    assert left == left.strip()
    assert "  " not in left


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200b", "-", "–", "...", "…", "___", "\ufeff", "\u00a0"])
def test_nothing_to_see_is_no_text(text):
    assert clean(text) == Cleaned(status="empty", reason="no-text")


@pytest.mark.parametrize(
    "text",
    ["5", "10 000", "👍", "👎👎", "?", "!!!", "www.kunta.example", "https://a.example/valot/rikki", "12.3.2026", "x"],
)
def test_signs_digits_and_links_alone_are_no_words(text):
    assert clean(text) == Cleaned(status="empty", reason="no-words")


@pytest.mark.parametrize(
    "text", ["en osaa sanoa", "Vet inte.", "JEG VET IKKE", "eg veit ikkje", "No comment!", "test"]
)
def test_an_answer_without_a_matter_says_nothing(text):
    assert clean(text) == Cleaned(status="empty", reason="says-nothing")


@pytest.mark.parametrize("text", ["?????", "p\ufffdiv\ufffdkoti", "Ã¶Ã¤ ja â€ž rikki Ã", "????? ????"])
def test_characters_that_were_lost_are_broken(text):
    assert clean(text) == Cleaned(status="unreadable", reason="broken-characters")


@pytest.mark.parametrize(
    "text",
    [
        "asdfasdf",
        "qwertyuiop",
        "dfghjklkjhg",
        "xkcdfg hjklmn",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        "skrt brrrt pfft tsk grrr",
    ],
)
def test_letters_that_make_no_words_are_no_language(text):
    assert clean(text) == Cleaned(status="unreadable", reason="no-language")


@pytest.mark.parametrize(
    "text",
    [
        "valot rikki", "Kuopat", "liukas", "WC puuttuu", "Hyvä", "klo 22 melu", "bussi 5", "IT",
        "lyset trasigt", "gropar", "mörkt", "för dyrt", "snö",
        "glatt", "søppel", "for mørkt", "hull i veien", "ny sklie",
        "vegen er stengd", "for dyrt å bu her", "ikkje strødd",
        "rats", "no light", "dark", "bins full", "why?",
        "Ilmoittautumislomake/harrastustoiminta", "maaseutulautakunnan varapuheenjohtaja",
    ],
)  # fmt: skip
def test_a_short_answer_in_five_languages_is_kept(text):
    assert clean(text) == Cleaned(text=text)


@pytest.mark.parametrize(
    "text",
    ["Почему не чистят снег на нашей улице?", "Чому не чистять сніг?", "لماذا لا ينظفون الثلج في شارعنا؟", "为什么没有人扫雪", "Γιατί δεν καθαρίζουν το χιόνι;"],
)  # fmt: skip
def test_an_answer_in_another_script_is_kept(text):
    assert clean(text).text == text


@pytest.mark.parametrize("text", ["Världskrig", "nightschool", "watchstrap"])
def test_a_word_of_many_consonants_is_kept(text):
    assert clean(text).text == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Valot\n\n rikki\t! ", "Valot rikki !"),
        ("KUKA AURAA KATUMME", "kuka auraa katumme"),
        ("HSL ja VR eivät kulje", "HSL ja VR eivät kulje"),
        ("Joooooo hyväääää", "Joo hyvää"),
        ("Katso https://kunta.example/a?b=1 kuvaa", "Katso kuvaa"),
        ("pÃ¤ivÃ¤koti on tÃ¤ynnÃ¤", "päiväkoti on täynnä"),
        ("pa\u0308iva\u0308koti", "päiväkoti"),
        ("va\u00adlot\u200b rik\x00ki", "valot rikki"),
        ("Hyvä 👩\u200d👧 puisto", "Hyvä 👩\u200d👧 puisto"),
    ],
)
def test_what_can_be_repaired_is(text, cleaned):
    assert clean(text) == Cleaned(text=cleaned)


@pytest.mark.parametrize(("text", "cleaned"), [("Kyllllllllä", "Kyllä"), ("Hrrrrrrrr kylmä", "Hrr kylmä")])
def test_a_stretched_consonant_is_shortened_too(text, cleaned):
    assert clean(text).text == cleaned


@pytest.mark.parametrize("text", ["Korjaus maksoi 10000 euroa", "Soita 0400000123", "vuonna 11111"])
def test_a_number_stays_as_it_is(text):
    assert clean(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "ab " * 100_000,
        "http://" * 40_000,
        "Ã" * 100_000,
        "\u200b" * 100_000,
        "🙂" * 100_000,
        "aA1" * 70_000,
        "?" * 200_000,
    ],
    ids=["letters", "words", "links", "debris", "unseen", "faces", "code", "marks"],
)
def test_no_text_takes_long(text):
    began = time.process_time()
    clean(text)
    assert time.process_time() - began < 1

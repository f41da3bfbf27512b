"""Phrases are words and pairs of words in their dictionary form; names and words that say little are none."""

from collections import Counter

import pytest

from kuulo.group.phrases import contrast, find_phrases


def surfaces(tables, texts, language):
    phrases = find_phrases(texts, [language] * len(texts), tables)
    return [{phrases.surface(key) for key in keys} for keys in phrases.of_text]


def test_forms_of_a_word_are_one_phrase(tables):
    phrases = find_phrases(["koulussa haisee", "koulun piha", "koulut"], ["fi"] * 3, tables)
    assert phrases.spread["fi", "koulu"] == 3


def test_a_word_is_shown_as_a_person_would_write_it(tables):
    assert surfaces(tables, ["broken shelters"], "en") == [{"shelters", "broken shelters"}]
    assert surfaces(tables, ["rikkinäisiä katoksia"], "fi") == [{"katos", "rikkinäinen katos"}]


def test_a_pair_does_not_reach_over_a_common_word(tables):
    (found,) = surfaces(tables, ["shelter and timetable"], "en")
    assert found == {"shelter", "timetable"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ja se on nyt niin, kiitos", "fi"),
        ("och det är så nu, tack", "sv"),
        ("and it is so now, thanks", "en"),
        ("", "fi"),
        ("12 34 !?", "en"),
    ],
)
def test_words_that_say_little_are_no_phrases(tables, text, language):
    assert surfaces(tables, [text], language) == [set()]


def test_a_language_without_tables_has_no_phrases(tables):
    assert find_phrases(["guolli lea buorre", "мост"], ["se", "und"], tables).of_text == [set(), set()]


@pytest.mark.parametrize(
    ("texts", "language", "name"),
    [
        (["Aura ei käynyt Myllykujalla eilen", "Koko Myllykujalla odotetaan lunta"], "fi", "myllykuja"),
        (["Plogen kom inte till Kvarngränd igår", "Hela Kvarngränd väntar"], "sv", "kvarngränd"),
        (["The bus drove past Alvina yesterday", "Why does Alvina wait"], "en", "alvina"),
    ],
)
def test_a_name_is_no_phrase(tables, texts, language, name):
    assert name not in set().union(*surfaces(tables, texts, language))


def test_a_word_that_only_opens_sentences_is_no_name(tables):
    assert "koulu" in surfaces(tables, ["Koulu on kylmä", "Koulu haisee"], "fi")[0]


def test_a_word_that_is_shouted_is_no_name(tables):
    assert "koulu" in surfaces(tables, ["missä on KOULU", "uusi KOULU heti"], "fi")[0]


def test_a_phrase_weighs_more_the_more_it_is_the_groups_own(tables):
    texts = ["jäähallin sauna", "jäähallin sauna", "kirjasto ja sauna", "kirjasto ja sauna"]
    phrases = find_phrases(texts, ["fi"] * 4, tables)
    weights = contrast(Counter(key for keys in phrases.of_text[:2] for key in keys), 2, phrases, 4)
    assert weights["fi", "jäähalli"] > weights["fi", "sauna"] > 0
    assert weights["fi", "jäähalli", "sauna"] > weights["fi", "jäähalli"]


def test_a_pair_that_stands_once_weighs_no_more_than_its_noun(tables):
    phrases = find_phrases(["rikkinäinen keinu"], ["fi"], tables)
    weights = contrast(Counter(phrases.of_text[0]), 1, phrases, 1)
    assert weights["fi", "rikkinäinen", "keinu"] == weights["fi", "keinu"]


def test_a_verb_is_no_phrase(tables):
    assert surfaces(tables, ["Kyläkoulu pitää säilyttää, lapset saavat syödä"], "fi") == [{"kyläkoulu"}]
    (found,) = surfaces(tables, ["Att plogen kör sönder vår häck varje vinter"], "sv")
    assert found == {"plog", "häck"}


def test_a_pair_does_not_reach_over_a_comma(tables):
    (found,) = surfaces(tables, ["We have a bench, shelter missing"], "en")
    assert found >= {"bench", "shelter"}
    assert not any("bench shelter" in one for one in found)


def test_a_word_of_another_language_is_no_phrase(tables):
    assert "sekajäte" not in surfaces(tables, ["What is sekajäte on the bin"], "en")[0]


def test_the_people_of_a_place_are_no_phrase(tables):
    texts = ["Me olemme kaikki Kaislalahti seuran väkeä", "Jokainen kaislalahtilainen tietää tämän leikkipuiston"]
    assert surfaces(tables, texts, "fi")[1] == {"leikkipuisto"}


def test_a_name_without_its_capital_is_a_name_still(tables):
    texts = ["Asun lähellä Kaislalahtea ja Kaislalahti on kaunis", "bussi ei kulje kaislalahteen iltaisin"]
    phrases = find_phrases(texts, ["fi", "fi"], tables)
    assert not any("kaislala" in part for keys in phrases.of_text for key in keys for part in key[1:])
    assert any("bussi" in key for key in phrases.of_text[1])


def test_a_number_is_no_matter(tables):
    phrases = find_phrases(["De sex bänkarna är trasiga"], ["sv"], tables)
    assert not any("sex" in key for key in phrases.of_text[0])

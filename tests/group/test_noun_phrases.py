"""Phrases are nouns and what belongs to them, written as a person would."""

import pytest

from kuulo.group.noun_phrases import Word, noun_phrases, overlap


def phrases(text, language):
    """Give the phrases of words written word/base/kind, kind being n(oun), a(djective) or x."""
    clause = []
    for part in text.split():
        word, base, kind = part.split("/")
        clause.append(Word(word, base or word, noun=kind == "n", adjective=kind == "a"))
    return [surface for _, surface in noun_phrases(clause, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("koulun/koulu/n pihalla/piha/n", "fi", "koulun piha"),
        ("koulujen/koulu/n pihat/piha/n", "fi", "koulujen pihat"),
        ("rikkinäisiä/rikkinäinen/a keinuja/keinu/n", "fi", "rikkinäinen keinu"),
        ("trasiga/trasig/a gungor/gunga/n", "sv", "trasiga gungor"),
        ("bibliotekets/bibliotek/n öppettider/öppettid/n", "sv", "bibliotekets öppettider"),
        ("hål//n i//x vägen/väg/n", "sv", "hål i vägen"),
        ("grus//n på//x fortauet/fortau/n", "nb", "grus på fortauet"),
        ("vakt//n ved//x porten/port/n", "nn", "vakt ved porten"),
        ("broken//a swings/swing/n", "en", "broken swings"),
        ("gate//n latch//n", "en", "gate latch"),
    ],
)
def test_a_noun_comes_with_what_belongs_to_it(text, language, expected):
    assert expected in phrases(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("koulu//n piha//n", "fi"),
        ("koulussa/koulu/n piha//n", "fi"),
        ("kouluun/koulu/n piha//n", "fi"),
        ("rikkinäisessä/rikkinäinen/a keinu//n", "fi"),
        ("skolan/skola/n stolpe//n", "sv"),
        ("tickets/ticket/n driver//n", "en"),
        ("shelter//n and//x timetable//n", "en"),
    ],
)
def test_nouns_that_only_stand_beside_each_other_are_no_phrase(text, language):
    assert all(" " not in phrase for phrase in phrases(text, language))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("pihalla/piha/n", "fi", "piha"),
        ("gropar/grop/n", "sv", "gropar"),
        ("groparna/grop/n", "sv", "grop"),
        ("bøker/bok/n", "nb", "bok"),
        ("plogar/plog/n", "nn", "plogar"),
        ("swings/swing/n", "en", "swings"),
    ],
)
def test_a_noun_alone_stands_in_its_dictionary_form_or_its_plural(text, language, expected):
    assert phrases(text, language) == [expected]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("halli", "uimahallit", True),
        ("uimahallin altaat", "uimahalli", True),
        ("koulun piha", "koulujen pihat", True),
        ("portin salpa", "koirapuistot", False),
        ("buss i skogen", "tåg i staden", False),
    ],
)
def test_phrases_that_share_a_word_or_a_part_of_one_overlap(one, other, expected):
    assert overlap(one, other) is overlap(other, one) is expected

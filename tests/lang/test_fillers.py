"""Answers that say nothing are known, and nothing else is taken for one."""

import pytest

from kuulo.lang.fillers import says_nothing


@pytest.mark.parametrize(
    "text",
    [
        "en osaa sanoa", "En tiedä.", "EI MITÄÄN", "ei kommentoitavaa...", "eos", "- ei ole -",
        "vet ej", "Jag vet inte!", "Ingen kommentar", "inget att tillägga",
        "vet ikke", "Jeg vet ikke", "ingen mening", "har ikke noe å si",
        "veit ikkje", "Eg veit ikkje", "ikkje noko spesielt", "inga meining",
        "I don't know", "don’t know", "No comment.", "nothing to add", "n/a", "idk", "None",
        "test", "XXX", "en osaa sanoa :)",
    ],
)  # fmt: skip
def test_an_answer_without_a_matter_says_nothing(text):
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "En tiedä, milloin bussi tulee", "ei valoja", "Ei ole penkkejä", "ei mitään tekemistä nuorille",
        "vet ej vart man ringer", "ingen plogning", "inget ljus",
        "vet ikke hvem som måker", "ingen buss", "ikkje noko lys",
        "no lights", "nothing for the young", "I don't know where to call", "no comment from the mayor either",
        "testaajat", "bussi", "",
    ],
)  # fmt: skip
def test_an_answer_with_a_matter_says_something(text):
    assert not says_nothing(text)


@pytest.mark.parametrize("text", ["i dont know", "Jag vet ej", "Vet ikkje"])
def test_the_usual_ways_of_writing_it_are_all_known(text):
    assert says_nothing(text)

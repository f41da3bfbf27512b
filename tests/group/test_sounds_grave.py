"""What a message is about tells whether it may be grave, also where no word says so; talk and news do not."""

import pytest

from kuulo.group.grave import LIKELY, WORDS, grave, sounds_grave
from kuulo.lang.grave import KINDS


def kinds(encoder, text, language):
    found = grave(text, language, encoder.vectors([text])[0])
    return [told.kind for told in found.told] if found else []


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("fi", "Sähkökaapin ovi on auki leikkipuiston vieressä ja sisällä kipinöi.", "danger"),
        ("fi", "Tiedän missä autossa teidän johtaja istuu, sanokaa se sille.", "threat"),
        ("sv", "Grannens flicka på fem har suttit ute i trappan sedan i går kväll utan jacka.", "child"),
        ("nb", "En gutt på sykkel ble truffet av en varebil ved skolen, han lå stille.", "accident"),
        ("nn", "Det kjem svart røyk ut av vindauget i andre høgda.", "fire"),
        ("en", "My mother has had no visit and no insulin since Friday and nobody answers the phone.", "danger"),
    ],
)
def test_what_needs_somebody_today_is_flagged_with_its_kind_first(encoder, language, text, kind):
    assert kinds(encoder, text, language)[:1] == [kind]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Kiitos kirjaston väelle, lukupiiri on viikon paras hetki."),
        ("fi", "Bussi 5 oli taas kymmenen minuuttia myöhässä."),
        ("sv", "När öppnar simhallen efter sommaren?"),
        ("nb", "Minst tolv mennesker ble drept da et tog sporet av i India, melder nyhetsbyrået."),
        ("en", "The council debated the fire safety regulation for schools."),
    ],
)
def test_what_nobody_has_to_act_on_today_is_not(encoder, language, text):
    assert kinds(encoder, text, language) == []


def test_words_weigh_with_the_whole_and_are_told(encoder):
    text = "Roskakatoksesta nousee savua, joku sytytti pahvit."
    vector = encoder.vectors([text])[0]
    found = grave(text, "fi", vector)
    assert found.likely == (sounds_grave(vector) + WORDS >= LIKELY)
    fire = next(told for told in found.told if told.kind == "fire")
    assert "savua" in {text[start:end] for start, end in fire.spans}


def test_without_a_vector_words_tell():
    assert [told.kind for told in grave("Kellarissa palaa, savua tulee ovesta.", "fi", None).told] == ["fire"]
    assert grave("Keinu narisee.", "fi", None) is None


def test_no_kind_is_told_twice(encoder):
    told = kinds(encoder, "Kellarissa palaa ja savua tulee, lapsi makaa lattialla ja verta valuu.", "fi")
    assert len(set(told)) == len(told) > 1
    assert set(told) <= set(KINDS)

"""Which words tell that one message may be about something grave, and which only sound so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.grave import KINDS, grave_words


def kinds(text: str, language: str) -> set[str]:
    return {told.kind for told in grave_words(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("fi", "Roskakatoksesta nousee savua, joku sytytti pahvit.", "fire"),
        ("fi", "Rapussa istuu pieni poika. Ei takkia, itkee.", "child"),
        ("fi", "mummo liukastu portaissa ja pää auki", "accident"),
        ("sv", "Det luktar gas i trapphuset.", "danger"),
        ("sv", "Jag vet var du bor, vänta bara.", "threat"),
        ("nb", "En syklist ble påkjørt og blør fra hodet.", "accident"),
        ("nn", "Det brenn i kjellaren!", "fire"),
        ("en", "Bare wires are hanging out of the lamp post.", "danger"),
        ("en", "A boy next door cries every night and has bruises.", "child"),
    ],
)
def test_words_that_stand_together_tell(language, text, kind):
    assert kind in kinds(text, language)


def test_words_are_heard_without_their_marks():
    assert "accident" in kinds("Mummo makaa maassa, verta tuli paasta ja lonkka meni poikki", "fi")
    assert "fire" in kinds("det ryker fran kallaren, rok overallt", "sv")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Tappavan hyvä keikka torilla!"),
        ("fi", "Hiekoittakaa ennen kuin joku liukastuu ja katkaisee jalkansa."),
        ("sv", "Sanda innan någon halkar och bryter benet."),
        ("nb", "I 1918 brant kirken ned."),
        ("en", "Killer gig in the square."),
        ("en", "Grit it before somebody slips and breaks a leg."),
    ],
)
def test_what_only_sounds_so_or_has_not_happened_is_not_heard(language, text):
    assert kinds(text, language) == set()


def test_the_spans_are_the_words_of_the_text():
    text = "Hei. Kellarissa PALAA ja savua tulee ovesta!"
    told = {one.kind: [text[start:end] for start, end in one.spans] for one in grave_words(text, "fi")}
    assert "savua" in told["fire"]


@given(st.text(max_size=300), st.sampled_from(["fi", "sv", "nb", "nn", "en", "und", ""]))
def test_any_text_is_taken(text, language):
    for told in grave_words(f"{text} tulipalo", language):
        assert told.kind in KINDS
        assert all(0 <= start < end <= len(text) + 9 for start, end in told.spans)

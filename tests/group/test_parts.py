"""A message that carries two matters is also shown where its second one stands."""

import numpy as np
import pytest

from kuulo.group.levels import Levels
from kuulo.group.parts import further_matters, sentences

ICE = (
    "Jäähallin jää on niin huonossa kunnossa, ettei siellä voi luistella.",
    "Jäähallin vuorot ovat aina täynnä lasten harjoitusten aikaan.",
    "Milloin jäähalli aukeaa korjausten jälkeen yleisöluisteluun?",
)
TEETH = (
    "Hammaslääkäriin ei saa aikaa kuin puolen vuoden päähän.",
    "Hammaslääkärin jono on kestänyt jo kahdeksan kuukautta.",
    "Miksi hammaslääkäri perui aikani jo kolmannen kerran?",
)


def matters(encoder, texts, theme, subtheme):
    ones = np.ones(len(texts), np.float32)
    levels = Levels(np.array(theme), np.array(subtheme), ones, ones, 0.7)
    return further_matters(texts, levels, encoder.vectors(texts), encoder)


def test_a_second_matter_is_seen_in_another_theme(encoder):
    texts = [*ICE, *TEETH, f"{ICE[0]} {TEETH[0]}"]
    assert matters(encoder, texts, [0, 0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1, 0]) == [()] * 6 + [(1,)]


def test_another_subtheme_of_the_same_theme_is_no_further_matter(encoder):
    texts = [*ICE, *TEETH, f"{ICE[0]} {TEETH[0]}"]
    assert matters(encoder, texts, [0] * 7, [0, 0, 0, 1, 1, 1, 0]) == [()] * 7


def test_a_matter_that_one_other_text_tells_is_no_place_for_others(encoder):
    texts = [*ICE, TEETH[0], f"{ICE[0]} {TEETH[1]}"]
    assert matters(encoder, texts, [0, 0, 0, 1, 0], [0, 0, 0, 1, 0]) == [()] * 5


def test_a_text_of_one_sentence_has_one_matter(encoder):
    assert matters(encoder, [*ICE, *TEETH], [0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1]) == [()] * 6


def test_no_texts_have_no_matters(encoder):
    assert matters(encoder, [], [], []) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Yksi kaksi kolme neljä viisi. Kuusi seitsemän kahdeksan yhdeksän kymmenen!", 2),
        ("Liian lyhyt. Yksi kaksi kolme neljä viisi.", 1),
        ("Kello 7.30 bussi numero 5 ei tule koskaan ajoissa", 1),
        ("", 0),
    ],
)
def test_sentences_long_enough_to_carry_a_matter_are_counted(text, parts):
    assert len(sentences(text)) == parts

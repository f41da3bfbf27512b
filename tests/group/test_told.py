"""A text tells of a service by what it means and by its words, also by parts of compounds and inflected forms."""

import numpy as np
import pytest

from kuulo.group.languages import shipped_services
from kuulo.group.told import likeness_of_words, told_services
from kuulo.lang.services import concepts

IDS = [concept.id for concept in concepts()]


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("Aura-auto jätti taas vallin pihatielle", "plough-ridges"),
        ("Skolskjutsen kom inte i morse heller", "school-transport"),
        ("Hundene løper løs fordi porten i hundeparken er ødelagt", "dog-parks"),
        ("Tannlegen avlyste timen og tenna verker", "dental-care"),
        ("Goose droppings all over the lawn by the beach", "geese-and-gulls"),
    ],
)
def test_a_text_tells_of_its_service(encoder, text, service):
    fit = told_services(encoder.vectors([text]), [text], shipped_services())
    assert IDS[int(fit[0].argmax())] == service


def test_a_part_of_a_compound_is_found():
    """No word of the vocabulary is "koulutaksikuski"."""
    assert IDS[int(likeness_of_words(["koulutaksikuski"])[0].argmax())] == "school-transport"


def test_likeness_is_between_none_and_all():
    label = concepts()[0].wording["fi"].label
    likeness = likeness_of_words([label, "", "12 !?", "xqzw"])
    assert likeness.shape == (4, len(IDS))
    assert 0 < likeness[0].max() <= 1.5
    assert likeness[1:].max() == 0


def test_a_text_is_told_of_alone(encoder):
    texts = ["Keinu on rikki", "The dentist cancelled", "Keinu on rikki"]
    vectors = encoder.vectors(texts)
    together = told_services(vectors, texts, shipped_services())
    alone = told_services(vectors[1:2], texts[1:2], shipped_services())
    assert np.allclose(together[1], alone[0])
    assert np.array_equal(together[0], together[2])


def test_no_texts_tell_nothing():
    assert told_services(np.zeros((0, 768), np.float32), [], shipped_services()).shape == (0, len(IDS))

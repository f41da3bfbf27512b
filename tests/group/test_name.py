"""Every group has a name in every language: residents' own words where they share some, else the service's."""

import numpy as np
import pytest

from kuulo.group.cluster import centres_of
from kuulo.group.languages import shipped_services
from kuulo.group.name import Group, name_groups
from kuulo.lang.services import LANGUAGES, concepts

TEXTS = (
    ("fi", "Jäähallin jää on huonossa kunnossa"),
    ("fi", "Milloin jäähalli aukeaa?"),
    ("fi", "Jäähallissa on liian vähän vuoroja"),
    ("en", "The dentist cancelled my appointment"),
    ("en", "No dentist for months"),
    ("en", "A dentist costs too much"),
    ("sv", "Kranvattnet är brunt"),
)


@pytest.fixture(scope="module")
def namings(encoder, tables):
    """Namings of three groups: ice in Finnish, teeth in English, one Swedish text alone."""
    vectors = encoder.vectors([text for _, text in TEXTS])
    owner = np.array([0, 0, 0, 1, 1, 1, 2])
    centres = centres_of(vectors, owner)
    return name_groups(
        [Group(np.flatnonzero(owner == one).tolist(), centres[one]) for one in range(3)],
        texts=[text for _, text in TEXTS],
        languages=[language for language, _ in TEXTS],
        vectors=vectors,
        embed=encoder.vectors,
        service_vectors=shipped_services(),
        tables=tables,
    )


def test_every_group_has_a_name_in_every_language(namings):
    for naming in namings:
        assert tuple(naming.names) == LANGUAGES
        assert all(name.strip() for name in naming.names.values())
        assert tuple(naming.keyphrases) == LANGUAGES


def test_the_words_that_residents_share_name_a_large_group(encoder, tables):
    texts = [f"Keinu {word} leikkipuistossa" for word in ("narisee", "kolisee", "jumittaa", "puuttuu", "heiluu")] * 2
    naming = name_of(encoder, tables, "fi", *(f"{text} {number}" for number, text in enumerate(texts)))
    assert set(naming.names["fi"].split(" / ")) == {"keinu", "leikkipuisto"}


def test_a_language_nobody_wrote_in_has_the_services_name(namings):
    services = {concept.id: concept for concept in concepts()}
    for naming in namings:
        assert naming.service in services
    assert namings[0].names["nn"] == services[namings[0].service].wording["nn"].label
    assert namings[1].names["sv"] == services[namings[1].service].wording["sv"].label


def test_the_service_is_the_one_that_residents_write_about(namings):
    assert namings[0].service == "ice-rinks"
    assert namings[1].service == "dental-care"
    assert namings[2].service == "tap-water"


def test_keyphrases_are_few_and_share_no_word(namings):
    for naming in namings:
        for phrases in naming.keyphrases.values():
            assert len(phrases) <= 5
            starts = [word[:5] for phrase in phrases for word in phrase.split() if len(word) > 2]
            assert len(starts) == len(set(starts))


def test_no_groups_have_no_names(encoder, tables):
    empty = np.zeros((0, 768), np.float32)
    assert (
        name_groups(
            [],
            texts=[],
            languages=[],
            vectors=empty,
            embed=encoder.vectors,
            service_vectors=shipped_services(),
            tables=tables,
        )
        == []
    )


def name_of(encoder, tables, language, *texts):
    """Give the naming of one group of texts, among no others."""
    vectors = encoder.vectors(texts)
    (naming,) = name_groups(
        [Group(list(range(len(texts))), centres_of(vectors, np.zeros(len(texts), np.int64))[0])],
        texts=texts,
        languages=[language] * len(texts),
        vectors=vectors,
        embed=encoder.vectors,
        service_vectors=shipped_services(),
        tables=tables,
    )
    return naming


def test_a_text_alone_that_points_to_no_service_is_named_by_its_own_words(encoder, tables):
    naming = name_of(encoder, tables, "fi", "Avaruusluotain laskeutui eilen")
    assert naming.names["fi"] == "avaruusluotain"
    assert naming.names["sv"] in {concept.wording["sv"].label for concept in concepts()}


@pytest.mark.parametrize(
    ("language", "text", "service", "detail"),
    [
        ("fi", "Koirapuiston portin salpa on rikki ja koirat karkaavat", "dog-parks", "portin salpa"),
        ("sv", "Det är halt på gården, trottoaren är inte sandad", "gritting", "trottoar"),
        ("nb", "Lekeplassen er full av glasskår, huskene er ødelagt", "playgrounds", "glasskår"),
        ("en", "The bus shelter has no roof and the bench is broken", "bus-stops", "roof"),
    ],
)
def test_a_text_alone_is_named_by_its_service_and_what_it_says_of_it(
    encoder, tables, language, text, service, detail
):
    naming = name_of(encoder, tables, language, text)
    wording = {concept.id: concept.wording for concept in concepts()}[service]
    label, _, own = naming.names[language].partition(": ")
    assert naming.service == service
    assert label == wording[language].label
    assert own in text.casefold() or own == detail
    other = next(one for one in LANGUAGES if one != language)
    assert naming.names[other] == wording[other].label

"""Every group has a name in every language: residents' own words where they share some, else the service's."""

import numpy as np
import pytest

from kuulo.group.cluster import centres_of
from kuulo.group.languages import shipped_services
from kuulo.group.name import Group, Naming, name_groups, told_apart
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


def test_the_words_that_residents_share_name_their_group(namings):
    assert "jäähalli" in namings[0].names["fi"]
    assert "dentist" in namings[1].names["en"]


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
            starts = [word[:5] for phrase in phrases for word in phrase.split()]
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


def test_a_text_alone_that_points_to_no_service_is_named_by_its_own_words(encoder, tables):
    texts = ["Kirkonkellon ääni on liian hiljainen aamulla"]
    (naming,) = name_groups(
        [Group([0], encoder.vectors(texts)[0])],
        texts=texts,
        languages=["fi"],
        vectors=encoder.vectors(texts),
        embed=encoder.vectors,
        service_vectors=shipped_services(),
        tables=tables,
    )
    said = " ".join(texts).casefold()
    assert all(word[:5] in said for word in naming.names["fi"].replace("/", " ").split())
    assert naming.names["sv"] in {concept.wording["sv"].label for concept in concepts()}


def test_equal_names_within_a_theme_are_told_apart_by_a_word_of_their_own():
    def named(*phrases):
        return Naming(dict.fromkeys(LANGUAGES, "koulu"), {"fi": phrases}, "x")

    same = [named("koulu", "ruoka"), named("matka"), named("koulut")]
    told = [naming.names["fi"] for naming in told_apart(same, ["T1", "T1", "T1"])]
    assert told == ["koulu: ruoka", "koulu: matka", "koulu"]
    assert [naming.names["sv"] for naming in told_apart(same, ["T1", "T1", "T1"])] == ["koulu"] * 3
    assert told_apart(same, ["T1", "T2", "T3"]) == same

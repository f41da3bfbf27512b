"""Equal names within a theme get one more word: residents' own, else the nearest of their service."""

import numpy as np

from kuulo.group.apart import told_apart
from kuulo.group.name import Naming
from kuulo.lang.services import LANGUAGES, concepts

SERVICE = next(concept for concept in concepts() if concept.id == "school-meals")


def told(encoder, namings, parents, texts=None):
    centres = encoder.vectors(texts or ["kouluruoka"] * len(namings))
    return told_apart(namings, parents, centres=list(centres), embed=encoder.vectors)


def named(name, *phrases, language="fi"):
    return Naming(dict.fromkeys(LANGUAGES, name), {language: phrases}, SERVICE.id)


def test_residents_own_phrase_comes_first(encoder):
    same = [named("koulu", "koulut", "matka"), named("koulu", "kirja")]
    assert [one.names["fi"] for one in told(encoder, same, ["T1", "T1"])] == ["koulu: matka", "koulu: kirja"]


def test_a_language_nobody_wrote_in_gets_the_nearest_word_of_the_service(encoder):
    texts = ["Maten i skolans matsal är kall", "Vi vill ha vegetarisk mat i skolan"]
    names = [one.names["en"] for one in told(encoder, [named("koulu"), named("koulu")], ["T1", "T1"], texts)]
    assert names[1] == "koulu: vegetarian food"
    assert names[0] in {f"koulu: {word}" for word in SERVICE.wording["en"].words}
    assert names[0] != names[1]


def test_a_name_with_a_detail_gets_a_second_one(encoder):
    same = [named("koulu: matka", "matka", "kirja"), named("koulu: matka", "matka", "kynä")]
    assert [one.names["fi"] for one in told(encoder, same, ["T1", "T1"])] == [
        "koulu: matka, kirja",
        "koulu: matka, kynä",
    ]


def test_equal_names_of_different_parents_stay(encoder):
    same = [named("koulu", "matka"), named("koulu", "kirja")]
    assert told(encoder, same, ["T1", "T2"]) == same


def test_where_no_word_is_left_names_stay_equal(encoder):
    many = [named("koulu") for _ in range(20)]
    names = [one.names["fi"] for one in told(encoder, many, ["T1"] * 20)]
    assert names.count("koulu") > 1
    assert len(set(names)) > 1


def test_nothing_to_tell_apart(encoder):
    assert told_apart([], [], centres=[], embed=lambda _: np.zeros((0, 768), np.float32)) == []

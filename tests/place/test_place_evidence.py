"""What makes a word a place, and what makes it none, is told with its reason."""

import pytest
from invented_places import finder, named, place, reasons, square

from kuulo.place.index import MOST_WITH_ONE_NAME

KALLIO = place("Kallio", ambiguous=True, locative="inner")
MALMI = place("Malmi", ambiguous=True, locative="outer")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Asun Kalliossa.", "own-case"),
        ("tuolla malmilla sataa", "own-case-small"),
        ("Tänään Kallio oli hiljainen.", "capital"),
        ("Vanha Malmin asema on auki.", "capital-and-cue"),
        ("vanha malmin asema on auki.", "cue"),
        ("Kävin, Kallion seurakunta kutsui.", "organisation"),
    ],
)
def test_an_ambiguous_name_needs_evidence(text, reason):
    assert reasons(text, KALLIO, MALMI, language="fi") == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "Louhoksen malmissa on rautaa.",
        "tuo kallio on liukas",
        "Kallio on kovaa kiveä.",
        "kallion seurakunta",
        "Naapurini Heikki Kallio soitti.",
        "Rehtori Kallio vastasi.",
        "J. Kallio vastasi.",
        "Kallio Virtanen vastasi.",
        "kirjoita: palaute@kallio.example tai Kallio@example.org",
        "ks. https://example.org/Malmi/kartta",
        "kysy @Kallio",
    ],
)
def test_without_evidence_it_is_no_place(text):
    assert named(text, KALLIO, MALMI, language="fi") == []


def test_a_name_that_is_nothing_else_needs_none():
    assert reasons("Sanoin: pasilassa ja Pasilassa", place("Pasila"), language="fi") == ["name-small", "name"]


def test_the_word_beside_it_and_the_case_are_told():
    (cue, case) = finder(KALLIO, MALMI).mentions("Hei, Malmin asema on Kallioon päin.", language="fi")
    assert (cue.facts["name"], cue.facts["form"], cue.facts["cue"]) == ("Malmi", "Malmin", "asema")
    assert case.facts["case"] == "inner"
    assert cue.confidence > 0.5


def test_everyday_words_are_known_without_a_flag():
    # "ranta" and "puisto" stand in Kuulo's own lists
    shore = place("Ranta")
    assert named("menimme ranta edellä", shore, language="fi") == []
    assert reasons("Asumme siellä, Ranta on kaunis.", shore, language="fi") == ["capital"]


def test_small_letters_count_where_the_source_is_at_home():
    shore = place("Ranta", area=square(20, 60, 0.1))
    town = place("Kaislalahti", kind="municipality", area=square(20, 60, 1))
    elsewhere = place("Muualla", kind="municipality", area=square(25, 60, 1))
    assert reasons("nyt ranta on auki", shore, town, elsewhere, home="Kaislalahti") == ["home"]
    assert reasons("nyt ranta on auki", shore, town, elsewhere, home="Muualla") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Eg bur i Os no.", ["Os"]),
        ("Det er Vik kommune.", ["Vik"]),
        ("Gi oss svar. Os svarer ikkje.", []),
        ("eg bur ved ei vik", []),
        ("reglane i OS gjeld", []),
        ("Vik", []),
    ],
)
def test_short_nordic_names_need_a_capital_inside_a_sentence(text, found):
    names = [place("Os", language="nb"), place("Vik", language="nb")]
    assert [one[0] for one in named(text, *names, languages=("nb", "nn"), language="nn")] == found


def test_a_text_without_capitals_counts_by_its_prepositions():
    assert reasons("eg bur i os no", place("Os", language="nb"), languages=("nb",), language="nn") == ["preposition"]


def test_a_street_with_a_number_that_no_gazetteer_knows_is_no_place():
    assert named("Asun osoitteessa Porin katu 5.", place("Pori")) == []
    street = place("Rantatie", kind="street")
    assert named("Asun osoitteessa Rantatie 5.", street) == [("Rantatie", "Rantatie")]


def test_of_places_with_one_name_the_one_that_holds_the_others_is_meant():
    small = place("Vallila", id="small", area=square(20, 60, 0.1))
    large = place("Vallila", id="large", area=square(19.9, 59.9, 0.5))
    assert named("Vallilassa", small, large) == [("Vallilassa", "large")]


def test_two_places_with_one_name_are_told_apart_by_home_or_by_places_beside():
    east = place("Pajula", id="east", parent="Itälä")
    west = place("Pajula", id="west", parent="Länsilä")
    all_four = (east, west, place("Itälä"), place("Länsilä"))
    assert named("Pajulassa sataa", *all_four) == [("Pajulassa", "east", "west")]
    assert named("Pajulassa sataa", *all_four, home="Länsilä") == [("Pajulassa", "west")]
    assert named("Itälässä ja Pajulassa sataa", *all_four)[1] == ("Pajulassa", "east")


def test_a_thousand_places_with_one_name_are_read_in_one_go():
    parks = [place("Leikkipuisto", id=str(number), kind="park", area=square(20, 60, 1)) for number in range(1_000)]
    (found,) = finder(*parks).mentions("Siellä Leikkipuisto on kiinni. " + "Ja sataa. " * 20)
    assert len(found.places) == MOST_WITH_ONE_NAME


def test_places_that_cannot_be_told_apart_are_less_sure_and_say_so():
    twins = (place("Pajula", id="east"), place("Pajula", id="west"))
    (both,) = finder(*twins).mentions("Pajulassa sataa")
    (one,) = finder(twins[0]).mentions("Pajulassa sataa")
    assert both.facts["several"] == "2"
    assert both.confidence < one.confidence

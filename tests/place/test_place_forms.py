"""Names of places are found in the forms that people use, in each language."""

import pytest
from invented_places import named, place

# Names of several words, plural and Swedish ones, in genitive, inessive, elative, adessive, partitive and illative:
# no dictionary knows them, so these are written by hand.
PARADIGMS = {
    "Malmin lentokenttä": "Malmin lentokentän, Malmin lentokentässä, Malmin lentokentästä, Malmin lentokentällä, "
    "Malmin lentokenttää, Malmin lentokenttään",
    "Pikku Huopalahti": "Pikku Huopalahden, Pikku Huopalahdessa, Pikku Huopalahdesta, Pikku Huopalahdella, "
    "Pikku Huopalahtea, Pikku Huopalahteen",
    "Vanha Munkkiniemi": "Vanhan Munkkiniemen, Vanhassa Munkkiniemessä, Vanhasta Munkkiniemestä, "
    "Vanhalla Munkkiniemellä, Vanhaa Munkkiniemeä, Vanhaan Munkkiniemeen",
    "Nordsjön kartano": "Nordsjön kartanon, Nordsjön kartanossa, Nordsjön kartanosta, Nordsjön kartanolla, "
    "Nordsjön kartanoa, Nordsjön kartanoon",
    "Linjat": "Linjojen, Linjoissa, Linjoista, Linjoilla, Linjoja, Linjoihin",
    "Länsisaaret": "Länsisaarten, Länsisaarissa, Länsisaarista, Länsisaarilla, Länsisaaria, Länsisaariin",
    "Landbo": "Landbon, Landbossa, Landbosta, Landbolla, Landbota, Landbohon",
    "Östersundom": "Östersundomin, Östersundomissa, Östersundomista, Östersundomilla, Östersundomia, Östersundomiin",
    "Ultuna": "Ultunan, Ultunassa, Ultunasta, Ultunalla, Ultunaa, Ultunaan",
    "Virrat": "Virtain, Virroilla, Virroilta, Virtoja, Virroille",
    "Itä-Pasila": "Itä-Pasilan, Itä-Pasilassa, Itä-Pasilasta, Itä-Pasilalla, Itä-Pasilaa, Itä-Pasilaan",
    "Uusikaupunki": "Uudenkaupungin, Uudessakaupungissa, Uudestakaupungista, Uuttakaupunkia, Uuteenkaupunkiin",
    "Isokyrö": "Isonkyrön, Isossakyrössä, Isostakyröstä, Isoakyröä, Isoonkyröön",
    "Vanhakaupunki": "Vanhankaupungin, Vanhassakaupungissa, Vanhaankaupunkiin, Vanhakaupungissa",
    "Toholampi": "Toholammin, Toholammilla, Toholammilta, Toholampia, Toholammille",
    "Sörnäinen": "Sörnäisten, Sörnäisissä, Sörnäisistä, Sörnäisiin, Sörnäisiä",
}


@pytest.mark.parametrize(
    ("name", "form"), [(name, form) for name, forms in PARADIGMS.items() for form in forms.split(", ")]
)
def test_each_case_is_found_as_a_whole(name, form):
    assert named(f"Nyt {form} on hiljaista.", place(name)) == [(form, name)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tule Lauttasaareenkin!", "Lauttasaareenkin"),
        ("Onko Lauttasaaressako se?", "Lauttasaaressako"),
        ("mennään lauttasaaree ja Lauttasaares", "Lauttasaares"),
        ("Lauttasaari–Ruoholahti", "Lauttasaari"),
        ("Länsi-Lauttasaaressa", "Lauttasaaressa"),
        ("#lauttasaari", "lauttasaari"),
        ("(Lauttasaari)", "Lauttasaari"),
        ("Lauttasaari’s shore", "Lauttasaari’s"),
        ("Lauttasaaris kyrka", "Lauttasaaris"),
        ("LAUTTASAARESSA ON PIMEÄÄ", "LAUTTASAARESSA"),
        ("La\u0308nsi-Lauttasaaressa", "Lauttasaaressa"),
        ("😀Lauttasaaressa😀", "Lauttasaaressa"),
    ],
)
def test_forms_of_everyday_writing_are_found(text, found):
    assert named(text, place("Lauttasaari")) == [(found, "Lauttasaari")]


def test_letters_typed_as_two_signs_are_found_and_the_place_in_the_text_is_exact():
    text = "Ta\u0308a\u0308lla\u0308 Mäkeläa\u0308 ja Mäkelässa\u0308 tuulee."
    assert named(text, place("Mäkelä")) == [("Mäkeläa\u0308", "Mäkelä"), ("Mäkelässa\u0308", "Mäkelä")]
    text = "Nyt Ha\u0308meen la\u0308a\u0308nissa\u0308 sataa."
    assert named(text, place("Hämeen lääni")) == [(text[4:-7], "Hämeen lääni")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jeg bor i Kråkneset", "Kråkneset"),
        ("Kråknesets skole", "Kråknesets"),
        ("kråkneset sentrum", "kråkneset"),
    ],
)
def test_norwegian_names_take_the_genitive(text, found):
    names = [place("Kråkneset", language="nb")]
    assert named(text, *names, languages=("nb", "nn"), language="nb") == [(found, "Kråkneset")]


def test_a_facility_takes_the_article_and_a_district_does_not():
    school = place("Strandby skole", kind="school", language="nb")
    assert named("ved Strandby skolen", school, languages=("nb",)) == [("Strandby skolen", "Strandby skole")]
    assert named("ved Lunden", place("Lund", language="nb"), languages=("nb",)) == []


def test_a_name_that_stands_so_comes_before_one_that_only_has_such_a_form():
    parks = [place("Sand", kind="park", language="nb"), place("Sanden", kind="park", language="nb")]
    assert named("ute på Sanden i dag", *parks, languages=("nb",)) == [("Sanden", "Sanden")]


def test_the_longest_name_wins():
    names = [place("Malmi"), place("Malmin lentokenttä"), place("Pasila"), place("Itä-Pasila")]
    assert named("Malmin lentokentällä, Malmilla ja Itä-Pasilassa, ei Pasilassa", *names) == [
        ("Malmin lentokentällä", "Malmin lentokenttä"),
        ("Malmilla", "Malmi"),
        ("Itä-Pasilassa", "Itä-Pasila"),
        ("Pasilassa", "Pasila"),
    ]


def test_a_name_with_a_hyphen_is_found_without_it():
    assert named("eikä itä pasilassa", place("Itä-Pasila")) == [("itä pasilassa", "Itä-Pasila")]


def test_by_names_and_other_languages_lead_to_the_same_place():
    both = place("Sörnäinen", names={"fi": ("Sörnäinen",), "sv": ("Sörnäs",), "": ("Sörkka",)})
    text = "Sörkassa, i Sörnäs och Sörnäisissä"
    assert named(text, both) == [("Sörkassa", "Sörnäinen"), ("Sörnäs", "Sörnäinen"), ("Sörnäisissä", "Sörnäinen")]


def test_other_words_that_begin_alike_are_no_place():
    assert named("Pasilaiset, pasianssi ja Lauttasaarelaiset", place("Pasila"), place("Lauttasaari")) == []


def test_very_short_names_are_met_in_no_other_stem():
    assert named("Itä-Suomessa ja Itä-Afrikassa, Elisabet II:n aikaan", place("Ii")) == []
    assert named("Asun nyt Iissä.", place("Ii")) == [("Iissä", "Ii")]

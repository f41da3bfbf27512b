"""A name is found in whatever form it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.forms import finnish_forms, nordic_forms


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Kallio", "Kalliossa"),
        ("Malmi", "Malmilla"),
        ("Rantakylä", "Rantakylään"),
        ("Kaislalahti", "Kaislalahdessa"),
        ("Sörnäinen", "Sörnäisissä"),
        ("Kauniainen", "Kauniaisiin"),
        ("Mannerheimintie", "Mannerheimintiellä"),
        ("Kirkkokatu", "Kirkkokadulla"),
        ("Koivurinne", "Koivurinteessä"),
        ("Kangas", "Kankaalla"),
        ("Pihtipudas", "Pihtiputaalla"),
        ("Punkalaidun", "Punkalaitumella"),
        ("Varkaus", "Varkauteen"),
        ("Vuores", "Vuoreksessa"),
        ("Brändö", "Brändöhön"),
        ("Itäsaaret", "Itäsaarten"),
        ("Alankomaat", "Alankomaiden"),
        ("Linjat", "Linjoilla"),
        ("Tampere", "Tampereeseen"),
        ("Espoo", "Espooseen"),
        ("Järvenpää", "Järvenpäähän"),
        ("Westend", "Westendissä"),
        ("Lahti", "Lahdessa"),
        ("Turku", "Turun"),
        ("Lauttasaari", "Lauttasaareen"),
        ("Kallio", "Kallios"),
        ("Malmin lentokenttä", "Malmin lentokentällä"),
        ("Herttoniemi", "Herttoniemeen"),
    ],
)
def test_finnish_forms_hold_the_form(name, form):
    assert form.casefold() in finnish_forms(name)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Sivvåg", "Sivvågs"),
        ("Storgata", "Storgatas"),
        ("Kråkneset", "Kråknesets"),
        ("Rådhus", "Rådhuset"),
        ("Lunde", "Lundens"),
    ],
)
def test_nordic_forms_hold_the_form(name, form):
    assert form.casefold() in nordic_forms(name)


@given(st.text(st.characters(categories=["L", "Zs", "P"]), max_size=30))
def test_every_name_is_among_its_own_forms(name):
    lower = " ".join(name.casefold().split())
    for forms in (finnish_forms(name), nordic_forms(name)):
        assert (lower in forms) == bool(lower)
        assert all(form == " ".join(form.split()) for form in forms)

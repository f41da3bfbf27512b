"""What a writer argues with is heard in five languages, and dates, streets and buses are no argument."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.evidence import CODES, evidence

TABLE = [
    ("Remontti maksaa 14 miljoonaa euroa.", {"figures"}),
    ("Laskekaa itse: 2 + 2 = neljä", {"calculation"}),
    ("3kr + 4kr = for mye", {"figures", "calculation"}),
    ("Kadulla ajaa 300 autoa tunnissa.", {"figures"}),
    ("Melu oli 58 desibeliä.", {"figures"}),
    ("Maksu nousi 120 eurosta, nyt se on 180 euroa eli puolet enemmän kuin ennen.", {"figures", "calculation"}),
    ("THL:n tutkimuksen mukaan home sairastuttaa.", {"source"}),
    ("Kuntalain mukaan asukasta on kuultava, katso https://example.org/laki", {"link", "source"}),
    ("Bussi 5 lähtee klo 7.20 ja Rantatie 12 jää ilman.", set()),
    ("Kaaduin 12.3.2026 kaupan edessä.", set()),
    ("Avgiften steg med 12 procent.", {"figures"}),
    ("Vi är 450 elever i skolan.", {"figures"}),
    ("Enligt språklagen ska jag få svar på svenska.", {"source"}),
    ("Det blir 3 * 40 = 120 euro om året.", {"figures", "calculation"}),
    ("Linje 4 går inte efter 20:15 från Storgatan 7.", set()),
    ("Det koster 200 kroner, dobbelt så mye som de 100 kronene i fjor.", {"figures", "calculation"}),
    ("Rapporten fra tilsynet sier noe annet.", {"source"}),
    ("Buss 21 stopper ikke ved Kirkeveien 14.", set()),
    ("Det bur 80 menneske i bygda.", {"figures"}),
    ("Forskrifta seier noko anna, sjå www.example.org", {"link", "source"}),
    ("I 1974 flytta vi hit.", set()),
    ("You spend €2,000 on a bench.", {"figures"}),
    ("20 households pay 50 euros, which makes 1000 euros.", {"figures", "calculation"}),
    ("According to the audit nobody checked.", {"source"}),
    ("The number 9 was late at 8.30 on 4.5.2026.", set()),
    ("Thank you so much!", set()),
    ("Lag en app, er det lov? Jeg rapporterte det i går.", set()),
]


@pytest.mark.parametrize(("text", "codes"), TABLE)
def test_what_a_writer_argues_with(text, codes):
    assert set(evidence(text)) == codes


@given(st.text(max_size=200))
def test_any_text_has_codes_in_order_and_each_once(text):
    found = evidence(text)
    assert list(found) == [code for code in CODES if code in found]


@given(st.text(alphabet=st.characters(categories=("L", "Zs", "Po")), max_size=200))
def test_a_text_without_digits_has_no_figures(text):
    assert "figures" not in evidence(text)


@given(st.text(max_size=100))
def test_a_link_at_the_end_of_a_text_is_found_and_changes_nothing_else(text):
    assert set(evidence(f"{text} https://example.org/a1")) == set(evidence(text)) | {"link"}


@pytest.mark.parametrize("hostile", ["1" * 100_000, "1 000" * 20_000, "9 " * 50_000, "a+" * 50_000, "1=" * 50_000])
def test_a_hostile_row_of_figures_is_heard_in_one_go(hostile):
    # a pattern that tried every way would take hours
    assert set(evidence(f"abc {hostile}")) <= set(CODES)

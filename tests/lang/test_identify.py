"""Short everyday messages are told apart by language, bokmål and nynorsk too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.identify import identify, identify_all

SENTENCES = {
    "fi": (
        "Pysäkin katos on ollut rikki jo kaksi viikkoa.",
        "Milloin uimahalli aukeaa remontin jälkeen?",
        "Lapsen koulumatka on pimeä ja vaarallinen.",
        "Kiitos kirjaston väelle mukavasta palvelusta!",
        "Terveysasemalle ei pääse läpi puhelimella.",
        "Koirapuiston portti ei mene kunnolla kiinni.",
        "Miksi roskikset tyhjennetään vain kerran kuussa",
        "Hiekoitus unohtui taas meidän kadulta.",
        "Päiväkodin piha on pelkkää mutaa.",
        "Vesimaksu nousi kohtuuttomasti tänä vuonna.",
    ),
    "sv": (
        "Busskuren har varit trasig i två veckor nu.",
        "När öppnar simhallen efter renoveringen?",
        "Skolvägen är mörk och farlig för barnen.",
        "Tack till personalen på biblioteket för fin service!",
        "Det går inte att komma fram till hälsocentralen per telefon.",
        "Grinden till hundparken går inte att stänga ordentligt.",
        "Varför töms papperskorgarna bara en gång i månaden",
        "Sandningen glömdes bort på vår gata igen.",
        "Gården vid daghemmet är bara lera.",
        "Vattenavgiften steg orimligt mycket i år.",
    ),
    "nb": (
        "Leskuret har vært ødelagt i to uker nå.",
        "Når åpner svømmehallen igjen etter oppussingen?",
        "Skoleveien er mørk og farlig for barna.",
        "Takk til de ansatte på biblioteket, dere gjør en flott jobb!",
        "Jeg kommer ikke gjennom på telefonen til legekontoret.",
        "Porten til hundeparken lar seg ikke lukke ordentlig.",
        "Hvorfor tømmes søppelkassene bare en gang i måneden",
        "De glemte å strø gata vår igjen.",
        "Uteområdet i barnehagen er bare gjørme.",
        "Vannavgiften har økt urimelig mye i år.",
    ),
    "nn": (
        "Leskuret har vore øydelagt i to veker no.",
        "Når opnar symjehallen att etter oppussinga?",
        "Skulevegen er mørk og farleg for borna.",
        "Takk til dei tilsette på biblioteket, de gjer ein flott jobb!",
        "Eg kjem ikkje gjennom på telefonen til legekontoret.",
        "Porten til hundeparken lèt seg ikkje lukke skikkeleg.",
        "Kvifor blir ikkje bosskassane tømde oftare",
        "Dei gløymde å strø gata vår igjen.",
        "Uteområdet i barnehagen er berre gjørme.",
        "Vassavgifta har auka urimeleg mykje i år.",
    ),
    "en": (
        "The bus shelter has been broken for two weeks.",
        "When will the swimming pool open after the repairs?",
        "The way to school is dark and dangerous.",
        "Thanks to the library staff for their kind service!",
        "I can never get through to the health centre by phone.",
        "The gate of the dog park does not close properly.",
        "Why are the bins emptied only once a month",
        "They forgot to grit our street again.",
        "The yard of the day care is nothing but mud.",
        "The water charge went up far too much this year.",
    ),
}


@pytest.mark.parametrize(
    ("language", "sentence"), [(language, one) for language, all_ in SENTENCES.items() for one in all_]
)
def test_an_everyday_sentence_is_told(language, sentence):
    assert identify(sentence) == language


@pytest.mark.parametrize(
    "text", ["", "ok", "Valot!", "👍👍👍", "12345 67890 12345", "https://kunta.example/sivu/joka/on/pitka"]
)
def test_too_little_to_go_by_is_no_language(text):
    assert identify(text) == "und"


@pytest.mark.parametrize("sentence", [sentences[0] for sentences in SENTENCES.values()])
def test_neither_shouting_nor_a_link_changes_the_language(sentence):
    assert identify(sentence.upper()) == identify(sentence)
    assert identify(f"{sentence} https://www.town.example/the/english/page?id=5 #snow @mayor") == identify(sentence)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("SV", "sv"),
        ("suomi", "fi"),
        ("nb-NO", "nb"),
        ("nn_NO", "nn"),
        ("Norsk", "nb"),
        (" English ", "en"),
        ("sme", "se"),
    ],
)
def test_a_stated_language_is_believed_whatever_the_text(stated, told):
    assert identify_all(["Milloin uimahalli aukeaa remontin jälkeen?"], [stated]) == [told]


def test_swedish_stated_the_wrong_way_round_is_swedish():
    assert identify_all(["Bussen är försenad"], ["se-SV"]) == ["sv"]


@pytest.mark.parametrize("stated", ["", "klingon", "?", "-", "ru"])
def test_an_unknown_statement_is_no_statement(stated):
    assert identify_all(["Milloin uimahalli aukeaa remontin jälkeen?"], [stated]) == ["fi"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_has_one_of_the_known_answers(text):
    assert identify(text) in {"fi", "sv", "nb", "nn", "en", "se", "da", "und"}

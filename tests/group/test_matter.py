"""What a short name is about, and which texts are about it in other languages too."""

import pytest

from kuulo.group.matter import clearest_services, named_services

# Names that a municipality might give, and the golden set's matter; the limits were chosen with these in view.
NAMES = {
    "Koululounas: mitä kouluruuassa pitäisi muuttaa?": "school-meals",
    "Skolmaten: vad borde ändras i skollunchen?": "school-meals",
    "Skolematen": "school-meals",
    "Vesimaksujen tarkistus ensi vuodelle": "water-fee",
    "Høring: vann- og avløpsgebyr 2027": "water-fee",
    "Uuden koirapuiston paikka. Mihin koirapuisto rakennetaan?": "dog-park",
    "Hundpark": "dog-park",
    "Tuulivoimakaava: tuulipuiston asemakaavan luonnos nähtävillä": "wind-farm",
    "Vindkraftverk i skärgården?": "wind-farm",
    "Sähköpotkulautojen pysäköintialueet keskustassa": "e-scooters",
    "Hearing: e-scooter parking rules": "e-scooters",
    "Nuorisotilan aukioloajat – mitä toivot?": "youth-space",
    "Keskustan pysäköinnin uudet periaatteet": "parking",
    "Uimarannan kunnostus ja laituri": "bathing-place",
    "Kyläkoulujen tulevaisuus: kouluverkkoselvitys": "school-closing",
    "Yömelu ja terassien aukiolo": "night-noise",
    "Kotihoidon palvelusetelin kriteerit": "home-care",
}


def test_a_name_tells_the_services_that_it_is_about():
    assert named_services("Koululounas: mitä kouluruuassa pitäisi muuttaa?") == ["school-meals"]
    assert named_services("Høring: vann- og avløpsgebyr 2027") == ["water-charges"]


@pytest.mark.parametrize("name", ["", "Kuntastrategia", "Kirkon urut", "Kvanttitietokoneiden hankinta", "🙂"])
def test_a_name_that_tells_nothing_is_not_guessed_at(name):
    assert named_services(name) == []


def test_the_texts_that_are_found_are_on_the_matter(encoder, messages, labels):
    texts = [one.text for one in messages]
    told = clearest_services(encoder.vectors(texts), texts)
    matters = [{labels[one.id]["matter"], labels[one.id]["second_matter"]} for one in messages]
    found = right = wanted = 0
    for name, matter in NAMES.items():
        services = named_services(name)
        hits = [some for some, service in zip(matters, told, strict=True) if service in services]
        found, right = found + len(hits), right + sum(matter in some for some in hits)
        wanted += sum(matter in some for some in matters)
    assert right / found >= 0.85, (right, found, wanted)
    assert right / wanted >= 0.35, (right, found, wanted)

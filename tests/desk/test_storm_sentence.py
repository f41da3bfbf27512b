"""The sentence of a storm: who wrote how much of what, and how unusual that is, in four languages."""

import re
from pathlib import Path

import pytest
from tests.desk.alerted import storm

from kuulo.desk import storm as room
from kuulo.desk.storm.sentence import LANGUAGES, level_name, name_of, sentence, words
from kuulo.models import Gazetteer, Place, Storm

pytestmark = pytest.mark.django_db


@pytest.fixture
def park() -> Place:
    gazetteer = Gazetteer.objects.create(name="paikat.csv", sha256="0")
    names = {"fi": ["Kirkkopuisto", "Kirkkis"], "sv": ["Kyrkparken"]}
    return Place.objects.create(code="p5", gazetteer=gazetteer, kind="park", names=names)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fi",
            "Kirkkopuisto, Kouluruoka: 17 viestiä 2 tunnissa (14 eri kirjoittajaa), tavallisesti 1. "
            "Suurin määrä 12 viikkoon (edellinen 6).",
        ),
        (
            "sv",
            "Kyrkparken, Skolmaten: 17 meddelanden på 2 timmar (14 olika skribenter), vanligtvis 1. "
            "Flest på 12 veckor (förra toppen 6).",
        ),
        (
            "nb",
            "Kirkkopuisto, Skolematen: 17 meldinger på 2 timer (14 ulike skribenter), vanligvis 1. "
            "Flest på 12 uker (forrige topp 6).",
        ),
        (
            "en",
            "Kirkkopuisto, School meals: 17 messages in 2 hours (14 different people), normally 1. "
            "Highest in 12 weeks (previous 6).",
        ),
    ],
)
def test_a_storm_is_one_sentence_in_each_language(park, language, said):
    assert sentence(storm(scope="theme-place", stream="theme-place:12@5", place=park), language) == said


def test_a_little_is_hardly_any_and_no_number():
    for expected, said in ((0.49, "normally hardly any."), (0.5, "normally 1."), (1.5, "normally 2."), (2.4, "2.")):
        held = storm(stream=f"theme:{expected}", expected=expected, record={})
        assert sentence(held, "en").endswith(said)


@pytest.mark.parametrize(
    ("record", "is_told"),
    [
        ({"weeks": 1, "most": 16}, True),
        ({"weeks": 12, "most": 17}, False),
        ({"weeks": 0, "most": 3}, False),
        ({}, False),
    ],
)
def test_a_record_is_told_only_where_it_is_one(record, is_told):
    told = sentence(storm(record=record), "en")
    assert ("Highest in" in told) == is_told
    assert ("Highest in a week (previous 16)." in told) == (record.get("weeks") == 1)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(900, "in 15 minutes"), (1800, "in 30 minutes"), (3600, "in an hour"), (86400, "in 24 hours")],
)
def test_the_window_is_said_in_its_own_unit(seconds, said):
    assert f"17 messages {said} (1 person)" in sentence(storm(window=seconds, people=1), "en")


def test_what_has_no_theme_has_a_name_too(park):
    assert name_of(storm(theme=None, scope="pile", stream="pile"), "fi") == words("fi")["name.pile"]
    assert name_of(storm(theme=None, scope="all", stream="all"), "sv") == "Alla meddelanden"
    assert name_of(storm(theme=None, scope="place", stream="place:5", place=park), "fi") == "Kirkkopuisto"


def test_a_name_that_would_hide_something_is_shown_as_it_is():
    held = storm()
    held.theme.names = {"en": "meals\u202e\nBcc: x"}
    assert name_of(held, "en") == "meals\\u202e␊Bcc: x"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same(language):
    fact = re.compile(r"{(\w+)}")
    assert words(language).keys() == words("en").keys()
    for key, text in words(language).items():
        needed = set(fact.findall(words("en")[key])) - ({"n"} if key.endswith(".one") else set())
        assert needed <= set(fact.findall(text)), key
        assert text
    assert {level_name(level, language) for level in Storm.Level} >= {words(language)["level.uproar"]}


def test_no_word_is_left_over():
    code = "\n".join(path.read_text("utf-8") for path in Path(room.__file__).parent.glob("*.py"))
    said = set(re.findall(r"""["']([\w.]+)["']""", code))
    made = ("level.", "opened", "doubled", "mentor")
    assert [
        key for key in words("en") if re.sub(r"\.(one|many)$", "", key) not in said and not key.startswith(made)
    ] == []

"""Whatever can be said of a file has words in every language, with the same facts."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

import kuulo
from kuulo.web import told
from kuulo.web.speech import LANGUAGES, desk_words

HEAR = "\n".join(path.read_text("utf-8") for path in sorted((Path(kuulo.__file__).parent / "hear").glob("*.py")))
REFUSALS = sorted({*re.findall(r'Refused\(\s*"([\w-]+)"', HEAR), "too-wide", "too-swollen", "parse-timeout", "out-of-memory", "not-permitted", "no-space", "gave-up", "not-in-preview", "over"})  # fmt: skip
NOTES = sorted({*re.findall(r'Note\(code="([\w-]+)"', HEAR), *re.findall(r'tally\.add\("([\w-]+)"', HEAR), "stray-quotes", "encoding-repaired", "control-replaced", "control", "too-long", "day-first", "month-first", "day-first-assumed"})  # fmt: skip
TROUBLES = ["broken-row", "id-with-other-text", "time-in-future", "time-not-understood"]


def keys(kind, codes):
    return [f"bring.{kind}.{code}" for code in codes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentence(language):
    words = desk_words(language)
    wanted = [*keys("refusal", REFUSALS), *keys("note", NOTES), *keys("rejected", TROUBLES)]
    assert {"bring.refusal.bad-json", "bring.note.broken-rows"} <= set(wanted)
    assert [key for key in wanted if key not in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_the_same_facts(language):
    english, words = desk_words("en"), desk_words(language)
    bring = [key for key in english if key.startswith("bring.")]
    assert [key for key in words if key.startswith("bring.")] == bring
    told_facts = {key: set(re.findall(r"\{(\w+)\}", english[key])) for key in bring}
    assert {key: set(re.findall(r"\{(\w+)\}", words[key])) for key in bring} == told_facts


@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        ("too-large", {"file": "a.csv", "limit": 1 << 30}, "a.csv on liian suuri. Jaa se osiin."),
        ("too-large", {"file": "a.csv", "columns": 100_000}, "Tiedostossa a.csv on liikaa sarakkeita (100\u00a0000 tai enemmän)."),
        ("too-large", {"file": "a.xlsx", "limit": 9, "unpacked": 5}, "a.xlsx on pieni tiedosto, joka purkautuu valtavaksi. Avaa se ja tallenna CSV-muodossa."),
        ("not-text", {"file": "a\x1b.csv", "looks": "png image"}, "a␛.csv ei ole taulukko eikä tekstiä vaan kuva. Tallenna viestit muodossa CSV tai XLSX."),
        ("not-text", {"file": "a", "looks": "binary"}, "a ei ole taulukko eikä tekstiä vaan jotain muuta. Tallenna viestit muodossa CSV tai XLSX."),
        ("bad-json", {"file": "a.json"}, "a.json: rivi – ei ole kelvollista JSONia. Korjaa se tai tallenna taulukko CSV-muodossa."),
        ("new-thing", {}, "new thing"),
    ],
)  # fmt: skip
def test_a_refusal_is_said_with_what_is_known(code, facts, said):
    with override("fi"):
        assert told.refusal(code, facts) == said

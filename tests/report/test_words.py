"""Kuulo's own words: all in one place, none missing, none left over."""

import re
from importlib.resources import files

import pytest

from kuulo.report.page import SCRIPTS
from kuulo.report.page_data import SCRIPT_WORDS
from kuulo.report.words import Speech, catalogue

FACT = re.compile(r"\{\w+\}")
FOLDER = files("kuulo.report")
ASSETS = {file.name: file.read_text("utf-8") for file in (FOLDER / "assets").iterdir()}
SCRIPT = "".join(ASSETS[name] for name in SCRIPTS)
EVERYTHING = "".join(ASSETS.values()) + "".join(
    file.read_text("utf-8") for file in FOLDER.iterdir() if file.name.endswith(".py")
)


def test_the_script_gets_exactly_the_words_that_it_uses():
    used = set(re.findall(r'say\("([\w.]+)"|words\["([\w.]+)"\]|words\.(\w+)|link\("(\w+)"', SCRIPT))
    counted = set(re.findall(r'count\("([\w.]+)"', SCRIPT))
    keys = {key for match in used for key in match if key}
    keys |= {f"{key}.{form}" for key in counted for form in ("one", "many")} - {"times.one"}
    keys |= {f"export.{name}" for name in ("row", "time", "status", "theme", "subtheme", "text")}
    keys |= {"status.grouped", "status.uncertain"}
    assert sorted(keys) == sorted(SCRIPT_WORDS)


def test_no_word_is_left_over():
    prefixes = ("reason.", "status.", "firmness.", "how.", "column.", "balance", "order.", "language.")
    prefixes += ("kind.", "evidence.", "actor.", "facet.", "lift.", "fact.")
    exported = (FOLDER / "tables.py").read_text("utf-8")
    for key in catalogue("en"):
        if key.startswith("export."):
            assert f'"{key.removeprefix("export.")}"' in exported, key
            continue
        stem = key.removesuffix(".one").removesuffix(".many")
        assert (
            key.startswith(prefixes)
            or f'"{stem}"' in EVERYTHING
            or stem in {"yes", "no", "thousands", "decimal", "day"}
        ), key


@pytest.mark.parametrize("language", ["fi", "sv", "nb"])
def test_every_language_has_every_word_with_the_same_facts(language):
    english, other = catalogue("en"), catalogue(language)
    assert sorted(other) == sorted(english)
    for key, text in other.items():
        assert sorted(set(FACT.findall(text))) == sorted(set(FACT.findall(english[key]))), key
        assert text or not english[key], key


def test_nynorsk_is_spoken_to_in_bokmal():
    assert Speech("nn").words == catalogue("nb")


def test_numbers_and_forms_follow_the_count():
    speech = Speech("en")
    assert speech.count("messages", 1) == "1 message"
    assert speech.count("messages", 12_345) == "12,345 messages"


def test_an_unknown_language_speaks_english_and_an_unknown_reason_speaks_for_itself():
    speech = Speech("xx")
    assert (speech.language, speech.say("themes")) == ("en", "Themes")
    assert speech.reason("never-heard_of") == "never heard of"


def test_facts_are_not_read_as_patterns():
    assert Speech("en").say("service", n="{themes}") == "Closest matching municipal service:"
    assert Speech("en").say("more", n="{n.__class__}") == "Show {n.__class__} more"

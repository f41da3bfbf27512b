"""The golden set's labels are whole: what is measured by them is measured on every message and matter."""

import csv
import tomllib
from pathlib import Path

import pytest

from kuulo.lang.services import LANGUAGES

GOLDEN = Path(__file__).with_name("golden")
KINDS = {"wants", "opposes", "asks", "reports", "thanks", "tells"}


def rows(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_matter_has_an_accept_list_in_every_language():
    matters = {row["matter"] for row in rows("labels.csv") if row["matter"]}
    lists = [(row["matter"], row["language"]) for row in rows("names.csv")]
    assert sorted(lists) == sorted((matter, language) for matter in matters for language in LANGUAGES)
    assert all(row["accept"].strip() for row in rows("names.csv"))


def test_every_message_with_a_theme_has_a_kind():
    kinds = rows("kinds.csv")
    assert [row["id"] for row in kinds] == [row["id"] for row in rows("labels.csv") if row["theme"]]
    assert {row["kind"] for row in kinds} == KINDS
    assert {row["second"] for row in kinds} <= KINDS | {""}
    assert {row["second_reader"] for row in kinds} == KINDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_as_many_examples_of_each_kind(language):
    examples = tomllib.loads((GOLDEN / "kind_examples" / f"{language}.toml").read_text("utf-8"))
    assert {kind: len(set(texts)) for kind, texts in examples.items()} == dict.fromkeys(KINDS, 40)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longer_examples_are_of_known_kinds_and_each_stands_once(language):
    examples = tomllib.loads((GOLDEN / "kind_longer" / f"{language}.toml").read_text("utf-8"))
    texts = [text for part in examples.values() for text in part]
    assert set(examples) == KINDS
    assert len(texts) == len(set(texts)) > 80

"""Every message accounted for, or no ledger at all."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.result import Grouping, Placement
from kuulo.message import Message
from kuulo.report.ledger import DoesNotAddUpError, InputFile, Ledger, draw_up_ledger, ledger_json
from kuulo.report.messages_csv import messages_csv
from kuulo.report.themes_json import themes_json


def test_the_ledger_adds_up_and_names_what_stands_apart(ledger):
    content = json.loads(ledger_json(ledger))
    assert content["counts"] == {
        "read": 8,
        "grouped": 5,
        "uncertain": 1,
        "empty": 1,
        "unreadable": 1,
        "copies": 1,
    }
    place = {"file": "town.csv", "column": "answer"}
    assert content["apart"] == [
        {**place, "row": 6, "id": "A5", "status": "uncertain", "reason": "far-from-others"},
        {**place, "row": 7, "id": "A6", "status": "empty", "reason": "no-text"},
        {**place, "row": 8, "id": "A7", "status": "unreadable", "reason": "encoding"},
    ]
    assert content["inputs"] == [{"file": "town.csv", "sha256": "ab" * 32, "rows": 8, "guess": {"encoding": "utf-8"}}]
    assert content["kuulo"] == {"format": 1, "run": 1}


def test_the_fingerprint_can_be_computed_from_the_files(town, ledger):
    content = messages_csv(*town) + themes_json(*town) + '{"seed":1}'
    assert ledger.fingerprint == hashlib.sha256(content.encode()).hexdigest()


def test_another_placement_or_setting_gives_another_fingerprint(town, ledger):
    messages, grouping = town
    moved = replace(grouping.placements[0], fit=0.1)
    other = replace(grouping, placements=(moved, *grouping.placements[1:]))

    def fingerprint(grouping, **settings):
        return draw_up_ledger(messages, grouping, settings=settings, versions={"any": "1"}).fingerprint

    assert fingerprint(grouping, seed=1) == ledger.fingerprint
    assert fingerprint(grouping, seed=2) != ledger.fingerprint
    assert fingerprint(other, seed=1) != ledger.fingerprint


def test_a_message_without_placement_is_refused(town):
    messages, grouping = town
    with pytest.raises(DoesNotAddUpError) as refused:
        draw_up_ledger(messages[:-1], grouping, settings={}, versions={})
    assert (refused.value.code, refused.value.facts) == ("placements", {"expected": 7, "found": 8})


def test_a_theme_that_claims_another_count_than_its_members_is_refused(town):
    messages, grouping = town
    boasting = replace(grouping.themes[3], messages=2)
    themes = (*grouping.themes[:3], boasting, grouping.themes[4])
    with pytest.raises(DoesNotAddUpError) as refused:
        draw_up_ledger(messages, replace(grouping, themes=themes), settings={}, versions={})
    assert refused.value.facts == {"theme": "t2", "expected": 2, "found": 1}


def test_a_message_grouped_in_no_theme_is_refused():
    grouping = Grouping(placements=(Placement(status="grouped"),), themes=())
    with pytest.raises(DoesNotAddUpError):
        draw_up_ledger([Message(text="hei")], grouping, settings={}, versions={})


def test_a_row_that_gave_no_message_is_refused(town):
    inputs = [InputFile(file="town.csv", sha256="", rows=9, guess={})]
    with pytest.raises(DoesNotAddUpError) as refused:
        draw_up_ledger(*town, inputs=inputs, settings={}, versions={})
    assert refused.value.facts == {"file": "town.csv", "expected": 9, "found": 8}


counts = st.integers(min_value=0, max_value=9)


@given(counts, counts, counts, counts, counts)
def test_a_ledger_exists_only_if_it_adds_up(read, grouped, uncertain, empty, unreadable):
    def ledger():
        return Ledger(
            read=read,
            grouped=grouped,
            uncertain=uncertain,
            empty=empty,
            unreadable=unreadable,
            copies=0,
            apart=({},) * (uncertain + empty + unreadable),
            inputs=(),
            settings={},
            versions={},
            fingerprint="",
        )

    if read == grouped + uncertain + empty + unreadable:
        assert ledger().read == read
    else:
        with pytest.raises(DoesNotAddUpError):
            ledger()

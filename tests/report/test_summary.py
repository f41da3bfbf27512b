"""The console table: aligned, within the width, and safe for any terminal."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.result import Grouping, Placement, Theme
from kuulo.message import Message
from kuulo.report.ledger import draw_up_ledger
from kuulo.report.summary import columns, summary


def test_the_table_shows_themes_subthemes_and_the_sum(town, ledger):
    messages, grouping = town
    shown = summary(grouping, messages, replace(ledger, fingerprint="ab" * 32), language="en", width=80)
    assert shown == (
        "Theme    Messages  People  Firmness\n"
        "snow            3       3  too few to tell\n"
        "  ridges (2), portit (1)\n"
        "skolmat         1       1  too few to tell\n"
        "  “Skolmaten är kall och kön är lång.”\n"
        "t3              1       1  too few to tell\n"
        "  “Sklia på lekeplassen er ødelagt.”\n"
        "\n"
        "8 read = 5 in themes + 1 uncertain + 1 empty + 1 unreadable. 1 copy counted\n"
        "among them. Fingerprint abababababab.\n"
    )


def test_people_have_no_column_where_no_author_is_known(town, ledger):
    messages, grouping = town
    unknown = replace(grouping, themes=tuple(replace(theme, people=None) for theme in grouping.themes))
    assert "People" not in summary(unknown, messages, ledger, language="en", width=80)


def test_more_subthemes_than_fit_are_counted():
    parts = [Theme(id=f"t.{at}", parent="t", names={"en": f"a long name {at}"}) for at in range(9)]
    grouping = Grouping(placements=(), themes=(Theme(id="t", names={"en": "whole"}), *parts))
    ledger = draw_up_ledger([], grouping, settings={}, versions={})
    lines = summary(grouping, [], ledger, language="en", width=60).splitlines()
    assert lines[2] == "  a long name 0 (0), a long name 1 (0) and 7 more"


def table_of(name, *, width):
    message, theme = Message(text=name), Theme(id="t", names={"en": name}, messages=1, people=1, central=(0,))
    grouping = Grouping(placements=(Placement(status="grouped", theme="t"),), themes=(theme,))
    ledger = draw_up_ledger([message], grouping, settings={}, versions={})
    return summary(grouping, [message], ledger, language="en", width=width)


@given(st.text(st.characters()), st.integers(min_value=0, max_value=300))
def test_no_resident_moves_the_terminal_or_the_columns(name, width):
    lines = table_of(name, width=width).split("\n")
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for line in lines for char in line)
    assert all(columns(line) <= min(max(width, 40), 110) for line in lines)


def test_escape_signs_are_shown_not_sent():
    assert "␛[2Jgone" in table_of("\x1b[2Jgone", width=80)


@pytest.mark.parametrize(("text", "width"), [("lumi", 4), ("雪", 2), ("❄️", 1), ("🚌", 2), ("a\u0308", 1)])
def test_wide_letters_take_two_columns_and_marks_none(text, width):
    assert columns(text) == width


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "nn", "en"])
def test_a_narrow_terminal_keeps_the_names_in_every_language(town, ledger, language):
    messages, grouping = town
    lines = summary(grouping, messages, ledger, language=language, width=40).splitlines()
    assert all(columns(line) <= 40 for line in lines)
    assert any(line.startswith(("lumi", "snö", "snø", "snow")) for line in lines)

"""Hostile and broken characters become harmless; nothing is dropped."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.report.encoding import encodable, json_text, quotable, script_json, visible

any_text = st.text(st.characters())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("one\ntwo\r\n\ttab", "one␊two␍␊␉tab"),
        ("\x7f\x9b", "␡\\u009b"),
        ("abc\u202efdp", "abc\\u202efdp"),
        ("a\u2028b", "a\\u2028b"),
        ("Päivää, čáhci\u00a0100 €", "Päivää, čáhci\u00a0100 €"),
        ("👩\u200d🚒 ❤\ufe0f", "👩\u200d🚒 ❤\ufe0f"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_control_characters_become_visible_signs(text, shown):
    assert visible(text) == shown


def test_a_quote_keeps_its_lines():
    assert quotable("one\r\n\ttwo\x1b") == "one\n\ttwo␛"


@given(any_text)
def test_nothing_that_a_terminal_obeys_is_left(text):
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in visible(text))


@given(st.text())
def test_script_json_holds_no_sign_that_html_reads_and_gives_the_value_back(text):
    written = script_json({"text": [text]})
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {"text": [text]}


@given(any_text)
def test_any_text_can_be_written_as_utf_8(text):
    encodable(text).encode()
    json_text(text).encode()
    visible(text).encode()


def test_json_is_the_same_whatever_the_order_and_refuses_what_is_no_number():
    assert json_text({"b": 1, "a": 2}, indent=None) == '{"a":2,"b":1}'
    with pytest.raises(ValueError, match="JSON"):
        json_text(float("nan"))

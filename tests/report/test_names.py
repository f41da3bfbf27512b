"""A theme's name as one reader sees it."""

import pytest

from kuulo.group.result import Theme
from kuulo.report.names import Shown, firmness_code, language_tag, name_of


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"fi": "lumi", "en": "snow", "sv": "snö"}, Shown("lumi", "fi")),
        ({"en": "snow", "da": "sne"}, Shown("snow", "en")),
        ({"sv": "snö", "nb": "snø"}, Shown("snø", "nb")),
        ({"fi": "", "sv": "snö"}, Shown("snö", "sv")),
        ({}, Shown("t1", "")),
    ],
)
def test_a_name_is_in_the_reader_s_language_else_english_else_any(names, shown):
    assert name_of(Theme(id="t1", names=names), "fi") == shown


@pytest.mark.parametrize(
    ("firmness", "code"),
    [(1.0, "firm"), (0.8, "firm"), (0.79, "fair"), (0.6, "fair"), (0.59, "loose"), (0.0, "loose")],
)
def test_firmness_is_a_word(firmness, code):
    assert firmness_code(Theme(id="T1", firmness=firmness, distinct=5)) == code


def test_a_few_messages_tell_nothing_of_firmness():
    assert firmness_code(Theme(id="T1", firmness=1.0, messages=90, distinct=4)) == "few"


@pytest.mark.parametrize(("code", "tag"), [("fi", "fi"), ("zh-Hans", "zh-Hans"), ("und", ""), ('"><b', "")])
def test_only_a_real_code_becomes_a_language_tag(code, tag):
    assert language_tag(code) == tag

"""Leads: what a rule finds is not lost by looking first whether the text can hold it at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.lang.leads import RULES, Rule, leads


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.pattern.pattern[:30])
@given(st.data())
def test_whatever_a_rule_finds_holds_what_the_rule_needs(rule: Rule, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(rule.pattern))
    if rule.pattern.search(text):
        assert rule.needs.search(text)


def test_the_fewest_digits_of_a_telephone_are_found_however_they_are_written_apart() -> None:
    assert [lead.kind for lead in leads("ring (06)-6-6-6-6-6 nu", public=True)[0]] == ["phone"]
    assert [lead.kind for lead in leads("(+358)- 4- 4- 4- 4- 4- 4", public=True)[0]] == ["phone"]


def test_blanks_and_dashes_of_every_kind_count_as_the_plain_ones() -> None:
    assert leads("040\u2011123\u00a04567", public=False)[0] == leads("040-123 4567", public=False)[0]

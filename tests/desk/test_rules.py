"""Rules: what people said about where messages go, as the worker reads it."""

import pytest
from tests.desk.town import message, theme

from kuulo.desk.rules import Rules, pinned_in
from kuulo.models import Correction, Tag, Theme

pytestmark = pytest.mark.django_db
Kind = Correction.Kind


def correction(kind, at, **rest):
    return Correction.objects.create(kind=kind, theme=at, **rest)


def test_a_merged_theme_leads_on_to_the_last():
    one, two, three = (theme(f"T{n}") for n in (1, 2, 3))
    for earlier, later in ((one, two), (two, three)):
        Theme.objects.filter(pk=earlier.pk).update(state="merged", merged_into=later)
    rules = Rules.in_force()
    assert [rules.merged(t.pk) for t in (one, two, three)] == [three.pk] * 3


def test_not_about_holds_for_copies_too_until_it_is_undone():
    snow = theme("T1")
    said = message("snow", snow)
    rule = correction(Kind.NOT_ABOUT, snow, message=said)
    rules = Rules.in_force()
    assert rules.forbidden(said.pk, None) == {snow.pk}
    assert rules.forbidden(999, said.pk) == {snow.pk}
    assert rules.forbidden(999, None) == frozenset()
    rule.undone_at = said.arrived
    rule.save()
    assert Rules.in_force().forbidden(said.pk, None) == frozenset()


def test_a_copy_follows_a_moved_message_and_never_goes_back():
    snow, school = theme("T1"), theme("T2")
    first = message("bus", snow)
    copy = message("bus!", snow, copy_of=first)
    correction(Kind.MOVE, snow, other=school, message=copy)
    rules = Rules.in_force()
    assert rules.ordered("bus!!", (), first.pk) == school.pk
    assert rules.forbidden(999, first.pk) == {snow.pk}


def test_what_was_said_last_of_a_message_goes_before():
    snow, school = theme("T1"), theme("T2")
    said = message("bus", snow)
    correction(Kind.MOVE, snow, other=school, message=said)
    correction(Kind.NOT_ABOUT, school, message=said)
    rules = Rules.in_force()
    assert rules.ordered("bus", (), said.pk) is None
    assert rules.forbidden(said.pk, None) == {snow.pk, school.pk}
    correction(Kind.PIN, snow, message=said)
    rules = Rules.in_force()
    assert rules.ordered("bus", (), said.pk) == snow.pk
    assert rules.forbidden(said.pk, None) == {school.pk}


def test_words_are_found_whatever_their_form_and_all_must_be_there():
    snow = theme("T1")
    correction(Kind.ALWAYS_HERE, snow, facts={"words": ["Katu", "lumi"]})
    rules = Rules.in_force()
    assert rules.ordered("KATU on täynnä: lumi!", (), None) == snow.pk
    assert rules.ordered("katu on täynnä", (), None) is None
    assert rules.ordered("katutaide, luminen", (), None) is None


def test_the_latest_word_rule_goes_before():
    snow, school = theme("T1"), theme("T2")
    correction(Kind.ALWAYS_HERE, snow, facts={"words": ["bus"]})
    correction(Kind.ALWAYS_HERE, school, facts={"words": ["school"]})
    rules = Rules.in_force()
    assert rules.ordered("the school bus", (), None) == school.pk
    assert rules.ordered("the bus", (), None) == snow.pk


def test_a_word_rule_yields_to_what_was_said_of_the_family():
    snow = theme("T1")
    said = message("bus", snow)
    correction(Kind.NOT_ABOUT, snow, message=said)
    correction(Kind.ALWAYS_HERE, snow, facts={"words": ["bus"]})
    assert Rules.in_force().ordered("bus", (), said.pk) is None


def test_a_tag_stands_for_the_tags_that_are_the_same_matter():
    snow = theme("T1")
    ploughing = Tag.objects.create(name="auraus")
    Tag.objects.create(name="snöröjning", alias_of=ploughing)
    correction(Kind.ALWAYS_HERE, snow, facts={"tags": ["snöröjning"]})
    rules = Rules.in_force()
    assert rules.ordered("text", ["auraus"], None) == snow.pk
    assert rules.ordered("text", ["other"], None) is None


def test_an_order_into_a_theme_that_was_merged_is_followed():
    snow, winter = theme("T1"), theme("T2")
    said = message("bus")
    correction(Kind.PIN, snow, message=said)
    Theme.objects.filter(pk=snow.pk).update(state="merged", merged_into=winter)
    assert Rules.in_force().ordered("bus", (), said.pk) == winter.pk
    assert pinned_in(winter) == [said.pk]


def test_a_forbidden_theme_that_was_merged_stays_forbidden_but_where_the_message_stands():
    snow, winter = theme("T1"), theme("T2")
    elsewhere, there = message("bus"), message("ice", winter)
    for said in (elsewhere, there):
        correction(Kind.NOT_ABOUT, snow, message=said)
    Theme.objects.filter(pk=snow.pk).update(state="merged", merged_into=winter)
    rules = Rules.in_force()
    assert rules.forbidden(elsewhere.pk, None) == {snow.pk, winter.pk}
    assert rules.forbidden(there.pk, None) == {snow.pk}


@pytest.mark.parametrize("rows", [1, 3])
def test_rules_are_read_in_few_queries(rows, django_assert_max_num_queries):
    snow, school = theme("T1"), theme("T2")
    for n in range(rows):
        said = message(f"bus {n}", snow)
        correction(Kind.MOVE, snow, other=school, message=said)
        correction(Kind.NOT_ABOUT, snow, message=said)
        correction(Kind.ALWAYS_HERE, snow, facts={"words": ["bus"], "tags": [f"t{n}"]})
    with django_assert_max_num_queries(3):
        Rules.in_force()

"""Corrections: each does what it says, keeps it as a rule, tells it to the history, and can be undone exactly."""

import numpy as np
import pytest
from tests.desk.town import message, standing, theme
from tests.web.cast import person

from kuulo.desk.always import Sign, caught, sign_of
from kuulo.desk.correct import always_here, merge, move, not_about, pin, rename, split, undo
from kuulo.desk.not_now import NotNow
from kuulo.desk.rules import Rules, pinned_in
from kuulo.desk.themes import find_theme
from kuulo.models import Correction, Event, Message, Tag, Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def aino():
    return person(name="aino")


def homes(one: Message) -> list[tuple[str, bool]]:
    rows = one.placements.order_by("-main", "pk").select_related("theme", "subtheme")
    return [((row.subtheme or row.theme).code, row.main) for row in rows]


def refused(code, act, *args, **options):
    with pytest.raises(NotNow) as told:
        act(*args, **options)
    assert told.value.code == code
    return told.value.facts


def vector(*numbers: float) -> bytes:
    return np.array(numbers, np.float16).tobytes()


def test_a_name_by_a_person_stays_a_person_s(aino):
    snow = theme("T1", fi="lumi", en="snow")
    before = standing()
    done = rename(snow, {"fi": "  auraus   ja lumi ", "sv": "plogning", "en": ""}, person=aino)
    snow.refresh_from_db()
    assert snow.names == {"fi": "auraus ja lumi", "sv": "plogning", "en": "snow"}
    assert snow.named_by_person == ["fi", "sv"]
    undo(done, person=aino)
    assert standing() == before


@pytest.mark.parametrize(
    ("names", "code"), [({"fi": "  "}, "no-name"), ({"fi": "x" * 81}, "long-name"), ({"xx": "name"}, "no-name")]
)
def test_a_name_must_be_one(aino, names, code):
    refused(code, rename, theme("T1"), names, person=aino)
    assert not Correction.objects.exists()
    assert not Event.objects.exists()


def test_an_earlier_name_waits_until_the_later_is_undone(aino):
    snow = theme("T1")
    first = rename(snow, {"fi": "yksi", "sv": "ett"}, person=aino)
    later = rename(snow, {"fi": "kaksi"}, person=aino)
    assert refused("later-correction", undo, first, person=aino) == {"correction": later.pk}
    undo(later, person=aino)
    undo(first, person=aino)
    refused("undone-before", undo, first, person=aino)
    snow.refresh_from_db()
    assert snow.names == {"en": "theme T1"}


def test_a_merged_theme_leads_on_and_its_subthemes_come_along(aino):
    snow, winter = theme("T1"), theme("T2")
    ridges = theme("T1.1")
    in_both = message("both", snow, winter)
    in_one = message("one", ridges)
    message("other", winter)
    before = standing()
    done = merge(snow, winter, person=aino, reason="the same matter")
    assert find_theme("T1") == winter
    assert homes(in_one) == [("T1.1", True)]
    assert homes(in_both) == [("T2", True)]
    ridges.refresh_from_db()
    assert (ridges.code, ridges.parent) == ("T1.1", winter)
    assert list(Event.objects.values_list("kind", "theme_id")) == [("merge", snow.pk), ("merge", winter.pk)]
    assert undo(done, person=aino) == 0
    assert standing() == before
    assert find_theme("t1") == snow


def test_subthemes_of_one_theme_can_be_merged(aino):
    theme("T1")
    one, other = theme("T1.1"), theme("T1.2")
    said = message("one", one)
    before = standing()
    done = merge(one, other, person=aino)
    assert homes(said) == [("T1.2", True)]
    undo(done, person=aino)
    assert standing() == before


def test_what_cannot_be_merged(aino):
    snow, winter, school = theme("T1"), theme("T2"), theme("T3")
    refused("same-theme", merge, snow, snow, person=aino)
    refused("other-level", merge, snow, theme("T2.1"), person=aino)
    merge(snow, winter, person=aino)
    assert refused("theme-merged", merge, winter, snow, person=aino) == {"theme": "T1", "into": "T2"}
    refused("theme-merged", merge, snow, school, person=aino)


def test_a_merge_is_undone_after_the_later_one(aino):
    one, two, three = theme("T1"), theme("T2"), theme("T3")
    first = merge(one, two, person=aino)
    later = merge(two, three, person=aino)
    assert refused("later-correction", undo, first, person=aino) == {"correction": later.pk}


def test_what_came_since_a_merge_finds_its_place_when_it_is_undone(aino):
    snow, winter = theme("T1"), theme("T2")
    ridges = theme("T1.1")
    message("one", ridges)
    done = merge(snow, winter, person=aino)
    ridges.refresh_from_db()
    new_in_ridges, new = message("two", ridges), message("three", winter)
    undo(done, person=aino)
    row = new_in_ridges.placements.get()
    assert (row.theme, row.subtheme) == (snow, ridges)
    assert homes(new) == [("T2", True)]


def test_a_split_off_theme_has_a_code_that_no_theme_had(aino):
    snow = theme("T1")
    theme("T7")
    Theme.objects.filter(code="T7").update(state="merged", merged_into=snow)
    ridges = theme("T1.1")
    first = message("one", ridges)
    chosen = message("two", snow, uncertain=True)
    copy = message("two!", snow, copy_of=chosen)
    stays = message("three", snow)
    before = standing()
    done = split(snow, names={"en": "ridges"}, subthemes=[ridges], messages=[copy.pk], person=aino)
    assert done.other.code == "T8"
    assert done.other.named_by_person == ["en"]
    assert homes(first) == [("T1.1", True)]
    assert homes(chosen) == homes(copy) == [("T8", True)]
    assert homes(stays) == [("T1", True)]
    chosen.refresh_from_db()
    assert chosen.status == "uncertain"
    undo(done, person=aino)
    assert standing() == before
    assert find_theme("T8") == snow


def test_what_came_to_a_split_off_theme_goes_back_with_it(aino):
    snow = theme("T1")
    chosen, _ = message("one", snow), message("two", snow)
    done = split(snow, names={"en": "new"}, messages=[chosen.pk], person=aino)
    came = message("three", done.other)
    undo(done, person=aino)
    assert homes(came) == homes(chosen) == [("T1", True)]


def test_what_cannot_be_split(aino):
    snow, school = theme("T1"), theme("T2")
    ridges, other = theme("T1.1"), theme("T2.1")
    only = message("one", ridges)
    refused("no-name", split, snow, names={}, subthemes=[ridges], person=aino)
    refused("nothing-chosen", split, snow, names={"en": "x"}, person=aino)
    refused("not-there", split, snow, names={"en": "x"}, subthemes=[other], person=aino)
    refused("everything", split, snow, names={"en": "x"}, messages=[only.pk], person=aino)
    refused("other-level", split, ridges, names={"en": "x"}, messages=[only.pk], person=aino)
    refused("nothing-chosen", split, school, names={"en": "x"}, messages=[only.pk], person=aino)
    assert Theme.objects.count() == 4


def test_a_moved_message_takes_its_copies_along(aino):
    snow, school = theme("T1"), theme("T2")
    buses = theme("T2.1")
    first = message("bus", snow, school)
    copy = message("bus!", snow, copy_of=first)
    before = standing()
    done = move(copy, buses, person=aino, reason="about buses")
    assert homes(first) == homes(copy) == [("T2.1", True)]
    row = copy.placements.get()
    assert (row.by, row.why) == ("person", {"correction": done.pk})
    assert Rules.in_force().ordered("bus", (), first.pk) == school.pk
    undo(done, person=aino)
    assert standing() == before
    assert Rules.in_force().ordered("bus", (), first.pk) is None


def test_an_uncertain_message_that_is_moved_is_grouped(aino):
    snow, school = theme("T1"), theme("T2")
    said, homeless = message("bus", snow, uncertain=True), message("x")
    Message.objects.filter(pk=homeless.pk).update(status="uncertain", reason="far-from-others")
    homeless.refresh_from_db()
    before = standing()
    done = [move(said, snow, person=aino), move(homeless, school, person=aino)]
    for one, code in ((said, "T1"), (homeless, "T2")):
        one.refresh_from_db()
        assert one.status == "grouped"
        assert homes(one) == [(code, True)]
    for correction in reversed(done):
        undo(correction, person=aino)
    assert standing() == before


def test_what_cannot_be_moved(aino):
    snow = theme("T1")
    refused("same-theme", move, message("one", snow), snow, person=aino)
    refused("not-placed", move, message("waits"), snow, person=aino)


def test_a_message_that_was_moved_twice_goes_back_in_order(aino):
    one, two, three = theme("T1"), theme("T2"), theme("T3")
    said = message("bus", one)
    first = move(said, two, person=aino)
    later = move(said, three, person=aino)
    assert refused("later-correction", undo, first, person=aino) == {"correction": later.pk}
    undo(later, person=aino)
    assert homes(said) == [("T2", True)]


def test_not_about_that_goes_to_the_theme_that_it_is_most_like(aino):
    snow, school, bus = theme("T1"), theme("T2"), theme("T3")
    for one, middle in ((snow, (1, 0)), (school, (0, 1)), (bus, (-1, 0))):
        Theme.objects.filter(pk=one.pk).update(centroid=vector(*middle))
    message("school", school, vector=vector(0.8, 0.6))
    said = message("bus", snow, vector=vector(0.6, 0.8))
    before = standing()
    done = not_about(said, snow, person=aino)
    assert homes(said) == [("T2", True)]
    assert said.placements.get().by == "machine"
    assert Rules.in_force().forbidden(said.pk, None) == {snow.pk}
    again = not_about(said, school, person=aino)
    said.refresh_from_db()
    assert (said.status, said.placements.get().theme, said.placements.get().counted) == ("uncertain", bus, False)
    undo(again, person=aino)
    undo(done, person=aino)
    assert standing() == before


def test_not_about_leaves_the_other_themes_of_a_message(aino):
    snow, school = theme("T1"), theme("T2")
    said = message("bus", snow, school)
    before = standing()
    done = not_about(said, snow, person=aino)
    assert homes(said) == [("T2", True)]
    undo(done, person=aino)
    assert standing() == before
    refused("not-there", not_about, said, theme("T3"), person=aino)


def test_undoing_not_about_brings_back_what_the_machine_moved_since(aino):
    snow, school = theme("T1"), theme("T2")
    said = message("bus", snow)
    before = standing()
    done = not_about(said, snow, person=aino)
    assert homes(said) == []
    said.placements.create(theme=school, fit=0.4, arrived=said.arrived, why={"near": [1]})
    undo(done, person=aino)
    assert standing() == before


def test_a_pinned_message_stands_first_until_it_is_undone(aino):
    snow = theme("T1")
    said, other = message("bus", snow), message("two", snow)
    Theme.objects.update(central=[other.pk, said.pk])
    before = standing()
    done = pin(said, snow, person=aino)
    assert Theme.objects.get().central == [said.pk, other.pk]
    assert pinned_in(snow) == [said.pk]
    assert said.placements.get().by == "person"
    undo(done, person=aino)
    assert standing() == before
    assert pinned_in(snow) == []


def test_always_here_takes_what_stands_and_what_comes(aino):
    snow, school = theme("T1"), theme("T2")
    caught_one = message("the Bus is late", snow)
    unsure = message("bus?", snow, uncertain=True)
    decided, forbidden = message("bus, decided", snow), message("bus, not school", school)
    pin(decided, snow, person=aino)
    not_about(forbidden, school, person=aino)
    already, waits = message("bus to school", school), message("bus waits")
    message("busy", snow)
    before = standing()
    sign = sign_of("BUS")
    assert set(caught(school, sign)) == {caught_one, unsure}
    done = always_here(school, sign, person=aino)
    assert homes(caught_one) == homes(unsure) == homes(already) == [("T2", True)]
    assert homes(waits) == []
    assert Rules.in_force().ordered(waits.text, (), None) == school.pk
    undo(done, person=aino)
    assert standing() == before


@pytest.mark.parametrize(
    "typed", ['bus" OR "snow', "d'eau", "bus' | 'snow", "bus) OR (snow", "T-paita", "bus NOT snow", "\\"]
)
def test_words_are_words_whatever_signs_they_hold(aino, typed):
    snow = theme("T1")
    message("snow", snow)
    assert list(caught(theme("T2"), sign_of(f"x {typed}"))) == []


def test_always_here_by_tag_and_by_copies(aino):
    snow, school = theme("T1"), theme("T2")
    ploughing = Tag.objects.create(name="auraus")
    Tag.objects.create(name="snöröjning", alias_of=ploughing)
    tagged = message("one", snow)
    tagged.tags.add(ploughing)
    first = message("two", snow)
    copy = message("two!", snow, copy_of=first)
    always_here(school, sign_of("#Snöröjning"), person=aino)
    always_here(school, Sign(copies_of=copy), person=aino)
    assert homes(tagged) == homes(first) == homes(copy) == [("T2", True)]
    assert Rules.in_force().ordered("two", (), first.pk) == school.pk
    refused("no-sign", always_here, school, sign_of(" # ... "), person=aino)
    refused("many-words", always_here, school, sign_of(" ".join("abcdefghijk")), person=aino)


def test_a_bulk_rule_leaves_what_a_person_moved_since(aino):
    snow, school, bus = theme("T1"), theme("T2"), theme("T3")
    stays, moved = message("bus", snow), message("bus two", snow)
    rule = always_here(school, sign_of("bus"), person=aino)
    later = move(moved, bus, person=aino)
    assert undo(rule, person=aino) == 1
    assert (homes(stays), homes(moved)) == ([("T1", True)], [("T3", True)])
    undo(later, person=aino)
    assert homes(moved) == [("T1", True)]


def test_history_holds_no_text_of_a_resident(aino):
    snow, school = theme("T1"), theme("T2")
    said = message("Canary Kanarialintu", snow)
    for act in (lambda: pin(said, snow, person=aino), lambda: move(said, school, person=aino)):
        undo(act(), person=aino)
    told = list(Event.objects.values_list("kind", "person", "theme_id", "message_id"))
    assert told == [
        ("pin", aino.pk, snow.pk, said.pk),
        ("undo", aino.pk, snow.pk, said.pk),
        ("move", aino.pk, snow.pk, said.pk),
        ("move", aino.pk, school.pk, said.pk),
        ("undo", aino.pk, snow.pk, said.pk),
        ("undo", aino.pk, school.pk, said.pk),
    ]
    assert not any("anar" in str(facts) for facts in Event.objects.values_list("facts", flat=True))
    assert not any("anar" in str(row) for row in Correction.objects.values_list("facts", "before"))


def test_what_changed_is_drawn_up_anew(aino):
    snow, school, other = theme("T1"), theme("T2"), theme("T3")
    part = theme("T1.1")
    move(message("bus", part), school, person=aino)
    stale = set(Theme.objects.filter(stale=True))
    assert stale == {snow, school, part}
    assert other not in stale


@pytest.mark.parametrize("size", [1, 30])
def test_the_size_of_a_theme_does_not_change_the_number_of_queries(aino, size, django_assert_max_num_queries):
    snow, winter = theme("T1"), theme("T2")
    part = theme("T1.1")
    for n in range(size):
        message(f"bus {n}", part)
        message(f"snow {n}", snow, winter)
    with django_assert_max_num_queries(40):
        split_off = split(snow, names={"en": "new"}, subthemes=[part], person=aino)
    with django_assert_max_num_queries(40):
        undo(split_off, person=aino)
    with django_assert_max_num_queries(40):
        merged = merge(snow, winter, person=aino)
    with django_assert_max_num_queries(40):
        undo(merged, person=aino)

"""A look at everything keeps what stands, puts right what is small and proposes the rest; people's word holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kuulo.desk.place import place_new
from kuulo.desk.regroup import is_due, regroup
from kuulo.models import Correction, Event, Message, Placement, Proposal, Regroup, Theme


def settle(encoder):
    while place_new(encoder, limit=64):
        pass


def look(stop=lambda: False):
    row = Regroup.objects.create(state=Regroup.State.RUNNING)
    regroup(row, stop=stop)
    row.refresh_from_db()
    return row


def homes():
    return dict(Placement.objects.filter(main=True, counted=True).values_list("message", "theme"))


@pytest.fixture
def grown(wait, encoder, demo_texts):
    """A desk that began with the first part of the demo's messages, and that the rest came to later."""
    wait(*demo_texts[:90])
    settle(encoder)
    wait(*demo_texts[90:180])
    settle(encoder)


def everyone_has_one_place():
    placed = Message.objects.filter(status__in=["grouped", "uncertain"])
    assert not Message.objects.filter(status="new").exists()
    assert Placement.objects.filter(main=True).count() == placed.count()
    for status, counted in (("grouped", True), ("uncertain", False)):
        assert not Placement.objects.filter(main=True, message__status=status, counted=not counted).exists()
    strays = Placement.objects.exclude(subtheme=None).values_list("theme", "subtheme__parent")
    assert all(theme == parent for theme, parent in strays)


def test_what_stands_stays_but_for_a_few(grown):
    before, themes = homes(), set(Theme.objects.filter(parent=None).values_list("code", flat=True))
    row = look()
    after = homes()
    changed = [pk for pk in before if after.get(pk) != before[pk]]
    assert len(changed) <= 0.05 * len(before)
    assert row.figures["moved"] <= len(changed)
    assert (row.state, row.figures["kept"]) == ("done", row.figures["of"] - row.figures["moved"])
    assert set(Theme.objects.filter(parent=None).values_list("code", flat=True)) == themes
    everyone_has_one_place()


def test_it_proposes_with_reasons_examples_and_names(grown):
    look()
    proposals = list(Proposal.objects.all())
    assert proposals
    for one in proposals:
        assert one.messages
        assert Message.objects.filter(pk__in=one.messages).count() == len(one.messages)
        assert {"code", "messages", "firmness"} == set(one.reasons[0])
        assert 0 <= one.reasons[1]["share"] <= 1
        assert bool(one.theme) == (one.kind != "new")
        assert bool(one.other) == (one.kind == "merge")
        assert set(one.names) == (set() if one.kind == "merge" else {"fi", "sv", "nb", "nn", "en"})


def test_new_subthemes_have_codes_of_their_own_and_names(grown):
    known = set(Theme.objects.values_list("code", flat=True))
    row = look()
    fresh = Theme.objects.exclude(code__in=known)
    assert fresh.count() == row.figures["founded"] > 0
    for part in fresh.select_related("parent"):
        assert part.code.startswith(f"{part.parent.code}.")
        assert part.names["en"]
        assert part.sub_placements.count() > 1


def test_the_same_is_not_proposed_twice_nor_after_it_was_declined(grown):
    look()
    first = Proposal.objects.order_by("pk").first()
    first.state = Proposal.State.DECLINED
    first.save()
    open_before = set(Proposal.objects.filter(state="open").values_list("pk", flat=True))
    look()
    anew = Proposal.objects.exclude(pk=first.pk).filter(kind=first.kind, theme=first.theme, other=first.other)
    both = [set(one.messages) & set(first.messages) for one in anew.filter(regroup__pk__gt=first.regroup_id)]
    assert all(len(common) < 0.5 * len(first.messages) for common in both)
    assert Proposal.objects.filter(pk__in=open_before, state__in=["open", "stale"]).count() == len(open_before)


def test_what_people_placed_and_named_is_left_alone(grown):
    theme = Theme.objects.filter(parent=None).first()
    theme.names, theme.named_by_person = {"en": "ours"}, ["en"]
    theme.save()
    Placement.objects.filter(main=True).exclude(theme=theme).update(by=Placement.By.PERSON)
    held = dict(Placement.objects.filter(by="person").values_list("message", "theme"))
    subthemes = dict(Placement.objects.filter(by="person").values_list("message", "subtheme"))
    look()
    assert dict(Placement.objects.filter(by="person").values_list("message", "theme")) == held
    assert dict(Placement.objects.filter(by="person").values_list("message", "subtheme")) == subthemes
    theme.refresh_from_db()
    assert theme.names == {"en": "ours"}


def test_nothing_goes_where_a_rule_forbids_it(grown):
    uncertain = Message.objects.filter(status="uncertain", copy_of=None)
    themes = Theme.objects.filter(parent=None)
    rules = [
        Correction(kind=Correction.Kind.NOT_ABOUT, theme=theme, message=row) for row in uncertain for theme in themes
    ]
    Correction.objects.bulk_create(rules)
    row = look()
    assert row.figures["settled"] == 0
    everyone_has_one_place()


def test_a_look_that_was_stopped_leaves_nothing(grown):
    before, events = homes(), Event.objects.count()
    row = look(stop=lambda: True)
    assert row.state == "running"
    assert (homes(), Event.objects.count()) == (before, events)
    assert not Proposal.objects.exists()


def test_each_move_is_told(grown):
    row = look()
    told = Event.objects.filter(kind__in=["moved-by-regroup", "settled-by-regroup"])
    assert told.count() == row.figures["moved"] + row.figures["settled"]
    (whole,) = Event.objects.filter(kind="regrouped")
    assert whole.facts["moved"] == row.figures["moved"]


def test_it_is_due_when_enough_came_in_and_time_went_by(wait, encoder):
    assert not is_due()
    wait(*(f"Plough street number {n} before seven, please." for n in range(20)))
    settle(encoder)
    wait("Open the library on Sundays.", "The school lunch is cold.")
    settle(encoder)
    assert not is_due()
    Regroup.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    assert is_due()
    Regroup.objects.create()
    assert not is_due()


@pytest.mark.parametrize("texts", [(), ("Fix the swings.",), ("Fix it.", "Open it.", "Close it.", "Paint it.")])
def test_a_few_messages_are_looked_at_too(wait, encoder, texts):
    wait(*texts)
    settle(encoder)
    assert look().state == "done"
    everyone_has_one_place()

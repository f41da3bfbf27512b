"""Waiting messages are placed, each exactly once, as grouping a file would or among the themes that stand."""

from collections import Counter

import pytest

from kuulo.desk.place import place_new
from kuulo.desk.rules import Rules
from kuulo.group.pipeline import group
from kuulo.message import Message as Heard
from kuulo.models import Concern, Correction, Event, Intake, Message, Placement, Theme

TOWN = (
    "The plough left a wall of snow before our gate again.",
    "Snow ploughing on our street comes far too late in the morning.",
    "Please plough the pavement before the children walk to school.",
    "Nobody has ploughed the cycle path after the snowfall.",
    "The school lunch is cold and the queue is long.",
    "More vegetarian food for the school lunch, please.",
    "The pupils have only ten minutes for their school lunch.",
    "School meals should be warm when the last class eats.",
    "The library should be open on Sundays.",
    "Longer opening hours for the library in the evening.",
    "The library closes before people come home from work.",
    "We want the library open at weekends too.",
)


def place_all(encoder, limit=64):
    while place_new(encoder, limit=limit):
        pass


def told():
    """What became of each message, without the numbers of its rows."""
    mains = Placement.objects.filter(main=True).values_list("message__identity", "theme__code", "subtheme__code")
    return sorted(mains), sorted(Message.objects.values_list("identity", "status", "reason", "kind"))


def test_the_first_grouping_is_that_of_the_command(wait, encoder, demo_texts):
    wait(*demo_texts)
    place_all(encoder)
    expected = group([Heard(text=text) for text in demo_texts], encoder).grouping
    rows = Message.objects.order_by("pk")
    mains = {one.message_id: one for one in Placement.objects.filter(main=True).select_related("theme", "subtheme")}
    for row, drawn in zip(rows, expected.placements, strict=True):
        main = mains.get(row.pk)
        assert (row.status, row.reason, row.kind, row.language) == (
            drawn.status, drawn.reason, drawn.kind, drawn.language,
        )  # fmt: skip
        assert row.evidence == list(drawn.evidence)
        assert (main.theme.code if main else "") == drawn.theme
        assert (main.subtheme.code if main and main.subtheme else "") == drawn.subtheme
        assert (row.copy_of_id or 0) == (rows[drawn.copy_of].pk if drawn.copy_of >= 0 else 0)
        further = {part.partition(".")[0] for part in drawn.also}
        assert set(row.placements.filter(main=False).values_list("theme__code", flat=True)) == further
    for theme in Theme.objects.select_related("parent"):
        drawn = next(one for one in expected.themes if one.id == theme.code)
        assert (theme.names, theme.service, theme.firmness) == (drawn.names, drawn.service, drawn.firmness)
        assert (theme.parent.code if theme.parent else "") == drawn.parent
        assert theme.central == [rows[at].pk for at in drawn.central]
    assert Theme.objects.count() == len(expected.themes)


@pytest.mark.parametrize("limit", [1, 5, 64])
def test_nothing_is_lost_and_each_message_stands_once(wait, encoder, limit):
    wait(*TOWN, "", "I don't know", "qwrtpsdfgh", TOWN[0])
    place_all(encoder)
    wait("Plough our street earlier, please!", "", TOWN[4].upper(), "Sunday opening for the library!", "...")
    place_all(encoder, limit)
    count = Counter(Message.objects.values_list("status", flat=True))
    assert count.total() == Message.objects.count() == 21
    assert not count[Message.Status.NEW]
    placed = Message.objects.filter(status__in=["grouped", "uncertain"])
    assert Placement.objects.filter(main=True).count() == placed.count()
    assert not Placement.objects.filter(message__status__in=["empty", "unreadable"]).exists()
    assert all(row.vector for row in placed)


def test_new_messages_go_where_the_nearest_stand_and_say_why(wait, encoder):
    wait(*TOWN)
    place_all(encoder)
    (row,) = wait("When will the library be open on Sunday evenings?")
    place_all(encoder)
    main = row.placements.get(main=True)
    near = Placement.objects.filter(main=True, message__in=main.why["near"])
    assert set(near.values_list("theme", flat=True)) == {main.theme_id}
    assert {"library", "open"} <= set(main.why["words"])
    library = Message.objects.get(text=TOWN[8]).placements.get(main=True)
    assert main.theme_id == library.theme_id
    assert Theme.objects.get(pk=main.theme_id).stale


def test_a_later_copy_stands_with_its_first(wait, encoder):
    first, *_ = wait(*TOWN)
    place_all(encoder)
    later, again = wait(TOWN[0].upper(), "Hello, " + TOWN[0])
    place_all(encoder)
    home = first.placements.get(main=True)
    for row in (later, again):
        row.refresh_from_db()
        assert row.copy_of_id == first.pk
        copy = row.placements.get(main=True)
        assert (copy.theme_id, copy.subtheme_id) == (home.theme_id, home.subtheme_id)


def test_the_same_messages_in_other_portions_stand_the_same(wait, encoder, demo_texts):
    wait(*demo_texts[:150])
    place_all(encoder)
    themes = Theme.objects.count()
    rows = wait(*demo_texts[150:200])
    place_all(encoder, limit=64)
    together = told()
    Placement.objects.filter(message__in=rows).delete()
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(status="new", copy_of=None, vector=None)
    Theme.objects.first().corrections.create(kind=Correction.Kind.RENAME)  # so that it is all read anew
    place_all(encoder, limit=7)
    assert told() == together
    assert Theme.objects.count() == themes


def test_it_waits_while_a_first_file_is_on_its_way(wait, encoder):
    intake = Intake.objects.create(file_name="a.csv", file_hash="0", file_size=1, state=Intake.State.RUNNING)
    wait(*TOWN, intake=intake)
    assert place_new(encoder, limit=10) == 0
    intake.state = Intake.State.DONE
    intake.save()
    assert place_new(encoder, limit=10) == len(TOWN)
    assert not Message.objects.filter(status="new").exists()


@pytest.mark.parametrize(
    "texts", [(), ("",), ("Fix the swings.",), ("Fix the swings.", "Fix the swings.", "Open the library.")]
)
def test_a_few_messages_are_placed_too(wait, encoder, texts):
    wait(*texts)
    place_all(encoder)
    assert not Message.objects.filter(status="new").exists()


def test_what_people_ruled_holds_for_new_messages(wait, encoder):
    rows = wait(*TOWN)
    place_all(encoder)
    home = {row.text: row.placements.get(main=True).theme for row in rows}
    library, lunch = home[TOWN[8]], home[TOWN[4]]
    assert library != lunch
    Correction.objects.create(kind=Correction.Kind.ALWAYS_HERE, theme=lunch, facts={"words": ["cafe"]})
    (ordered,) = wait("Open a cafe in the library on Sundays.")
    place_all(encoder)
    assert Rules.in_force().ordered(ordered.text, (), ordered.pk) == lunch.pk
    main = ordered.placements.get(main=True)
    assert (main.theme, main.why, main.counted) == (lunch, {"rule": True}, True)


def test_a_copy_of_what_does_not_belong_is_not_put_there(wait, encoder):
    rows = wait(*TOWN)
    place_all(encoder)
    wrong = rows[8].placements.get(main=True).theme
    Correction.objects.create(kind=Correction.Kind.NOT_ABOUT, theme=wrong, message=rows[8])
    (copy,) = wait(TOWN[8])
    place_all(encoder)
    assert not copy.placements.filter(theme=wrong).exists()
    copy.refresh_from_db()
    assert copy.status in {"grouped", "uncertain"}


def test_a_merged_theme_takes_no_more(wait, encoder):
    rows = wait(*TOWN)
    place_all(encoder)
    gone, into = rows[8].placements.get(main=True).theme, rows[4].placements.get(main=True).theme
    gone.state, gone.merged_into = Theme.State.MERGED, into
    gone.save()
    Placement.objects.filter(theme=gone).update(theme=into, subtheme=None)
    Correction.objects.create(kind=Correction.Kind.MERGE, theme=into, other=gone)
    (row,) = wait("Open the library on Sundays and in the evenings.")
    place_all(encoder)
    assert row.placements.get(main=True).theme == into


def test_each_batch_is_told_once_without_any_words(wait, encoder):
    wait(*TOWN)
    place_all(encoder)
    before = Event.objects.filter(kind="placed").count()
    wait("Plough earlier.", "Open earlier.", "Eat earlier.")
    place_all(encoder, limit=2)
    events = Event.objects.filter(kind="placed").order_by("pk")[before:]
    assert [event.facts["messages"] for event in events] == [2, 1]
    assert all(set(event.facts) == {"messages", "uncertain"} for event in events)


class Fails:
    """An encoder that fails on texts with a word in them, as a broken library does; with "" on every text."""

    def __init__(self, encoder, word):
        self._encoder = encoder
        self._word = word

    def raw_vectors(self, texts, progress=None):
        if any(self._word in text for text in texts):
            raise RuntimeError("no such node")
        return self._encoder.raw_vectors(texts, progress)

    def vectors(self, texts, progress=None):
        self.raw_vectors(texts)
        return self._encoder.vectors(texts, progress)


@pytest.mark.parametrize("limit", [1, 64])
def test_a_message_that_the_encoder_fails_on_keeps_no_other_waiting(wait, encoder, limit):
    wait(*TOWN)
    place_all(encoder)
    wait("Plough earlier, please.", "Poison in the wells.", "A longer evening. Full of poison.", "Open on Sundays.")
    place_all(Fails(encoder, "oison"), limit)
    last = list(Message.objects.order_by("-pk")[:4])
    assert [(row.status, row.reason) for row in last[1:3]] == [("unreadable", "encoder-failed")] * 2
    assert {row.status for row in (last[0], last[3])} <= {"grouped", "uncertain"}
    assert not Message.objects.filter(status="new").exists()


def test_the_first_grouping_leaves_out_what_the_encoder_fails_on(wait, encoder):
    wait(*TOWN, "Poison in the wells.")
    place_all(Fails(encoder, "oison"))
    assert list(Message.objects.filter(status="unreadable").values_list("text", "reason")) == [
        ("Poison in the wells.", "encoder-failed")
    ]
    assert Message.objects.filter(status__in=["grouped", "uncertain"]).count() == len(TOWN)


def test_an_encoder_that_fails_on_everything_makes_no_message_unreadable(wait, encoder):
    wait(*TOWN)
    place_all(encoder)
    wait("Plough earlier, please.")
    with pytest.raises(RuntimeError):
        place_new(Fails(encoder, ""), limit=64)
    assert Message.objects.filter(status="new").count() == 1


def test_the_longest_messages_are_placed_one_at_a_time(wait, encoder):
    wait(*TOWN)
    place_all(encoder)
    wait(*(f"The plough {gap * 60_000} came too late to our street" for gap in " \t\n"))
    assert [place_new(encoder, limit=64) for _ in range(4)] == [1, 1, 1, 0]


FIRE = "Smoke is coming out of the library's cellar, something is burning down there!"


@pytest.mark.parametrize("at_first", [True, False])
def test_one_grave_message_among_all_waits_for_somebody(wait, encoder, at_first):
    wait(*TOWN, *([FIRE] if at_first else []))
    place_all(encoder)
    if not at_first:
        wait(FIRE)
        place_all(encoder)
    noted = Concern.objects.get(message__text=FIRE)
    assert (noted.said, noted.arrived) == ("", noted.message.arrived)
    assert "fire" in noted.kinds
    assert "Smoke" in {FIRE[start:end] for _, start, end in noted.why}

"""What people do in a storm is one step and one event each, can be refused, and can be undone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.desk.storm_rows import storm
from tests.web.cast import person

from kuulo.desk.not_now import NotNow
from kuulo.desk.storm import acts
from kuulo.desk.storm.normal import the_watch
from kuulo.desk.storm.planned import plan, unplan
from kuulo.desk.storm.rate import measured
from kuulo.desk.storm.setting import set_budget
from kuulo.models import Event, PlannedEvent, Role, Storm, StormStep, StormWatch

pytestmark = pytest.mark.django_db


@pytest.fixture
def aino():
    return person(Role.OFFICIAL, name="Aino")


@pytest.fixture
def olav():
    return person(Role.OFFICIAL, name="Olav")


def refused(code: str, act) -> None:
    steps = StormStep.objects.count(), Event.objects.count()
    with pytest.raises(NotNow) as refusal:
        act()
    assert refusal.value.code == code
    assert (StormStep.objects.count(), Event.objects.count()) == steps


def told(one: Storm) -> tuple[list[str], list[str]]:
    steps = [*one.steps.order_by("pk").values_list("kind", flat=True)]
    return steps, [*Event.objects.order_by("pk").values_list("kind", flat=True)]


def test_who_takes_it_has_it_and_nobody_else_can_take_it(aino, olav):
    one = storm()
    acts.take(one, aino)
    one.refresh_from_db()
    assert one.taken_by == aino
    assert one.taken_at
    refused("storm-taken", lambda: acts.take(one, olav))
    refused("storm-not-yours", lambda: acts.give_back(one, olav))
    acts.give_back(one, aino)
    one.refresh_from_db()
    assert (one.taken_by, one.taken_at) == (None, None)
    assert told(one) == (["taken", "given-back"], ["storm-taken", "storm-given-back"])


def test_handing_over_leaves_the_clock(aino, olav):
    one = storm()
    acts.take(one, aino)
    one.refresh_from_db()
    taken = one.taken_at
    acts.hand_over(one, aino, to=olav)
    one.refresh_from_db()
    assert (one.taken_by, one.taken_at) == (olav, taken)
    assert one.steps.get(kind="handed-over").facts["to"] == olav.pk
    refused("cannot-take", lambda: acts.hand_over(one, olav, to=person(Role.READER)))


def test_a_mentor_is_called_once(aino):
    one = storm()
    acts.call_mentor(one, aino, note="Apua")
    one.refresh_from_db()
    assert one.mentor_called_at
    assert one.steps.get().note == "Apua"
    refused("mentor-called", lambda: acts.call_mentor(one, aino))


def test_not_a_storm_closes_it_at_once_and_counts_as_a_false_alarm(aino):
    one = storm()
    acts.not_a_storm(one, aino)
    one.refresh_from_db()
    assert one.mark == "nothing"
    assert one.closed
    assert (measured().alarms, measured().nothing) == (1, 1)
    refused("storm-marked", lambda: acts.not_a_storm(one, aino))
    refused("storm-closed", lambda: acts.take(one, aino))
    closed = one.closed
    acts.it_was_a_storm(one, aino)
    one.refresh_from_db()
    assert (one.mark, one.closed) == ("storm", closed)


def test_a_planned_event_closes_it_and_is_registered(aino):
    one = storm()
    until = timezone.now() + timedelta(days=2)
    acts.was_planned(one, aino, name="Vaalit", until=until)
    one.refresh_from_db()
    event = PlannedEvent.objects.get()
    assert (event.name, event.since, event.until, event.theme) == ("Vaalit", one.began, until, one.theme)
    assert one.mark == "planned"
    assert one.closed
    assert told(one) == (["planned"], ["planned-made", "storm-planned"])
    refused("storm-marked", lambda: acts.it_was_a_storm(one, aino))
    refused("ends-before", lambda: acts.was_planned(one, aino, name="x", until=one.began))
    refused("no-name", lambda: acts.was_planned(one, aino, name=" ", until=until))
    refused("storm-marked", lambda: acts.was_planned(one, aino, name="Toinen", until=until))
    assert PlannedEvent.objects.count() == 1


@pytest.mark.parametrize(
    "act",
    [
        acts.take,
        acts.not_a_storm,
        acts.it_was_a_storm,
        lambda one, by: acts.was_planned(one, by, name="Vaalit", until=timezone.now() + timedelta(days=1)),
        lambda one, by: acts.mark_answered(one, by, at=timezone.now(), link="https://kunta.example/vastaus"),
        lambda one, by: acts.hand_over(one, by, to=by),
    ],
)
def test_undo_puts_everything_back(act, aino):
    one = storm()
    before = Storm.objects.values().get()
    step = act(one, aino)
    assert Storm.objects.values().get() != before
    acts.undo(step, aino)
    assert Storm.objects.values().get() == before
    assert not PlannedEvent.objects.exists()
    refused("undone-before", lambda: acts.undo(step, aino))


def test_what_changed_since_cannot_be_undone(aino, olav):
    one = storm()
    step = acts.take(one, aino)
    acts.hand_over(one, aino, to=olav)
    refused("changed-meanwhile", lambda: acts.undo(step, aino))


def test_a_mark_is_not_undone_where_the_stream_is_in_alarm_again(aino):
    one = storm()
    step = acts.not_a_storm(one, aino)
    storm()
    refused("changed-meanwhile", lambda: acts.undo(step, aino))


def test_an_alert_that_has_gone_out_cannot_be_called_back(aino):
    step = acts.call_mentor(storm(), aino)
    refused("cannot-undo", lambda: acts.undo(step, aino))


def test_notes_and_what_was_learned_are_kept_as_people_wrote_them(aino):
    one = storm()
    acts.note(one, aino, " Soitin kentälle. ")
    refused("no-words", lambda: acts.note(one, aino, "  "))
    acts.learned(one, aino, "Aiemmin")
    acts.learned(one, aino, "x" * 9_000)
    one.refresh_from_db()
    assert one.steps.first().note == "Soitin kentälle."
    assert one.learned == "x" * acts.LONGEST_NOTE
    assert "Soitin" not in str([*Event.objects.values_list("facts", flat=True)])


def test_an_answer_lies_between_the_beginning_and_now(aino):
    one = storm()
    refused("answer-in-future", lambda: acts.mark_answered(one, aino, at=timezone.now() + timedelta(hours=1)))
    refused("answer-too-early", lambda: acts.mark_answered(one, aino, at=one.began - timedelta(minutes=1)))
    at = timezone.now() - timedelta(minutes=5)
    acts.mark_answered(one, aino, at=at, link="https://kunta.example/vastaus")
    one.refresh_from_db()
    assert one.answered_at == at
    assert one.steps.get().facts["link"] == "https://kunta.example/vastaus"


def test_the_budget_is_set_and_told(aino):
    assert the_watch().budget == 2.0
    set_budget(aino, 4)
    set_budget(aino, 5)
    assert (StormWatch.objects.get().budget, the_watch().budget) == (5.0, 5.0)
    refused("odd-budget", lambda: set_budget(aino, 0))
    assert [*Event.objects.values_list("kind", flat=True)] == ["storm-budget"] * 2


def test_a_planned_event_can_be_removed_once(aino):
    now = timezone.now()
    event = plan(aino, name="Vaalit", since=now, until=now + timedelta(days=1), theme=None)
    unplan(aino, event)
    assert not PlannedEvent.objects.exists()
    unplan(aino, None)
    assert Event.objects.count() == 2

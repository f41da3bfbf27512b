"""The watch for storms: rows of messages, looked at as the worker does, at times that the test tells."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.desk.storm_town import NOW, WEEKS, Town

from kuulo.desk.history import record
from kuulo.desk.storm.hindsight import learn_and_replay
from kuulo.desk.storm.recent import Recent
from kuulo.desk.storm.watch import Watcher, look
from kuulo.models import Event, Message, Placement, PlannedEvent, Source, Storm, StormStep, StormWatch, Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def learnt(town):
    """A town whose normal is known."""
    assert learn_and_replay(NOW)
    assert not Storm.objects.exists()
    return town


def only_storm():
    return Storm.objects.get(part_of=None)


def test_a_quiet_day_is_no_storm(learnt):
    learnt.burst("T1", 2)
    assert look(NOW) == 0


def test_a_burst_opens_a_storm_that_tells_what_is_normal(learnt):
    first, *_ = learnt.burst("T1", 17)
    look(NOW)
    storm = only_storm()
    assert (storm.stream, storm.counted, storm.people, storm.first_message) == (
        f"theme:{learnt.themes['T1'].pk}",
        17,
        17,
        first,
    )
    assert 3600 <= storm.window <= 8 * 3600
    assert storm.expected < 1.5
    assert (storm.opened, storm.seen, storm.closed) == (NOW, NOW, None)
    assert storm.record["weeks"] >= WEEKS - 2
    assert storm.record["most"] < 17
    assert [step.kind for step in storm.steps.all()] == ["opened"]


def test_looking_twice_opens_it_once(learnt):
    learnt.burst("T1", 17)
    look(NOW)
    look(NOW + timedelta(seconds=5))
    assert Storm.objects.filter(stream__startswith="theme:").count() == 1


def test_one_loud_person_is_no_storm(learnt):
    learnt.burst("T1", 200, author="loud")
    assert look(NOW) == 0


def test_copies_of_one_text_are_no_storm(learnt):
    first = learnt.say("T1", NOW - timedelta(hours=2))
    learnt.burst("T1", 40, copy_of=first)
    assert look(NOW) == 0


def test_what_comes_a_day_late_raises_no_alarm_now(learnt):
    learnt.burst("T1", 30, until=NOW - timedelta(hours=8), heard=NOW)
    assert look(NOW) == 0


def test_the_future_of_a_wrong_clock_waits_for_its_time(learnt):
    learnt.burst("T1", 30, until=NOW + timedelta(days=2), heard=NOW)
    assert look(NOW) == 0


def test_what_rises_together_is_one_storm(learnt):
    learnt.burst("T1", 17)
    look(NOW)
    head = only_storm()
    assert {part.scope for part in head.parts.all()} <= {"all", "place", "theme-place", "subtheme"}


def test_two_matters_are_two_storms(learnt):
    learnt.burst("T1", 17)
    learnt.burst("T2", 19)
    look(NOW)
    heads = Storm.objects.filter(part_of=None, scope="theme")
    assert {storm.theme for storm in heads} == {learnt.themes["T1"], learnt.themes["T2"]}


def test_uncertain_messages_that_bunch_are_a_storm_of_the_pile(learnt):
    learnt.burst("T1", 17, status="uncertain")
    look(NOW)
    assert "pile" in set(Storm.objects.values_list("scope", flat=True))
    assert not Storm.objects.filter(scope="theme").exists()


def test_it_grows_with_its_messages_and_closes_when_it_is_calm_again(learnt):
    learnt.burst("T1", 17)
    look(NOW)
    later = NOW + timedelta(hours=1)
    learnt.burst("T1", 30, over=timedelta(hours=1), until=later)
    look(later)
    storm = only_storm()
    assert storm.counted >= 47
    assert "doubled" in {step.kind for step in storm.steps.all()} | {
        step.kind for step in StormStep.objects.filter(kind="risen")
    }
    for hours in range(2, 60):
        look(NOW + timedelta(hours=hours))
    assert not Storm.objects.filter(closed=None).exists()


def test_a_level_that_never_learns_from_the_storm(learnt):
    learnt.burst("T1", 60, over=timedelta(hours=20))
    look(NOW)
    before = learnt_level(learnt)
    learn_and_replay(NOW + timedelta(days=1))
    assert learnt_level(learnt) <= before * 1.1


def learnt_level(town):
    from kuulo.models import Baseline

    return Baseline.objects.get(stream=f"theme:{town.themes['T1'].pk}").level


def test_a_planned_event_raises_no_alarm(learnt):
    PlannedEvent.objects.create(
        name="Vaalit", since=NOW - timedelta(days=1), until=NOW + timedelta(days=1), theme=learnt.themes["T1"]
    )
    learnt.burst("T1", 17)
    look(NOW)
    assert not Storm.objects.filter(scope="theme").exists()


def test_what_people_said_is_nothing_has_to_double_before_it_is_told_again(learnt):
    learnt.burst("T1", 17)
    look(NOW)
    Storm.objects.update(mark=Storm.Mark.NOTHING, closed=NOW)
    learnt.say("T1", NOW + timedelta(minutes=5))
    later = NOW + timedelta(minutes=10)
    assert look(later) == 0
    learnt.burst("T1", 30, over=timedelta(minutes=30), until=later + timedelta(minutes=30))
    assert look(later + timedelta(minutes=30)) > 0


def test_nothing_is_normal_before_a_week_is_known(db):
    theme = Theme.objects.create(code="T1")
    source = Source.objects.create(name="Palaute")
    for number in range(40):
        row = Message.objects.create(
            source=source, identity=str(number), arrived=NOW, heard=NOW, status="grouped", text="-"
        )
        Placement.objects.create(message=row, theme=theme, arrived=NOW)
    assert not learn_and_replay(NOW)
    assert look(NOW) == 0


def test_a_new_theme_needs_few_messages(learnt):
    learnt.themes["T9"] = Theme.objects.create(code="T9")
    learnt.burst("T9", 8)
    look(NOW)
    assert Storm.objects.filter(theme=learnt.themes["T9"]).exists()


def test_a_storm_of_the_past_is_kept_in_hindsight_once(town):
    past = NOW - timedelta(days=10)
    town.burst("T1", 40, until=past, heard=NOW)
    assert learn_and_replay(NOW)
    assert learn_and_replay(NOW)
    storm = only_storm()
    assert (storm.theme, storm.seen) == (town.themes["T1"], None)
    assert storm.opened <= past
    assert storm.closed is not None
    watch = StormWatch.objects.get()
    assert watch.threshold is not None
    assert watch.replayed["rate"] <= watch.budget


def test_a_storm_of_yesterday_that_nobody_saw_goes_on_and_is_closed_when_it_is_calm(town):
    town.burst("T1", 40, until=NOW - timedelta(hours=16), heard=NOW)
    assert learn_and_replay(NOW)
    assert only_storm().closed is None
    look(NOW)
    look(NOW + timedelta(hours=7))
    assert only_storm().closed is not None


def test_a_watcher_that_goes_on_sees_what_a_new_one_sees(learnt):
    watcher = Watcher()
    for minute in range(0, 60, 5):
        now = NOW + timedelta(minutes=minute)
        learnt.burst("T1", 2, over=timedelta(minutes=4), until=now)
        learnt.burst("T2", 1, over=timedelta(minutes=9), until=now, heard=now, author=f"b{minute // 20}")
        watcher.look(now)
        told = list(Storm.objects.order_by("stream").values("stream", "level", "counted", "people", "evidence"))
        fresh = afresh(now)
        assert [one | {"evidence": pytest.approx(one["evidence"])} for one in told] == fresh
    assert len(told) > 1


def afresh(now):
    """Look without anything held from before, and leave the storms as they are."""
    with transaction.atomic():
        look(now)
        told = list(Storm.objects.order_by("stream").values("stream", "level", "counted", "people", "evidence"))
        transaction.set_rollback(True)
    return told


def test_what_was_taken_back_between_two_looks_does_not_count(learnt):
    watcher = Watcher()
    said = learnt.burst("T1", 3)
    assert watcher.look(NOW) == 0
    Message.objects.filter(pk__in=[one.pk for one in said]).update(status="gone")
    record("message-gone", message=said[0])
    learnt.burst("T1", 3, over=timedelta(minutes=1), until=NOW + timedelta(minutes=2))
    assert watcher.look(NOW + timedelta(minutes=2)) == 0
    learnt.burst("T1", 14, over=timedelta(minutes=1), until=NOW + timedelta(minutes=3))
    assert watcher.look(NOW + timedelta(minutes=3)) > 0
    assert only_storm().counted == 17


def test_only_what_is_new_is_read(learnt):
    learnt.burst("T1", 5)
    recent = Recent()
    assert f"theme:{learnt.themes['T1'].pk}" in recent.follow(NOW)
    assert recent.follow(NOW) == set()
    learnt.say("T2", NOW)
    record("placed", messages=1)
    assert recent.follow(NOW) == {f"theme:{learnt.themes['T2'].pk}", "all"}
    record("tags-merged", tag=1)
    assert f"theme:{learnt.themes['T1'].pk}" in recent.follow(NOW)
    assert recent.follow(NOW) == set()
    Event.objects.all().delete()
    Placement.objects.order_by("-pk").first().delete()
    assert f"theme:{learnt.themes['T1'].pk}" in recent.follow(NOW)


def test_messages_of_a_clock_that_is_ahead_wait_for_their_time_in_an_open_storm(learnt):
    learnt.burst("T1", 17)
    watcher = Watcher()
    watcher.look(NOW)
    told = only_storm().told_at
    learnt.burst("T1", 40, until=NOW + timedelta(hours=3), over=timedelta(minutes=30), heard=NOW)
    watcher.look(NOW + timedelta(minutes=1))
    assert (only_storm().told_at, only_storm().doublings) == (told, 0)
    watcher.look(NOW + timedelta(hours=3))
    assert only_storm().told_at > told


def test_what_was_new_in_a_look_that_failed_is_weighed_in_the_next(learnt):
    watcher = Watcher()
    watcher.look(NOW - timedelta(minutes=1))
    learnt.burst("T1", 17)
    with pytest.raises(DatabaseError), connection.execute_wrapper(refuse_storms):
        watcher.look(NOW)
    assert watcher.look(NOW) > 0


def refuse_storms(execute, sql, params, many, context):
    """Be a database that takes no new storm."""
    if sql.startswith('INSERT INTO "kuulo_storm"'):
        message = "database is locked"
        raise DatabaseError(message)
    return execute(sql, params, many, context)

"""A storm is told anew by the clock, each message once; nothing leaves a training copy, and no secret gets into it."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.desk.alerted import DAYTIME, on_duty, sent
from tests.desk.storm_rows import many, say, storm
from tests.desk.training import begun, train
from tests.hear.post_office import Sink
from tests.web.cast import PASSWORD, person

from kuulo.desk import people, sources
from kuulo.desk.backup import restore_backup
from kuulo.desk.not_now import NotNow
from kuulo.desk.practice import clock
from kuulo.desk.practice.clock import Clock, Span
from kuulo.desk.practice.copy import strip, take_storm
from kuulo.desk.practice.marker import Marker, mark
from kuulo.desk.practice.result import result_of
from kuulo.desk.practice.storm import BEFORE, tell_due, the_storm, told_at
from kuulo.desk.sources import Wiring
from kuulo.desk.storm import acts
from kuulo.desk.storm.alert import tell
from kuulo.desk.withdraw import remove
from kuulo.hear.trouble import Trouble
from kuulo.models import (
    Alert,
    ApiKey,
    Author,
    Connection,
    Delivery,
    Duty,
    Event,
    Intake,
    Message,
    Person,
    RawText,
    Role,
    Source,
    Storm,
)
from kuulo.work.chores import hands
from kuulo.work.claim import Claims

# a backup is written outside of any transaction, as the worker does
pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUTWARD = {"listen_to_source", "wait_at_sources", "send_reply"}


@pytest.fixture
def training(settings, tmp_path):
    settings.PRACTICE = True
    train(tmp_path)
    return tmp_path


def never() -> bool:
    return False


def names() -> set[str]:
    """The chores of a worker by name; of one that is done seldom, what it does."""
    chores = [chore for hand in hands(Claims("one")) for chore in hand]
    return {inspect.getclosurevars(chore).nonlocals.get("look", chore).__name__ for chore in chores}


def test_what_is_due_is_told_in_order_as_said_now_and_once(training):
    begun(minutes_ago=21)
    assert tell_due(never) == 3
    assert tell_due(never) == 0
    told = list(Message.objects.order_by("arrived", "pk"))
    assert [row.text[-1] for row in told] == ["0", "1", "2"]
    assert [row.source.name for row in told] == ["Lomake", "Kylän ryhmä", "Lomake"]
    assert all(timezone.now() - row.arrived < timedelta(minutes=5) for row in told)
    assert told[2].parent == told[0]
    assert Author.objects.count() == 3


def test_nothing_is_told_before_the_clock_goes_nor_while_it_stands_nor_after_the_end(training):
    leader = person(Role.SUPERVISOR)
    assert tell_due(never) == 0
    begun(minutes_ago=21)
    clock.pause(leader)
    assert tell_due(never) == 0
    clock.go(leader)
    assert tell_due(never) == 3
    clock.end(leader)
    begun(minutes_ago=60)
    assert tell_due(never) == 0
    assert clock.the_clock().ended


def test_a_clock_that_was_left_going_is_stopped_at_the_last_that_was_told(training):
    begun(minutes_ago=10)
    Message.objects.create(
        source=Source.objects.create(name="Lomake"),
        identity="1",
        origin_id="practice-1",
        arrived=timezone.now() - timedelta(minutes=9),
    )
    clock.settle()
    clock.settle()
    found = clock.the_clock()
    assert not found.goes
    assert round(found.minute(timezone.now())) == 1
    assert Event.objects.filter(kind=clock.PAUSED).count() == 1


def test_what_happened_before_the_practice_began_anew_counts_no_more(training):
    begun(minutes_ago=60 * 24 * 3)
    assert clock.the_clock() == Clock()


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 60)), max_size=6))
def test_a_clock_never_goes_back_and_goes_as_fast_as_it_was_told(parts):
    spans, at = [], NOON
    for rest, goes, speed in parts:
        spans.append(Span(at + timedelta(seconds=rest), at + timedelta(seconds=rest + goes), speed))
        at = spans[-1].until
    found = Clock(tuple(spans))
    minutes = [found.minute(NOON + timedelta(seconds=s)) for s in range(-60, 6000, 97)]
    assert minutes == sorted(minutes)
    assert minutes[0] == 0
    assert found.minute(at) == pytest.approx(sum(goes * speed for _, goes, speed in parts) / 60)


def test_it_can_begin_anew_with_the_desk_as_it_was(training):
    leader = person(Role.ADMINISTRATOR)
    begun(minutes_ago=60)
    tell_due(never)
    assert Message.objects.count() == 6
    restore_backup(training / BEFORE, uploads=training / "uploads", replace=True)
    assert Message.objects.count() == 0
    assert list(Person.objects.all()) == [leader]


def test_it_tells_how_early_the_storm_was_seen_taken_and_answered(training):
    begun(minutes_ago=60)
    tell_due(never)
    raised = storm(began=60, opened=30)
    anna = person(Role.OFFICIAL)
    acts.take(raised, anna)
    acts.mark_answered(raised, anna, at=timezone.now())
    found = result_of()
    assert (found.told, found.of, found.minutes) == (6, 6, 50)
    reached = {one.what: one for one in found.reached}
    assert reached["seen"].minute == 30
    assert reached["seen"].messages == 0  # all six were told a moment ago
    assert reached["taken"].minute == reached["answered"].minute == 60
    assert reached["taken"].messages == 6
    assert reached["mentor"].at is None
    assert [one.pk for one in found.storms] == [raised.pk]


def test_a_storm_of_before_does_not_count(training):
    storm(began=300, opened=200)
    begun(minutes_ago=60)
    assert all(one.at is None for one in result_of().reached)


def test_no_alert_leaves_a_training_copy(training, settings):
    sink = Sink()
    settings.MAIL_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{sink.port}", "kuulo@town.example"
    on_duty()
    assert tell(storm(), "opened", now=DAYTIME) == 1
    alert = sent(Alert.objects.get())
    assert (alert.state, alert.trouble) == (Alert.State.CANCELLED, {"code": "practice"})
    settings.PRACTICE = False
    Alert.objects.update(state=Alert.State.QUEUED)
    assert sent(Alert.objects.get()).state == Alert.State.SENT  # and it would have
    sink.close()
    assert len(sink.mails) == 1


def test_no_connection_is_tried_in_a_training_copy(training):
    with pytest.raises(Trouble) as refused:
        sources.try_out(person(Role.ADMINISTRATOR), None, Wiring("rss", {"address": "http://127.0.0.1:9/"}, {}, True))
    assert refused.value.code == "practice"


def test_its_worker_listens_to_nobody_and_replies_to_nobody(training, settings):
    here = names()
    settings.PRACTICE = False
    elsewhere = names()
    assert elsewhere >= OUTWARD
    assert elsewhere - here == OUTWARD
    assert here - elsewhere == {"tell_storm"}


def test_a_copy_of_a_desk_has_no_secret_and_no_way_out():
    admin, anna = person(Role.ADMINISTRATOR), person(Role.OFFICIAL)
    source = Source.objects.create(name="Palaute")
    Connection.objects.create(source=source, connector="rss", secrets=b"sealed", token="t")
    ApiKey.objects.create(source=source, name="Järjestelmä", key_hash="0")
    row = say("Aura ei tullut", 10, by=1)
    Author.objects.update(name=b"sealed", name_until=timezone.now())
    RawText.objects.create(message=row, sealed=b"sealed", until=timezone.now())
    for key, state in (("1", "queued"), ("2", "sent")):
        Delivery.objects.create(message=row, key=key, text="Huomenna.", state=state)
    Duty.objects.create(person=anna)
    Duty.objects.create(address="https://chat.example/hook", secret=b"sealed")
    tell(storm(), "opened", now=DAYTIME)
    Intake.objects.create(file_name="a.csv", file_hash="0", file_size=1, state="queued")
    strip()
    for emptied in (Connection, ApiKey, RawText, Alert):
        assert not emptied.objects.exists()
    assert [one.state for one in Delivery.objects.all()] == ["sent"]
    assert [one.person for one in Duty.objects.all()] == [anna]
    assert bytes(Author.objects.get().name) == b""
    assert Intake.objects.get().state == Intake.State.CANCELLED
    assert {one.name for one in Person.objects.all()} == {admin.name, anna.name}
    assert not any(one.check_password(PASSWORD) for one in Person.objects.all())
    assert people.first_administrator_link()


def test_a_recorded_storm_is_taken_out_and_told_anew(settings, tmp_path):
    said = many(12)
    reply = say("Meilläkin", 2, by=50, parent=said[0])
    say("Tiedotamme tunnin päästä", 1, actor="official")
    raised = storm(began=116, opened=60)
    settings.PRACTICE = True
    assert take_storm(raised.pk) == 13
    assert not Storm.objects.exists()
    assert not Message.objects.exclude(status="gone").exists()
    lines = the_storm()
    assert [line.minute for line in lines] == sorted(line.minute for line in lines)
    assert "Tiedotamme" not in str(lines)
    assert [line.post.parent for line in lines if line.post.text == reply.text] == ["practice-1"]
    mark(tmp_path, Marker(60, (timezone.now() - timedelta(days=1)).isoformat()))
    begun(minutes_ago=60)
    assert tell_due(never) == len(told_at()) == 13
    assert Author.objects.filter(messages__origin_id__startswith="practice-").distinct().count() == 13


def test_a_storm_that_is_not_there_cannot_be_told():
    for number in (None, 7):
        with pytest.raises(NotNow) as refused:
            take_storm(number)
        assert refused.value.code == "no-storm"


def test_a_message_that_was_erased_in_the_practice_stays_gone(training):
    begun(minutes_ago=60)
    tell_due(never)
    with transaction.atomic():
        remove([Message.objects.earliest("pk").pk], now=timezone.now())
    tell_due(never)
    assert Message.objects.count() == 6
    assert Message.objects.filter(status="gone").count() == 1

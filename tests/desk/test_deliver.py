"""A reply is sent once or not at all."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.hear.letterbox_counterpart import Letters, installed

from kuulo.desk.deliver import check_can_reply, deliver, plan, settle, settle_abandoned
from kuulo.desk.listen import listen
from kuulo.desk.not_now import NotNow
from kuulo.desk.withdraw import remove
from kuulo.models import Connection, Delivery, Event, Message, Source, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters() -> Iterator[Letters]:
    with installed():
        letters = Letters()
        yield letters
        letters.door.close()


@pytest.fixture
def asked(letters) -> Message:
    letters.say("Milloin tie aurataan?")
    connection = Connection.objects.create(
        source=Source.objects.create(name="Kirjeet"),
        connector="letterbox",
        settings=letters.settings(),
        own_network=True,
        state="running",
    )
    listen(connection, stop=lambda: False)
    return Message.objects.get()


def sent(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(state="running", claimed_by="worker", started_at=timezone.now())
    delivery.refresh_from_db()
    deliver(delivery)
    return delivery


def test_a_reply_reaches_the_source_once(letters, asked):
    delivery = sent(plan(asked, "Huomenna aamulla.", person=None))
    assert (delivery.state, delivery.sent_id, letters.replies()) == ("sent", "vastaus-0", ["Huomenna aamulla."])
    deliver(delivery)
    assert len(Delivery.objects.all()) == 1
    assert [event.kind for event in Event.objects.order_by("pk")][-2:] == ["reply-planned", "reply-sent"]


def test_what_surely_was_not_sent_is_sent_again_later(letters, asked):
    delivery = plan(asked, "Huomenna aamulla.", person=None)
    letters.fail("too-many")
    assert sent(delivery).state == "queued"
    assert delivery.due > timezone.now() + timedelta(seconds=6)
    assert sent(delivery).state == "sent"
    assert len(letters.replies()) == 1


def test_an_error_after_which_the_reply_is_found_is_no_error(letters, asked):
    letters.loses_answer = True
    assert sent(plan(asked, "Huomenna aamulla.", person=None)).state == "sent"
    assert len(letters.replies()) == 1


def test_nobody_knows_and_it_is_not_sent_again_by_itself(letters, asked):
    delivery = plan(asked, "Huomenna aamulla.", person=None)
    letters.fail("breaks-off", "error")
    assert sent(delivery).state == "unknown"
    with pytest.raises(NotNow, match="reply-on-its-way"):
        check_can_reply(asked)
    settle(delivery, "again", person=None)
    assert sent(delivery).state == "sent"
    with pytest.raises(NotNow, match="not-unknown"):
        settle(delivery, "arrived", person=None)


@pytest.mark.parametrize("state", ["refused", "bounced"])
def test_what_did_not_arrive_is_sent_again_only_when_a_person_says_so(letters, asked, state):
    delivery = plan(asked, "Huomenna aamulla.", person=None)
    Delivery.objects.update(state=state, made_at=timezone.now() - timedelta(days=9))
    with pytest.raises(NotNow, match="not-unknown"):
        settle(delivery, "arrived", person=None)
    settle(delivery, "again", person=None)
    letters.fail("too-many")
    assert sent(delivery).state == "queued"
    assert sent(delivery).state == "sent"
    assert letters.replies() == ["Huomenna aamulla."]


def test_what_a_person_lets_be_is_never_sent(letters, asked):
    delivery = plan(asked, "Huomenna aamulla.", person=None)
    Delivery.objects.update(state="unknown")
    settle(delivery, "left", person=None)
    for outcome in ("arrived", "again", "left"):
        with pytest.raises(NotNow, match="not-unknown"):
            settle(delivery, outcome, person=None)
    check_can_reply(asked)
    assert Event.objects.filter(kind="reply-left", message_id=asked.pk).count() == 1


def test_nothing_is_sent_again_beside_another_reply(letters, asked):
    first = plan(asked, "Huomenna aamulla.", person=None)
    Delivery.objects.update(state="refused")
    plan(asked, "Ylihuomenna.", person=None)
    with pytest.raises(NotNow, match="reply-on-its-way"):
        settle(first, "again", person=None)


def test_a_reply_to_what_was_taken_back_is_cancelled(letters, asked):
    delivery = plan(asked, "Huomenna aamulla.", person=None)
    remove([asked.pk], now=timezone.now())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.text) == ("left", "")
    assert Event.objects.filter(kind="reply-cancelled", message_id=asked.pk).count() == 1


def test_a_reply_in_hand_when_its_message_is_taken_back_is_not_begun(letters, asked):
    delivery = plan(asked, "Huomenna aamulla.", person=None)
    Delivery.objects.update(state="running", claimed_by="worker")
    remove([asked.pk], now=timezone.now())
    assert (sent(delivery).state, delivery.trouble["code"]) == ("refused", "gone")
    with pytest.raises(NotNow, match="gone"):
        settle(delivery, "again", person=None)
    assert letters.replies() == []


def test_what_a_dead_worker_left_is_looked_for(letters, asked):
    delivery = plan(asked, "Huomenna aamulla.", person=None)
    Delivery.objects.update(state="running", claimed_by="gone")
    assert settle_abandoned() == 1
    delivery.refresh_from_db()
    assert (delivery.state, letters.replies()) == ("unknown", [])


def test_what_a_living_worker_has_in_hand_is_left_to_it(asked):
    plan(asked, "Huomenna aamulla.", person=None)
    Worker.objects.create(name="alive", beat=timezone.now())
    Delivery.objects.update(state="running", claimed_by="alive")
    assert settle_abandoned() == 0


def test_a_refused_reply_is_told_and_not_tried_again(letters, asked):
    delivery = plan(asked, "Huomenna aamulla.", person=None)
    letters.fail("redirect")
    assert sent(delivery).state == "queued"
    Connection.objects.all().delete()
    assert sent(delivery).state == "refused"
    assert letters.replies() == []


def test_a_message_of_a_file_has_no_way_to_reply():
    message = Message.objects.create(
        source=Source.objects.create(name="Tiedosto"), identity="1", arrived=timezone.now(), text="Hei"
    )
    with pytest.raises(NotNow, match="no-way-to-reply"):
        plan(message, "Hei!", person=None)

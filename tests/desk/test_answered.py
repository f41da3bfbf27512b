"""What comes back of a reply is known for what it is: an answer to it, or that it did not arrive."""

import pytest
from django.utils import timezone

from kuulo.desk.receive import receive
from kuulo.hear.connector import Bounced, Post
from kuulo.models import Delivery, Event, Message, Source

pytestmark = pytest.mark.django_db
OURS = "1.kuulo@kunta.example"


@pytest.fixture
def source() -> Source:
    source = Source.objects.create(name="Palaute")
    receive(source, [post("a", "Milloin tie aurataan?", thread="a")])
    return source


def post(one: str, text: str, **more: object) -> Post:
    return Post(id=one, text=text, author="asukas", **more)


def replied(state: str = "sent", name: str = OURS) -> Delivery:
    return Delivery.objects.create(message=Message.objects.get(origin_id="a"), key="k", state=state, sent_id=name)


def now(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


@pytest.mark.parametrize("state", ["sent", "unknown"])
def test_a_reply_that_came_back_is_marked_and_is_nobodys_message(source, state):
    delivery = replied(state)
    told = receive(source, [Bounced(id=OURS, status="5.1.1"), Bounced(id=OURS, status="5.1.1")])
    assert (now(delivery).state, delivery.trouble["code"], delivery.trouble["facts"]) == (
        "bounced",
        "bounced",
        {"detail": "5.1.1"},
    )
    assert (told.passed, told.added, told.unread) == ({"bounce": 2}, 0, 0)
    assert Message.objects.count() == 1
    assert Event.objects.filter(kind="reply-bounced").count() == 1


@pytest.mark.parametrize("state", ["queued", "running", "left"])
def test_what_was_not_sent_cannot_come_back(source, state):
    delivery = replied(state)
    receive(source, [Bounced(id=OURS)])
    assert now(delivery).state == state


def test_nobody_marks_a_reply_of_another_source(source):
    delivery = replied()
    receive(Source.objects.create(name="Toinen"), [Bounced(id=OURS)])
    assert now(delivery).state == "sent"


def test_an_answer_to_our_reply_stands_with_the_message_that_was_answered(source):
    replied()
    receive(source, [post("b", "Kiitos!", parent=OURS, thread=OURS), post("c", "Toinen asia", thread="c")])
    answer, other = Message.objects.get(origin_id="b"), Message.objects.get(origin_id="c")
    assert (answer.parent.origin_id, answer.thread) == ("a", "a")
    assert (other.parent, other.thread) == (None, "c")


def test_who_answers_has_got_the_reply(source):
    delivery = replied("unknown")
    receive(source, [post("b", "Kiitos!", parent=OURS)])
    assert now(delivery).state == "sent"
    assert Event.objects.filter(kind="reply-sent").count() == 1


def test_an_answer_brings_nothing_back_that_was_forgotten(source):
    replied()
    Message.objects.update(gone=timezone.now(), thread="", text="")
    receive(source, [post("b", "Kiitos!", parent=OURS, thread="b")])
    answer = Message.objects.get(origin_id="b")
    assert (answer.thread, answer.parent.text) == ("b", "")

"""A reply by mail, and what becomes of it: on real servers for reading and for sending."""

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from django.utils import timezone
from tests.hear.post_office import PASSWORD, USER, Pymap, Sink

from kuulo.desk.deliver import deliver, plan
from kuulo.desk.listen import keep_secrets, listen
from kuulo.models import Connection, Delivery, Message, Source

pytestmark = pytest.mark.django_db
BOUNCE = (Path(__file__).parents[1] / "recorded" / "mail" / "11_bounce_dsn.eml").read_text("utf-8")
ASKED = b"From: asukas@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: Aura\r\n\r\nMilloin tie aurataan?\r\n"


class Post:
    """A mailbox of the municipality, heard when asked to."""

    def __init__(self, pymap: Pymap, sink: Sink) -> None:
        self.pymap, self.sink, self.folder = pymap, sink, pymap.folder()
        settings = {"address": "palaute@kunta.example", "server": "127.0.0.1", "port": str(pymap.port)}
        settings |= {"security": "none", "user": USER, "folder": self.folder, "smtp_user": USER}
        settings |= {"smtp_server": "127.0.0.1", "smtp_port": str(sink.port), "smtp_security": "none"}
        self.row = Connection(source=Source.objects.create(name="Palaute"), connector="mail", settings=settings)
        keep_secrets(self.row, {"password": PASSWORD, "smtp_password": PASSWORD})
        self.row.own_network, self.row.state = True, "running"
        self.row.save()

    def comes(self, raw: bytes) -> None:
        self.pymap.append(self.folder, raw)
        listen(self.row, stop=lambda: False)


@pytest.fixture
def post() -> Iterator[Post]:
    pymap, sink = Pymap(), Sink()
    yield Post(pymap, sink)
    sink.close()
    pymap.close()


@pytest.fixture
def reply(post) -> Delivery:
    post.comes(ASKED)
    reply = plan(Message.objects.get(), "Huomenna aamulla.", person=None)
    Delivery.objects.update(state="running", claimed_by="worker", started_at=timezone.now())
    reply.refresh_from_db()
    deliver(reply)
    assert reply.state == "sent"
    return reply


def test_a_reply_that_comes_back_is_told_as_such(post, reply):
    post.comes(BOUNCE.replace("k124.2@kunta.example", reply.sent_id).encode())
    reply.refresh_from_db()
    assert (reply.state, reply.trouble["facts"]) == ("bounced", {"detail": "5.1.1"})
    assert Message.objects.count() == 1


def test_an_answer_to_it_stands_beside_what_was_asked(post, reply):
    sent = message_from_bytes(post.sink.mails[0])
    head = f"From: asukas@example.org\r\nMessage-ID: <2@example.org>\r\nIn-Reply-To: {sent['Message-ID']}\r\n"
    post.comes(f"{head}Subject: Re: Aura\r\n\r\nKiitos!\r\n".encode())
    asked, answer = Message.objects.order_by("pk")
    assert (answer.text, answer.parent_id, answer.thread) == ("Kiitos!", asked.pk, asked.thread)


def test_a_reply_of_which_nobody_knows_whether_it_went_is_known_when_it_comes_back(post):
    post.comes(ASKED)
    reply = plan(Message.objects.get(), "Huomenna aamulla.", person=None)
    Delivery.objects.update(state="running", claimed_by="worker", started_at=timezone.now())
    post.sink.answers.append(("lost", "250 OK"))
    reply.refresh_from_db()
    deliver(reply)
    assert reply.state == "unknown"
    post.comes(BOUNCE.replace("k124.2@kunta.example", reply.sent_id).encode())
    reply.refresh_from_db()
    assert reply.state == "bounced"

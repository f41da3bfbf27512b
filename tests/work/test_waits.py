"""Waits: a source that tells of news is heard at once, and one that does not as ever."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.hear.post_office import PASSWORD, USER, Line, Pymap

from kuulo.desk.listen import keep_secrets, listen
from kuulo.models import Connection, Message, Source
from kuulo.work.chores import Chores
from kuulo.work.claim import Claims
from kuulo.work.loop import Loop
from kuulo.work.waits import BETWEEN_HINTS, Waits, hint

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = b"From: asukas@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: Aura\r\n\r\nTie on auraamatta\r\n"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def pymap() -> Iterator[Pymap]:
    pymap = Pymap()
    yield pymap
    pymap.close()


@pytest.fixture
def line(pymap: Pymap) -> Iterator[Line]:
    line = Line(pymap.port)
    yield line
    line.close()


@pytest.fixture
def folder(pymap: Pymap) -> str:
    return pymap.folder()


@pytest.fixture
def row(line: Line, folder: str) -> Connection:
    """A mailbox that was heard a while ago and is not due for an hour."""
    settings = {"address": "palaute@kunta.example", "server": "127.0.0.1", "port": str(line.port)}
    settings |= {"security": "none", "user": USER, "folder": folder}
    row = Connection(source=Source.objects.create(name="Palaute"), connector="mail", settings=settings)
    keep_secrets(row, {"password": PASSWORD})
    row.state, row.own_network = "queued", True
    row.last_tried = row.last_heard = timezone.now() - HOUR
    row.due = timezone.now() + HOUR
    row.save()
    return row


@pytest.fixture
def waits() -> Iterator[Waits]:
    claims = Claims("w")
    claims.beat()
    waits = Waits("w")
    yield waits
    waits.end()


def until(happens: Callable[[], bool]) -> bool:
    """Give whether it happens before long."""
    end = time.monotonic() + 30
    while not happens() and time.monotonic() < end:
        time.sleep(0.02)
    return happens()


def is_due(row: Connection, waits: Waits) -> bool:
    waits.tend()
    row.refresh_from_db()
    return row.due <= timezone.now()


def test_a_mail_is_heard_long_before_its_mailbox_is_due(row, pymap, folder):
    claims, end = Claims("w"), time.monotonic() + 60
    listened: list[int] = []

    def listen_when_due(_stop) -> bool:
        taken = claims.take(Connection.objects.filter(due__lte=timezone.now()))
        if taken:
            with claims.holding(taken):
                listen(taken, stop=lambda: False)
            if not listened:  # it waits, and was therefore listened to once
                pymap.append(folder, MAIL)
            listened.append(taken.pk)
        if Message.objects.exists() or time.monotonic() > end:
            loop.stop()
        return False

    loop = Loop(claims, [[Chores(claims).wait_at_sources], [listen_when_due]])
    loop.run()
    assert Message.objects.get().text == "Tie on auraamatta"
    assert len(listened) == 2


def test_a_wait_makes_its_mailbox_due_when_it_begins_and_whenever_a_mail_comes(row, waits, pymap, folder):
    assert until(lambda: is_due(row, waits))
    for _ in range(2):
        Connection.objects.update(due=timezone.now() + HOUR)
        pymap.append(folder, MAIL)
        assert until(lambda: is_due(row, waits))


@pytest.mark.parametrize(
    "change",
    [
        {"state": "off"},
        {"settings": {}},
        {"trouble": {"code": "not-let-in", "kind": "auth", "facts": {}}},
    ],
    ids=["switched-off", "changed", "in-trouble"],
)
def test_a_wait_ends_when_its_source_is(row, waits, line, change):
    assert until(lambda: is_due(row, waits))
    assert len(line.open) == 1
    Connection.objects.update(**change)
    waits.tend()
    assert until(lambda: not line.open)


def test_what_was_never_heard_is_not_waited_at(row, waits, line):
    Connection.objects.update(last_heard=None)
    waits.tend()
    waits.end()
    assert line.said == b""


def test_of_several_workers_the_first_waits(row, waits, line):
    Claims("a").beat()
    waits.tend()
    waits.end()
    assert line.said == b""


def test_a_worker_that_stops_ends_its_waits(row, waits, line):
    assert until(lambda: is_due(row, waits))
    waits.end()
    assert until(lambda: not line.open)


def test_however_much_comes_a_source_is_given_time(row):
    row.last_tried = timezone.now()
    hint(row)
    row.refresh_from_db()
    assert timezone.now() < row.due <= timezone.now() + BETWEEN_HINTS


def test_what_comes_while_a_source_is_heard_makes_it_due_once_more(row):
    long_ago = timezone.now() - HOUR
    Connection.objects.update(state="running", due=long_ago)
    hint(row)
    row.refresh_from_db()
    assert row.due > long_ago


def test_what_waits_for_its_turn_keeps_it(row):
    long_ago = timezone.now() - HOUR
    Connection.objects.update(due=long_ago)
    hint(row)
    row.refresh_from_db()
    assert row.due == long_ago

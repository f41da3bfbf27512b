"""What a source calls with comes in at an address of its own, signed, once."""

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from tests.hear.installing import installed
from tests.web.calling_connector import Calling, signature

from kuulo.desk.hooks import give_address
from kuulo.desk.listen import keep_secrets
from kuulo.models import Connection, Message, Source, UnreadItem

pytestmark = pytest.mark.django_db
SECRET = "kolme vihreää"


@pytest.fixture(autouse=True)
def package_of_others() -> Iterator[None]:
    """A package that is installed beside Kuulo and brings a connector by entry point."""
    cache.clear()
    with installed(Calling):
        yield


@pytest.fixture
def connection() -> Connection:
    source = Source.objects.create(name="Kaupungin sivu", channel="chat")
    made = Connection(source=source, connector="calling", state="queued")
    keep_secrets(made, {"secret": SECRET})
    give_address(made)
    made.save()
    return made


def address(connection):
    return f"/hooks/{connection.token}/"


def call(connection, told, *, sign=SECRET, body=None):
    body = json.dumps(told).encode() if body is None else body
    headers = {"X-Signature": signature(sign, body)}
    client = Client(enforce_csrf_checks=True)
    answer = client.post(address(connection), body, content_type="application/json", headers=headers)
    connection.refresh_from_db()
    return answer


def test_the_address_is_long_made_once_and_only_for_who_calls(connection):
    before = connection.token
    give_address(connection)
    listened = Connection(connector="rss")
    give_address(listened)
    assert (len(before), connection.token, listened.token) == (43, before, None)


def test_the_source_is_greeted_with_its_challenge_alone(connection):
    answer = Client().get(address(connection), {"secret": SECRET, "challenge": "<b>1158201444</b>"})
    assert (answer.status_code, answer.text) == (200, "<b>1158201444</b>")
    assert answer["Content-Type"].startswith("text/plain")
    assert Client().get(address(connection), {"secret": "arvaus", "challenge": "1"}).status_code == 403


def test_what_a_call_brings_is_stored_once_and_counted(connection):
    posts = {"posts": [{"id": "1", "text": "Tie on liukas"}, {"id": "2", "text": "Valo ei pala"}], "own": 1}
    assert call(connection, posts).status_code == 200
    assert call(connection, posts).status_code == 200
    assert set(Message.objects.values_list("text", "channel")) == {
        ("Tie on liukas", "chat"),
        ("Valo ei pala", "chat"),
    }
    assert (connection.heard_count, connection.known_count, connection.passed) == (2, 2, {"own": 2})
    assert connection.last_heard is not None


def test_what_is_taken_back_goes(connection):
    call(connection, {"posts": [{"id": "1", "text": "Tie on liukas"}]})
    call(connection, {"posts": [{"id": "1"}]})
    assert (Message.objects.get().status, connection.gone_count) == ("gone", 1)


def test_a_forged_call_is_refused_and_counted(connection):
    answer = call(connection, {"posts": [{"id": "1", "text": "Tie on liukas"}]}, sign="arvaus")
    assert (answer.status_code, answer.text) == (403, "")
    assert (Message.objects.count(), connection.passed, connection.last_heard) == (0, {"forged": 1}, None)


@pytest.mark.parametrize(
    ("body", "code"),
    [(b'{"posts": [', "not-json"), (b'["odd"]', "connector-failed"), (b'{"posts": [{}]}', "connector-failed")],
)
def test_a_call_that_cannot_be_read_is_kept_sealed(connection, body, code):
    assert call(connection, None, body=body).status_code == 200
    item = UnreadItem.objects.get()
    assert (item.code, connection.unread_count, body in bytes(item.raw)) == (code, 1, False)


def test_a_source_that_is_switched_off_or_unknown_has_no_address(connection):
    Connection.objects.update(state="off")
    assert call(connection, {"posts": []}).status_code == 404
    assert Client().post("/hooks/arvaus/").status_code == 404


def test_a_large_call_is_not_read(connection):
    assert call(connection, None, body=b" " * (2**20 + 1)).status_code == 413


def test_who_guesses_addresses_is_slowed_down_and_nobody_else(connection):
    answers = [Client().get(f"/hooks/{at}/", REMOTE_ADDR="192.0.2.7").status_code for at in range(31)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert Client().get("/hooks/1/", REMOTE_ADDR="192.0.2.8").status_code == 404
    assert call(connection, {"posts": []}).status_code == 200


def test_behind_a_proxy_it_is_the_visitor_who_is_slowed_down(settings):
    settings.ADDRESS = "https://kuulo.example.fi"
    for at in range(31):
        Client().get(f"/hooks/{at}/", headers={"X-Forwarded-For": f"198.51.100.{at}, 192.0.2.9"})
    last = Client().get("/hooks/1/", headers={"X-Forwarded-For": "192.0.2.9"})
    other = Client().get("/hooks/1/", headers={"X-Forwarded-For": "192.0.2.10"})
    assert (last.status_code, last["Retry-After"], other.status_code) == (429, "60", 404)

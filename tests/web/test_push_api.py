"""Programs bring messages with a key: stored once, each on its own, and refused where that is better."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator
from tests.web.cast import at_desk, person

from kuulo.desk import push
from kuulo.hear.push import BODY_CODES, FIELDS, ITEM_CODES
from kuulo.models import ApiKey, Event, Message, PushAnswer, Role, Source
from kuulo.web import api

pytestmark = pytest.mark.django_db
POSTS = [{"id": "1", "text": "Tie on liukas"}, {"id": "2", "text": "Valo ei pala", "channel": "puhelin"}]


@pytest.fixture(autouse=True)
def nobody_knocked_before():
    cache.clear()


@pytest.fixture
def key() -> str:
    source = Source.objects.create(name="Palautejärjestelmä", channel="form")
    return push.make_key(person(Role.ADMINISTRATOR), source, name="Ohjelma")


def send(key, told, *, headers=None, **more):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    given = {"Authorization": f"Bearer {key}"} | (headers or {})
    more = {"content_type": "application/json"} | more
    return Client(enforce_csrf_checks=True).post("/api/messages", body, headers=given, **more)


def counts(answer):
    return {name: n for name, n in answer.json().items() if isinstance(n, int) and n}


def test_messages_are_stored_once_and_edits_and_deletions_followed(key):
    assert counts(send(key, POSTS)) == {"added": 2}
    assert counts(send(key, POSTS)) == {"known": 2}
    later = [{"id": "1", "text": "Tie on jo hiekoitettu"}, {"id": "2", "deleted": True}]
    assert counts(send(key, later)) == {"changed": 1, "deleted": 1}
    stored = Message.objects.order_by("pk").values_list("text", "channel", "status")
    assert list(stored) == [("Tie on jo hiekoitettu", "form", "new"), ("", "puhelin", "gone")]


def test_one_bad_message_refuses_no_other(key):
    answer = send(key, [POSTS[0], {"id": "9"}, POSTS[1]])
    assert counts(answer) == {"added": 2, "refused": 1}
    error = {"index": 1, "code": "missing", "field": "text", "message": "The field is missing."}
    assert answer.json()["errors"] == [error]


@pytest.mark.parametrize("odd", ["\0", "\ud800", "\u0130" * 100, "\u202e", "a" * 100])
def test_signs_that_no_database_keeps_do_no_harm(key, odd):
    told = dict.fromkeys(("id", "text", "title", "author", "language", "thread", "parent"), odd)
    told |= {
        "language": odd[:35],
        "channel": odd[:60],
        "tags": [odd],
        "background": {odd: odd},
        "url": f"https://{odd}",
    }
    assert counts(send(key, [told])) == {"added": 1}
    assert counts(send(key, [told])) == {"known": 1}


def test_the_grouping_lag_is_told(key, monkeypatch):
    send(key, POSTS)
    Message.objects.update(heard=timezone.now() - timedelta(minutes=5))
    monkeypatch.setattr(push, "_lag", push._Lag())
    lag = send(key, []).json()["waiting"]
    assert lag["messages"] == 2
    assert 300 <= lag["oldest_seconds"] < 400
    assert "kuulo_oldest_message_waiting_seconds 3" in Client().get("/metrics").text


def test_while_too_many_wait_nothing_is_taken(key, monkeypatch):
    send(key, POSTS)
    monkeypatch.setattr(push, "MOST_WAITING", 1)
    monkeypatch.setattr(push, "_lag", push._Lag())
    answer = send(key, [{"id": "3", "text": "Kolmas"}], headers={"Idempotency-Key": "a"})
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (429, "60", "drowning")
    assert (Message.objects.count(), PushAnswer.objects.count()) == (2, 0)


AGAIN = {"Idempotency-Key": "batch-1"}


class TestIdempotency:
    def test_the_same_key_and_body_are_answered_the_same(self, key):
        first = send(key, POSTS, headers=AGAIN)
        second = send(key, POSTS, headers=AGAIN)
        assert first.json() == second.json()
        assert (first.get("Idempotent-Replayed"), second.get("Idempotent-Replayed")) == (None, "true")
        assert Message.objects.count() == 2

    def test_with_another_body_it_is_a_conflict(self, key):
        send(key, POSTS, headers=AGAIN)
        answer = send(key, POSTS[:1], headers=AGAIN)
        assert (answer.status_code, answer.json()["code"]) == (409, "other-body")

    def test_a_day_later_it_is_forgotten(self, key):
        send(key, POSTS, headers=AGAIN)
        PushAnswer.objects.update(came=timezone.now() - timedelta(hours=25))
        assert counts(send(key, POSTS[:1], headers=AGAIN)) == {"known": 1}
        assert PushAnswer.objects.count() == 1

    def test_another_program_may_use_the_same(self, key):
        send(key, POSTS, headers=AGAIN)
        other = push.make_key(person(Role.ADMINISTRATOR), Source.objects.get(), name="Toinen")
        assert counts(send(other, POSTS[:1], headers=AGAIN)) == {"known": 1}


@pytest.mark.parametrize(
    ("status", "code", "sent"),
    [
        (400, "not-json", {"told": b"[{"}),
        (400, "not-an-array", {"told": {}}),
        (400, "too-many-messages", {"told": [{}] * 501}),
        (400, "too-deep", {"told": b"[" * 200_000}),
        (400, "long-key", {"told": [], "headers": {"Idempotency-Key": "a" * 256}}),
        (413, "too-large", {"told": b" " * (5 * 2**20 + 1)}),
        (415, "other-type", {"told": [], "content_type": "text/csv"}),
        (415, "other-type", {"told": [], "headers": {"Content-Encoding": "gzip"}}),
    ],
)
def test_what_cannot_be_taken_is_refused_in_plain_words(key, status, code, sent):
    answer = send(key, **sent)
    assert (answer.status_code, answer.json()) == (status, {"code": code, "message": api.REFUSALS[code][1]})


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer ä\udcff"])
def test_without_a_key_nothing_is_taken(shown):
    answer = Client().post("/api/messages", b"[]", content_type="application/json", headers={"Authorization": shown})
    assert (answer.status_code, answer.json()["code"], answer["WWW-Authenticate"]) == (401, "no-key", "Bearer")


def test_who_guesses_keys_is_slowed_down(key):
    assert [send("arvaus", []).status_code for _ in range(31)][-2:] == [401, 429]
    assert send(key, []).status_code == 200


class TestKeys:
    def test_a_key_is_made_shown_once_used_and_revoked(self):
        source = Source.objects.create(name="Palautejärjestelmä")
        admin = at_desk(Role.ADMINISTRATOR)
        shown = admin.post("/keys/", {"name": "Ohjelma", "source": source.pk})
        (key,) = ApiKey.objects.all()
        told = shown.text.split('<code class="link">')[1].split("<")[0]
        assert send(told, POSTS).status_code == 200
        page = admin.get("/keys/").text
        assert (told in page, key.begins in page, told in key.key_hash) == (False, True, False)
        admin.post(f"/keys/{key.pk}/revoke/")
        admin.post(f"/keys/{key.pk}/revoke/")
        assert send(told, POSTS).status_code == 401
        assert [*Event.objects.filter(kind__startswith="key").values_list("kind", flat=True)] == [
            "key-made",
            "key-revoked",
        ]

    def test_the_data_tells_what_the_page_shows(self, key):
        (row,) = json.loads(at_desk(Role.ADMINISTRATOR).get("/keys/?format=json").getvalue())
        assert (row["program"], row["source"], row["used"]) == ("Ohjelma", "Palautejärjestelmä", "")

    def test_no_more_is_asked_of_the_database_for_more_keys(self, key, django_assert_num_queries):
        admin = at_desk(Role.ADMINISTRATOR)
        admin.get("/keys/")
        with django_assert_num_queries(8) as asked:
            admin.get("/keys/")
        for name in ("Toinen", "Kolmas"):
            source = Source.objects.create(name=name)
            push.make_key(person(Role.ADMINISTRATOR), source, name=name)
        with django_assert_num_queries(len(asked)):
            admin.get("/keys/")


class TestDescription:
    def test_it_tells_every_field_and_code_that_there_is(self):
        assert [*api.TOLD] == [field.name for field in FIELDS]
        assert [*api.ERRORS] == [*ITEM_CODES]
        assert {*BODY_CODES} <= api.REFUSALS.keys()

    def test_the_reference_tells_them_too(self):
        told = (Path(__file__).parents[2] / "docs/reference/api.md").read_text("utf-8")
        fields = told.split("## A message\n", 1)[1].split("\n## ", 1)[0]
        assert re.findall(r"^\| `(\w+)` \|", fields, re.MULTILINE) == [field.name for field in FIELDS]
        for code in (*ITEM_CODES, *api.REFUSALS):
            assert f"`{code}`" in told, code

    def test_it_is_whole(self):
        document = Client().get("/api/openapi.json").json()
        assert document["openapi"] == "3.1.0"
        assert document["servers"] == [{"url": "http://testserver"}]
        for ref in refs(document):
            assert resolved(document, ref)
        (operation,) = document["paths"]["/api/messages"].values()
        assert {*operation["responses"]} == {"200", "400", "401", "409", "411", "413", "415", "429"}
        assert all(answer["description"] for answer in operation["responses"].values())
        for schema in document["components"]["schemas"].values():
            Draft202012Validator.check_schema(schema)

    def test_answers_are_as_it_says(self, key):
        schemas = api.document("")["components"]["schemas"]
        answer, refused = send(key, [*POSTS, 1]), send("x", [])
        Draft202012Validator(schemas["Answer"] | {"additionalProperties": False}).validate(answer.json())
        Draft202012Validator(schemas["Refusal"] | {"additionalProperties": False}).validate(refused.json())


def refs(part):
    """Every reference in a part of the document."""
    if isinstance(part, dict):
        yield from [part["$ref"]] if "$ref" in part else []
        part = list(part.values())
    for inner in part if isinstance(part, list) else []:
        yield from refs(inner)


def resolved(document, ref):
    found = document
    for name in ref.removeprefix("#/").split("/"):
        found = found[name]
    return found

"""Statements are heard, as far as the service's own page describes its interface."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hear.door import Asked, Door, Told

from kuulo.hear.connectors.lausuntopalvelu import Lausuntopalvelu
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened, trouble_of
from kuulo.hear.odata import moment, read_rows
from kuulo.hear.trouble import Trouble

PROPOSAL = "11111111-2222-3333-4444-555555555555"
NAMES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" '
    'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
)


class Service(Counterpart):
    """Requests with the answers to them, a few a page; of our own making, for none of its answers was seen."""

    connector = Lausuntopalvelu
    skills = frozenset({"edit", "delete"})
    written = "atom"

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.closed = datetime.now(UTC) + timedelta(days=3)
        self.organisation = "Kylän kunta"
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {"address": self.door.url + "/api/v1/Lausuntopalvelu.svc/", "organisation": self.organisation}

    def say(self, text: str, *, parent: str = "") -> str:
        writer = f"p{len(self.answers)}"
        self.answers[writer] = {
            "Id": f"a{writer}", "ParticipantId": writer, "QuestionId": "q1", "AnswerText": f"<p>{text}</p>",
            "AnsweredOn": "2026-11-01T10:00:00", "Name": "Aino Esimerkki",
        }  # fmt: skip
        return f"{PROPOSAL}/{writer}"

    def edit(self, origin: str, text: str) -> None:
        self.answers[origin.rpartition("/")[2]]["AnswerText"] = text

    def delete(self, origin: str) -> None:
        del self.answers[origin.rpartition("/")[2]]

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        path = unquote(asked.path.removeprefix("/api/v1/Lausuntopalvelu.svc/"))
        if path == "Proposals":
            return self.page(self.proposals(asked.query["$filter"]), asked, path)
        if path == f"Proposals(guid'{PROPOSAL}')/Questions":
            question = {"Id": "q1", "Header": "Mitä mieltä olette?", "Order": "2"}
            return self.page([question, {**question, "Id": "q0", "Header": "Aluksi", "Order": "1"}], asked, path)
        if path == f"Proposals(guid'{PROPOSAL}')/Answers":
            return self.page(list(self.answers.values()), asked, path)
        return Told(status=404)

    def proposals(self, wanted: str) -> list[dict[str, Any]]:
        if wanted != "OrganizationName eq 'Kylän kunta'":
            return []
        closed = self.closed.strftime("%Y-%m-%dT%H:%M:%S")
        return [{"Id": PROPOSAL, "Name": "Puistojen hoito", "OrganizationName": "Kylän kunta", "ClosingDate": closed}]

    def page(self, rows: list[dict[str, Any]], asked: Asked, path: str) -> Told:
        start = int(asked.query.get("$skip", 0))
        following = f"{path}?$skip={start + 3}" if start + 3 < len(rows) else ""
        body = self.atom if self.written == "atom" else self.json
        return Told(body=body(rows[start : start + 3], following).encode())

    def atom(self, rows: list[dict[str, Any]], following: str) -> str:
        def told(row: dict[str, Any]) -> str:
            return "".join(f"<d:{name}>{escape(value)}</d:{name}>" for name, value in row.items())

        entries = "".join(
            f'<entry><content type="application/xml"><m:properties>{told(row)}</m:properties></content></entry>'
            for row in rows
        )
        link = f'<link rel="next" href="{escape(following)}"/>' if following else ""
        return f'<?xml version="1.0" encoding="utf-8"?><feed {NAMES}><title>Answers</title>{entries}{link}</feed>'

    def json(self, rows: list[dict[str, Any]], following: str) -> str:
        return json.dumps({"d": {"results": rows} | ({"__next": following} if following else {})})


@pytest.fixture(params=["atom", "json"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    service = Service()
    service.written = request.param
    yield service
    service.door.close()


@pytest.mark.parametrize("check", checks(Service), ids=lambda check: check.__name__)
def test_contract(check, service):
    check(service)


def test_the_answers_of_one_participant_are_one_statement_under_its_questions(service):
    one = service.say("Lisää puita")
    first = {**service.answers["p0"], "Id": "a9", "QuestionId": "q0", "AnswerText": "Kiitos kysymästä"}
    service.answers["other"] = first
    memory = hear(service, Memory())
    post = memory.posts[one]
    assert post.text == "Aluksi\nKiitos kysymästä\n\nMitä mieltä olette?\nLisää puita"
    assert (post.form, post.title, post.thread) == ("statement", "Puistojen hoito", PROPOSAL)
    assert post.url == f"{service.door.url}/FI/Proposal/Participation?proposalId={PROPOSAL}"
    assert post.time.isoformat() == "2026-11-01T08:00:00+00:00"
    assert "Aino" not in repr(post)


def test_answers_under_a_name_that_is_not_known_are_told_as_unread(service):
    service.say("x")
    service.answers["p0"]["Kirjoitus"] = service.answers["p0"].pop("AnswerText")
    memory = hear(service, Memory())
    assert (memory.texts, memory.unread) == ({}, 1)


def test_a_request_that_closed_long_ago_is_read_once(service):
    service.closed = datetime.now(UTC) - timedelta(days=40)
    one = service.say("Lisää puita")
    memory = hear(service, Memory())
    assert set(memory.texts) == {one}
    before = len(service.door.asked)
    hear(service, memory)
    assert len(service.door.asked) - before == 1


def test_a_name_with_a_quote_in_it_asks_for_that_name(service):
    service.organisation = "Kylän k'unta"
    hear(service, Memory())
    assert service.door.asked[-1].query["$filter"] == "OrganizationName eq 'Kylän k''unta'"


def test_a_request_whose_answers_cannot_be_had_harms_no_statement(service):
    one = service.say("Lisää puita")
    memory = hear(service, Memory())
    page = service.page
    service.page = lambda rows, asked, path: Told(status=404) if "guid" in path else page(rows, asked, path)
    hear(service, memory)
    assert (set(memory.texts), memory.gone) == ({one}, set())


def test_the_test_counts_the_requests(service):
    with opened(service) as connector:
        assert connector.test().facts == {"proposals": 1}


def test_a_bomb_of_entities_is_refused(service):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><feed>&b;</feed>'
    service.page = lambda *_: Told(body=bomb)
    assert trouble_of(service).code == "not-odata"


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("/Date(1696118400000)/", "2023-10-01T00:00:00+00:00"),
        ("/Date(1696118400000+0180)/", "2023-10-01T00:00:00+00:00"),
        ("2026-04-22T10:52:41.58Z", "2026-04-22T10:52:41.580000+00:00"),
    ],
)
def test_moments_are_read_as_odata_writes_them(told, read):
    assert moment(told).isoformat() == read


@pytest.mark.parametrize("body", ['{"value": [{"Id": 1}]}', '{"d": [{"Id": 1}]}', '{"d": {"results": [{"Id": 1}]}}'])
def test_rows_stand_where_versions_put_them(body):
    assert read_rows(body.encode()) == ([{"Id": 1}], "")


@given(st.binary() | st.text().map(str.encode) | st.sampled_from([b"<feed/>", b"{}", b'{"d": 1}', b"[1]"]))
def test_whatever_comes_is_rows_or_a_trouble(body):
    try:
        found, _ = read_rows(body)
    except Trouble:
        return
    assert all(isinstance(one, dict) for one in found)


@given(st.text() | st.integers() | st.none() | st.integers().map("/Date({})/".format))
def test_whatever_is_told_is_a_moment_or_none(told):
    assert moment(told) is None or moment(told).tzinfo


def test_a_request_tells_when_it_closes_and_one_that_does_not_is_no_discussion(service):
    with opened(service) as connector:
        (one,) = next(connector.listen({})).opened
    assert (one.id, one.name, one.opened) == (PROPOSAL, "Puistojen hoito", None)
    assert abs(one.closes - service.closed) < timedelta(hours=4)
    service.proposals = lambda _wanted: [{"Id": PROPOSAL, "Name": "Puistojen hoito"}]
    with opened(service) as connector:
        assert next(connector.listen({})).opened == ()

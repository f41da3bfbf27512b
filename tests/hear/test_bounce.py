"""A bounce tells which mail did not arrive, in whichever way its server writes it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.hear.bounce import Returned, returned

RECORDED = Path(__file__).parents[1] / "recorded" / "mail"
REPORT = (
    b"From: MAILER-DAEMON@posti.example\r\n\r\n--x\r\n\r\nAction: %s\r\nStatus: 4.4.1\r\n\r\n--x\r\n%s\r\n--x--\r\n"
)


def test_a_recorded_bounce_names_the_mail_and_the_status():
    told = returned((RECORDED / "11_bounce_dsn.eml").read_bytes())
    assert told == Returned("k124.2@kunta.example", "5.1.1")


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <1@kunta.example>\r\nReferences: <0@kunta.example>",
        b"Content-Type: message/rfc822\r\n\r\nReferences: <0@kunta.example>\r\nmessage-id:\r\n <1@kunta.example>",
    ],
)
def test_the_mail_that_came_back_is_the_one_returned_and_none_that_it_answers(part):
    assert returned(REPORT % (b"failed", part)) == Returned("1@kunta.example", "4.4.1")


def test_a_bounce_that_returns_nothing_is_known_by_what_it_answers():
    raw = b"In-Reply-To: <1@kunta.example>\r\n" + REPORT % (b"failed", b"Content-Type: text/plain\r\n\r\nHei")
    assert returned(raw) == Returned("1@kunta.example", "4.4.1")


def test_a_bounce_in_a_way_of_its_own_is_known_by_its_header():
    raw = b"X-Failed-Recipients: a@example.org\n\nThis message could not be delivered\n\nMessage-Id: <1@kunta.example>\n"
    assert returned(raw) == Returned("1@kunta.example", "")


@pytest.mark.parametrize("action", [b"delayed", b"delivered", b"relayed", b"expanded"])
def test_what_has_not_failed_is_no_bounce(action):
    assert returned(REPORT % (action, b"\r\nMessage-ID: <1@kunta.example>")) is None


def test_a_failure_of_nobody_knows_what_is_none():
    assert returned(REPORT % (b"failed", b"")) is None


@given(st.binary(max_size=400))
def test_whatever_else_it_holds_does_no_harm(tail):
    raw = REPORT % (b"failed", b"\r\nMessage-ID: <1@kunta.example>") + tail
    assert returned(raw) == Returned("1@kunta.example", "4.4.1")
    told = returned(tail)
    assert told is None or told.id

"""Every address of the desk is walked in every role: each door lets in whom ACTS names, and nobody else."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from tests.web.cast import at_desk, person
from tests.web.doors import CALLED, DOORS, OPEN, OWN, WATCHED, N, furnish, patterns

from kuulo.desk import people
from kuulo.desk.permissions import ACTS, may
from kuulo.models import Invitation, Message, Role
from kuulo.web.access import act_of

pytestmark = pytest.mark.django_db

WHOM = [*Role, None]
ROOMS = sorted(DOORS.keys() - OPEN - OWN - WATCHED - CALLED)


@pytest.fixture
def a_little_of_everything():
    furnish()


def test_every_address_has_a_name_of_its_own():
    names = [pattern.name for _, pattern in patterns()]
    assert len(names) == len(set(names))
    assert None not in names


def test_the_lists_name_addresses_that_exist():
    assert DOORS.keys() >= OPEN | OWN | WATCHED | CALLED


@pytest.mark.parametrize("name", ROOMS)
def test_every_room_says_what_one_must_be_allowed(name):
    assert act_of(DOORS[name][1]) in ACTS


@pytest.mark.parametrize("name", sorted(OPEN | CALLED))
def test_open_pages_ask_for_no_role(name):
    assert act_of(DOORS[name][1]) == ""


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_opens_to_whom_it_should(name, a_little_of_everything):
    path, view = DOORS[name]
    assert resolve(path).view_name == name
    for role in WHOM:
        answers = [at_desk(role).get(path), at_desk(role).post(path, {})]
        if may(person(role), act_of(view)):
            assert all(answer.status_code not in {401, 403} and answer.status_code < 500 for answer in answers), role
        else:
            assert all(answer.status_code in {403, 405} for answer in answers), role
            assert any(answer.status_code == 403 for answer in answers), role


@pytest.mark.parametrize("name", sorted(ROOMS + list(OWN)))
def test_who_has_not_logged_in_is_led_to_the_log_in(name, a_little_of_everything):
    path, _ = DOORS[name]
    answers = [Client().get(path), Client().post(path, {})]
    assert all(answer.status_code in {302, 405} for answer in answers), [answer.status_code for answer in answers]
    led = [answer for answer in answers if answer.status_code == 302]
    assert led
    assert all(answer["Location"].startswith("/accounts/login/") for answer in led)


@pytest.mark.parametrize("name", sorted(DOORS.keys() - CALLED))
def test_nothing_is_taken_from_another_site(name, a_little_of_everything):
    client = at_desk(Role.ADMINISTRATOR, enforce_csrf_checks=True)
    assert client.post(DOORS[name][0], {}).status_code in {403, 405}


@pytest.mark.parametrize("name", sorted(DOORS))
def test_no_address_breaks_whatever_is_asked_of_it(name, a_little_of_everything):
    path, _ = DOORS[name]
    odd = dict.fromkeys(
        ("page", "words", "theme", "channel", "since", "intake", "format", "sort", "next"), "\x00ä'\"<{%"
    )
    assert at_desk(Role.ADMINISTRATOR).get(path, odd).status_code != 500
    for value in ("9" * 5_000, "9" * 18, "9999-12-31", "0001-01-01"):
        names = ("page", "before", "after", "message", "newest", "intake", "since", "until", "week")
        assert at_desk(Role.ADMINISTRATOR).get(path, dict.fromkeys(names, value)).status_code != 500, value[:20]
        assert at_desk(Role.ADMINISTRATOR).get(path, {"a": f"{value}..", "b": f"..{value}"}).status_code != 500
    beyond = re.sub(rf"/{N}(?=/|$)", "/9223372036854775807", path).replace("/T1", "/T999999")
    assert at_desk(Role.ADMINISTRATOR).get(beyond).status_code != 500


@pytest.mark.parametrize("name", sorted(OPEN | WATCHED | CALLED))
def test_open_pages_do_not_break(name):
    assert Client().get(DOORS[name][0]).status_code != 500


@pytest.mark.parametrize("name", sorted(CALLED))
def test_doors_for_others_keep_no_session_and_take_nothing_from_nobody(name, a_little_of_everything):
    before = Message.objects.count()
    answer = at_desk(Role.ADMINISTRATOR, enforce_csrf_checks=True).post(DOORS[name][0], {"text": "Tie on liukas"})
    assert answer.status_code in {200, 400, 401, 404, 405}
    assert not answer.cookies
    assert Message.objects.count() == before


@pytest.mark.parametrize("name", sorted(WATCHED))
def test_programs_from_elsewhere_need_the_token(name, settings):
    path, _ = DOORS[name]
    far = Client(REMOTE_ADDR="192.0.2.7")
    assert far.get(path).status_code == 404
    assert far.get(path, headers={"Authorization": "Bearer "}).status_code == 404
    assert Client().get(path, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    settings.METRICS_TOKEN = "ä secret"
    assert far.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert far.get(path, headers={"Authorization": "Bearer ä secret"}).status_code in {200, 503}


def test_a_closed_account_is_shut_out_at_once():
    admin, client = person(Role.ADMINISTRATOR), at_desk(Role.READER)
    assert client.get("/account/").status_code == 200
    people.deactivate(admin, person(Role.READER))
    assert client.get("/account/").status_code == 302


def test_who_has_no_role_is_told_whom_to_ask():
    admin = person(Role.ADMINISTRATOR, name="Anna")
    answer = at_desk(None, headers={"Accept-Language": "en"}).get("/")
    assert answer.status_code == 403
    assert "Your account has no role yet" in answer.text
    assert admin.email in answer.text


def test_who_may_not_is_told_who_may():
    answer = at_desk(Role.READER, headers={"Accept-Language": "nb"}).get("/people/")
    assert answer.status_code == 403
    assert "Administrator" in answer.text
    assert not may(AnonymousUser(), "read")


def test_old_links_stay_shut():
    person(Role.ADMINISTRATOR)
    token = people.invite(person(Role.ADMINISTRATOR), email="a@example.org", role=Role.READER, unit=None)
    Invitation.objects.update(expires=timezone.now() - timedelta(days=1))
    assert Client().get(f"/welcome/{token}/").status_code == 410

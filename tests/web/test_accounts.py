"""Logging in: by a link, a password, a second step. Guessing is slow, and nobody signs up."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.web.cast import PASSWORD, at_desk, person

from kuulo.desk import people
from kuulo.models import Event, Person, Role

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def no_guesses_yet():
    cache.clear()
    yield
    cache.clear()


def log_in(client, email, password):
    return client.post("/accounts/login/", {"login": email, "password": password})


def is_in(client):
    return client.get("/account/").status_code == 200


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_the_first_administrator_comes_in_and_then_logs_in():
    link = people.first_administrator_link()
    client = Client()
    told = {"email": "Liv@example.org", "name": "Liv Berg", "password": PASSWORD}
    assert client.get(link).status_code == 200
    assert client.post(link, told)["Location"] == "/"
    assert is_in(client)
    again = Client()
    assert again.post(link, told).status_code == 410
    assert log_in(again, "liv@EXAMPLE.org", PASSWORD)["Location"] == "/"
    assert is_in(again)
    assert [event.kind for event in Event.objects.order_by("pk")] == ["person-joined", "logged-in"]


@pytest.mark.parametrize("password", ["short", "1234567890123", "password1234", "liv.berg@example.org"])
def test_a_weak_password_is_not_taken(password):
    link = people.first_administrator_link()
    answer = Client(headers=ENGLISH).post(
        link, {"email": "liv.berg@example.org", "name": "Liv", "password": password}
    )
    assert answer.status_code == 200
    assert "ds-validation-message" in answer.text
    assert not Person.objects.exists()


def test_an_invitation_is_made_shown_once_and_used():
    admin = at_desk(Role.ADMINISTRATOR)
    answer = admin.post("/people/", {"email": "olav@example.org", "role": "official", "unit": ""})
    (link,) = re.findall(r"http://testserver(/welcome/[\w-]+/)", answer.text)
    assert link not in admin.get("/people/").text
    client = Client()
    assert "olav@example.org" in client.get(link).text
    client.post(link, {"name": "Olav", "password": PASSWORD, "email": "thief@example.org"})
    assert Person.objects.get(name="Olav").email == "olav@example.org"
    assert is_in(client)


def test_the_eleventh_wrong_password_is_refused_and_so_is_the_right_one_then():
    somebody, client = person(Role.READER), Client(headers=ENGLISH)
    answers = [log_in(client, somebody.email, f"wrong {n}").text for n in range(11)]
    wrong = "email address and/or password you specified are not correct"
    assert [wrong in answer for answer in answers] == [True] * 10 + [False]
    assert "Too many failed login attempts" in answers[-1]
    assert "Too many failed login attempts" in log_in(client, somebody.email, PASSWORD).text
    other = person(Role.OFFICIAL)
    assert log_in(client, other.email, PASSWORD).status_code == 302


def test_it_cannot_be_told_who_has_an_account():
    person(Role.READER)
    one, other = (
        re.sub(r"csrf\S+ value=\S+|value=\"[^\"]*\"", "", log_in(Client(headers=ENGLISH), email, "wrong").text)
        for email in ("reader@example.org", "nobody@example.org")
    )
    assert one == other


def test_a_closed_account_does_not_open():
    admin, reader = person(Role.ADMINISTRATOR), person(Role.READER)
    people.deactivate(admin, reader)
    client = Client()
    log_in(client, reader.email, PASSWORD)
    assert not is_in(client)


def test_an_app_is_asked_for_its_code_and_a_recovery_code_works_once():
    reader, client = person(Role.READER), Client()
    log_in(client, reader.email, PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for code, comes_in in (("000000", False), (codes[0], True), (codes[0], False), (codes[1], True)):
        cache.clear()
        again = Client()
        assert log_in(again, reader.email, PASSWORD)["Location"].startswith("/accounts/2fa/authenticate/")
        assert not is_in(again)
        again.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_in(again) == comes_in


def test_a_wrong_code_of_an_app_does_not_set_it_up():
    reader, client = person(Role.READER), Client()
    log_in(client, reader.email, PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(generate_totp_secret())})
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "mfa_signup_webauthn"])
def test_there_is_no_page_to_sign_up_or_to_change_the_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_somebody_leaves_only_by_a_post():
    client = at_desk(Role.READER)
    client.get("/accounts/logout/")
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere_after_logging_in(target):
    somebody = person(Role.READER)
    answer = Client().post(
        f"/accounts/login/?next={target}", {"login": somebody.email, "password": PASSWORD, "next": target}
    )
    assert answer["Location"] == "/"
    assert Client().post("/language/", {"language": "sv", "next": target})["Location"] == "/"

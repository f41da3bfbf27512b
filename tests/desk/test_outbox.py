"""The mail server of the desk, as the environment names it."""

import pytest
from django.core.checks import run_checks

from kuulo.desk.outbox import BadMailSettings, outbox


@pytest.mark.parametrize(
    ("url", "server", "user"),
    [
        ("smtp+tls://kuulo@mail.example", ("mail.example", 587, "starttls"), "kuulo"),
        (
            "smtp+tls://kuulo%40town.example@mail.example:2525",
            ("mail.example", 2525, "starttls"),
            "kuulo@town.example",
        ),
        ("smtps://mail.example/", ("mail.example", 465, "tls"), ""),
        ("smtp://[::1]:1025", ("::1", 1025, "none"), ""),
    ],
)
def test_an_address_names_the_server_and_how_it_is_protected(settings, url, server, user):
    settings.MAIL_URL, settings.MAIL_FROM, settings.MAIL_PASSWORD = url, "kuulo@town.example", "salasana"
    found = outbox()
    assert (found.server.host, found.server.port, found.server.security) == server
    assert (found.user, found.password, str(found.sender)) == (user, "salasana", "Kuulo <kuulo@town.example>")
    assert [one for one in run_checks() if "mail" in one.msg.lower()] == []


@pytest.mark.parametrize(
    ("url", "sender", "code"),
    [
        ("mail.example", "kuulo@town.example", "not-a-mail-url"),
        ("http://mail.example", "kuulo@town.example", "not-a-mail-url"),
        ("smtp://mail.example:mail", "kuulo@town.example", "not-a-mail-url"),
        ("smtp://:25", "kuulo@town.example", "not-a-mail-url"),
        ("smtp://mail.example/inbox", "kuulo@town.example", "not-a-mail-url"),
        ("smtps://kuulo:salasana@mail.example", "kuulo@town.example", "password-in-url"),
        ("smtps://mail.example", "", "no-sender"),
        ("smtps://mail.example", "kuulo", "no-sender"),
        ("smtps://mail.example", "kuulo@town.example\nBcc: all@town.example", "no-sender"),
    ],
)
def test_settings_that_cannot_be_right_stop_the_start(settings, url, sender, code):
    settings.MAIL_URL, settings.MAIL_FROM = url, sender
    with pytest.raises(BadMailSettings, match=code):
        outbox()
    (told,) = (one for one in run_checks() if one.is_serious())
    assert "KUULO_MAIL" in told.msg
    assert "salasana" not in str(told)


def test_without_mail_the_desk_starts_and_nothing_is_said_at_each_command(settings):
    settings.MAIL_URL = ""
    assert outbox() is None
    assert not any("KUULO_MAIL" in one.msg for one in run_checks())

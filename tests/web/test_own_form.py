"""Anybody can say something on the municipality's own page: without an account, a cookie or a script, once."""

import base64
import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kuulo.desk import own_form
from kuulo.desk.seal import unseal
from kuulo.hear.connectors.form import OwnForm
from kuulo.hear.http import Http
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection, Message, Source
from kuulo.web.speech import speech

pytestmark = pytest.mark.django_db
TEXT = "Katu on liukas koulun kohdalla"
EMPTY = {field.name: field.default for field in OwnForm.fields}


@pytest.fixture(autouse=True)
def nobody_wrote_before():
    cache.clear()


def placed(**more):
    told = {
        "page": "palaute",
        "title_fi": "Kerro kunnalle",
        "title_en": "Tell the town",
        "intro_fi": "Luemme kaikki.",
    }
    source = Source.objects.create(name="Oma lomake")
    return Connection.objects.create(source=source, connector="form", settings=told | more, state="queued")


def opened(seconds=60, page="palaute"):
    return own_form.stamp(page, timezone.now() - timedelta(seconds=seconds))


def write(text=TEXT, *, address="/say/palaute/?lang=en", stamp=None, network="192.0.2.7", **more):
    told = {"text": text, "stamp": opened() if stamp is None else stamp} | more
    return Client(enforce_csrf_checks=True, REMOTE_ADDR=network).post(address, told)


def test_what_is_said_is_a_message_and_gets_a_reference():
    connection = placed()
    answer = write()
    message = Message.objects.get()
    assert answer.status_code == 200
    assert f"<strong>{message.origin_id}</strong>" in answer.text
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){2}", message.origin_id)
    assert (message.text, message.form, message.channel, message.private) == (TEXT, "message", "form", True)
    connection.refresh_from_db()
    assert connection.heard_count == 1
    assert not answer.cookies


def test_the_same_text_again_counts_once_and_from_elsewhere_anew():
    placed()
    assert write().text == write(f" {TEXT}\n").text
    assert Message.objects.count() == 1
    write(network="192.0.2.8")
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"text": " "}, "no-text"),
        ({"text": "a" * 5_001}, "long-text"),
        ({"stamp": ""}, "stamp.too-old"),
        ({"stamp": "palaute:1:arvaus"}, "stamp.too-old"),
        ({"seconds": -3_600}, "stamp.too-fast"),
        ({"seconds": 25 * 3_600}, "stamp.too-old"),
        ({"page": "muu"}, "stamp.too-old"),
        ({"website": "https://spam.example"}, "trap"),
        ({"email": "anna"}, "no-email"),
        ({"name": "a" * 101}, "long"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(wrong, key):
    placed(ask_contact="yes")
    wrong = dict(wrong)
    text = wrong.get("text", TEXT)
    stamp = opened(wrong.pop("seconds", 60), wrong.pop("page", "palaute"))
    answer = write(**({"text": TEXT, "stamp": stamp} | wrong))
    assert speech("en").say(f"say.{key}") in answer.text
    assert text.strip() in answer.text
    assert Message.objects.count() == 0


def test_who_was_too_fast_sends_the_same_page_again():
    placed()
    early, old = opened(-3_600), opened(25 * 3_600)
    assert f'value="{early}"' in write(stamp=early).text
    assert f'value="{old}"' not in write(stamp=old).text
    assert Message.objects.count() == 0


def test_who_writes_too_often_is_asked_to_wait():
    placed()
    answers = [write(f"{TEXT} {at}").status_code for at in range(21)]
    assert (set(answers[:20]), answers[20]) == ({200}, 429)
    assert write("Toisesta paikasta", network="192.0.2.8").status_code == 200


def test_name_and_address_are_asked_only_where_wanted_and_kept_sealed():
    placed()
    assert 'name="email"' not in Client().get("/say/palaute/").text
    write(email="anna@example.org")
    assert Message.objects.get().reply_to == {}
    Connection.objects.update(settings=Connection.objects.get().settings | {"ask_contact": "yes"})
    write("Vastatkaa, kiitos", name="Anna", email="anna@example.org")
    message = Message.objects.get(text="Vastatkaa, kiitos")
    assert "anna" not in json.dumps(list(Message.objects.values("text", "reply_to", "search_text", "author__key")))
    contact = unseal(base64.b64decode(message.reply_to["contact"]), "reply")
    assert json.loads(contact) == {"name": "Anna", "email": "anna@example.org"}


def test_it_speaks_the_languages_that_have_a_title():
    placed()
    assert '<html lang="fi"' in Client().get("/say/palaute/", headers={"Accept-Language": "sv"}).text
    assert '<html lang="en"' in Client().get("/say/palaute/", headers={"Accept-Language": "en"}).text
    page = Client().get("/say/palaute/?lang=fi", headers={"Accept-Language": "en"}).text
    assert ("Luemme kaikki." in page, 'lang="sv"' in page, "(pakollinen)" in page) == (True, False, True)
    write(address="/say/palaute/?lang=fi")
    assert Message.objects.get().language == "fi"


def test_only_the_sites_that_are_named_may_show_it_within_theirs():
    connection = placed()
    plain = Client().get("/say/palaute/?embed=1")
    assert plain["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in plain["Content-Security-Policy"]
    told = "https://www.example.fi\nhttps://evil.example; script-src *"
    Connection.objects.filter(pk=connection.pk).update(settings=connection.settings | {"embedded_at": told})
    framed = Client().get("/say/palaute/?embed=1")
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors https://www.example.fi;" in f"{framed['Content-Security-Policy']};"
    assert "evil" not in framed["Content-Security-Policy"]
    assert Client().get("/accounts/login/")["X-Frame-Options"] == "DENY"


def test_a_page_that_is_switched_off_is_not_there():
    connection = placed()
    Connection.objects.filter(pk=connection.pk).update(state="off")
    assert Client().get("/say/palaute/").status_code == write().status_code == 404


def test_an_odd_address_is_not_there():
    assert {Client().get(f"/{door}/a%00b/").status_code for door in ("say", "hooks")} == {404}


def test_the_municipality_cannot_break_its_own_page():
    placed(title_en="<script>alert(1)</script>")
    assert "<script>alert" not in Client().get("/say/palaute/?lang=en").text


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"page": "Ei näin"}, "not-an-address"),
        ({"embedded_at": "http://www.example.fi"}, "not-an-address"),
        ({"title_fi": " "}, "no-title"),
    ],
)
def test_settings_that_cannot_work_are_told_before_they_are_kept(told, code):
    right = EMPTY | {"page": "palaute", "title_fi": "Kerro kunnalle", "embedded_at": "https://www.example.fi"}
    assert OwnForm(right, http=Http()).test().name == "Kerro kunnalle"
    with pytest.raises(Trouble) as trouble:
        OwnForm(right | told, http=Http()).test()
    assert trouble.value.code == code


def test_it_is_never_asked_for_anything():
    own = OwnForm(EMPTY | {"page": "palaute"}, http=Http())
    assert [batch.items for batch in own.listen({})] == [()]

"""What stands around every page: headers, the language, the menu, what went wrong, the files."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.contrib.messages.storage.session import SessionStorage
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.cast import PASSWORD, at_desk, person

from kuulo.models import Person, Role, Unit
from kuulo.web.notice import refuse, tell
from kuulo.web.speech import speech

pytestmark = pytest.mark.django_db
WEB = Path(__file__).parent.parent.parent / "src/kuulo/web"
LANGUAGES = ("fi", "sv", "nb", "en")
PAGES = ["/account/", "/people/", "/units/"]


@pytest.mark.parametrize("page", ["/accounts/login/", "/nowhere/", "/health/live"])
def test_every_answer_is_guarded(page):
    answer = Client().get(page)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_are_for_the_server_alone():
    client, somebody = Client(), person(Role.READER)
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": somebody.email, "password": PASSWORD})
    assert client.cookies.keys() == {"csrftoken", "sessionid"}
    assert all(cookie["samesite"] == "Lax" and cookie["httponly"] for cookie in client.cookies.values())


def test_with_https_the_settings_are_fit_for_the_open_net(tmp_path):
    environment = os.environ | {"KUULO_DATA": str(tmp_path), "KUULO_ADDRESS": "https://kuulo.example"}
    environment |= {"DJANGO_SETTINGS_MODULE": "kuulo.settings", "KUULO_HOSTS": "kuulo.example"}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("fi", "fi"),
        ("sv-FI,fi;q=0.5", "sv"),
        ("nn", "nb"),
        ("no", "nb"),
        ("nb-NO", "nb"),
        ("de,fr", "en"),
        ("", "en"),
    ],
)
def test_the_browser_says_the_language(asked, language):
    assert f'<html lang="{language}"' in Client(headers={"Accept-Language": asked}).get("/accounts/login/").text


def test_the_chosen_language_goes_before_and_follows_the_person():
    client = at_desk(Role.READER, headers={"Accept-Language": "fi"})
    assert client.post("/language/", {"language": "nb", "next": "/account/"})["Location"] == "/account/"
    assert '<html lang="nb"' in client.get("/account/").text
    assert '<html lang="nb"' in at_desk(Role.READER, headers={"Accept-Language": "fi"}).get("/account/").text
    client.post("/language/", {"language": "xx"})
    assert Person.objects.get().language == "nb"


def test_who_has_not_logged_in_chooses_a_language_too():
    client = Client(headers={"Accept-Language": "fi"})
    client.post("/language/", {"language": "sv"})
    assert '<html lang="sv"' in client.get("/accounts/login/").text


def test_the_menu_shows_rooms_that_open_and_marks_the_one_we_stand_in():
    here = '<a href="/people/" aria-current="page">'
    assert here in at_desk(Role.ADMINISTRATOR).get("/people/").text
    assert "/people/" not in at_desk(Role.SUPERVISOR).get("/account/").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_wrong_is_told_in_the_language_of_the_reader(language):
    words = tomllib.loads((WEB / f"words/desk/{language}.toml").read_text("utf-8"))
    client = at_desk(Role.READER, headers={"Accept-Language": language}, enforce_csrf_checks=True)
    missing, stale = client.get("/nowhere/"), client.post("/language/")
    assert (missing.status_code, stale.status_code) == (404, 403)
    assert words["not_found"] in missing.text
    assert words["stale_form"] in stale.text
    assert "Kuulo" in missing.text


def test_all_languages_have_the_same_words_and_facts():
    for page in (WEB / "words").iterdir():
        told = {}
        for language in LANGUAGES:
            words = tomllib.loads((page / f"{language}.toml").read_text("utf-8"))
            assert all(words.values()), page.name
            told[language] = {key: sorted(set(re.findall(r"{\w+}", text))) for key, text in words.items()}
        assert all(told[language] == told["en"] for language in LANGUAGES), page.name


def test_every_word_that_a_page_says_is_there():
    known = speech("en").words
    said = {
        key
        for file in (WEB / "templates").rglob("*.html")
        for key in re.findall(r"""{% say ['"]([^'"]+)['"]""", file.read_text("utf-8"))
    }
    assert len(said) > 50
    assert said - known.keys() == set()


@pytest.mark.parametrize("page", PAGES)
def test_no_page_asks_more_for_more(page):
    client = at_desk(Role.ADMINISTRATOR)

    def questions():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    unit = Unit.objects.create(names={"en": "Streets"})
    person(Role.READER, name="one", unit=unit)
    first = questions()
    for name in ("two", "three", "four"):
        other = Unit.objects.create(names={"en": name})
        person(Role.READER, name=name, unit=other)
        person(Role.OFFICIAL, name=name, unit=unit)
    assert questions() == first


def test_people_are_found_paged_and_given_as_data():
    client = at_desk(Role.ADMINISTRATOR)
    for n in range(51):
        person(Role.READER, name=f"p{n:02}")
    first, second = client.get("/people/").text, client.get("/people/?page=1").text
    assert ("p48" in first, "p50" in first) == (True, False)
    assert ("p48" in second, "p50" in second) == (False, True)
    assert "p07" in client.get("/people/?words=P07").text
    found = client.get("/people/?words=p07&format=json")
    assert b"".join(found.streaming_content).count(b"@example.org") == 1


def test_units_are_added_and_named():
    client = at_desk(Role.ADMINISTRATOR, headers={"Accept-Language": "fi"})
    client.post("/units/", {"fi": "Kadut", "sv": "Gator"})
    unit = Unit.objects.get()
    assert unit.names == {"fi": "Kadut", "sv": "Gator"}
    client.post(f"/units/{unit.pk}/", {"fi": "Katutyöt"})
    assert "Katutyöt" in client.get("/units/").text
    client.post("/units/", {"fi": "", "sv": " "})
    assert Unit.objects.count() == 1


def test_files_come_out_of_the_package_and_stay_known_to_browsers():
    vendored = next((WEB / "static/kuulo/vendor").glob("designsystemet-css-*/designsystemet.css"))
    for file, kept in ((vendored, "immutable"), (WEB / "static/kuulo/desk.css", "max-age=60")):
        address = f"/static/{file.relative_to(WEB / 'static').as_posix()}"
        answer = Client().get(address)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == file.read_bytes()
        assert kept in answer["Cache-Control"]
        assert (
            Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
            if "ETag" in answer
            else True
        )
        again = Client().get(address, headers={"If-Modified-Since": answer["Last-Modified"]})
        assert again.status_code == 304
    assert not (WEB / "collected").exists()


def test_the_colours_of_the_municipality_are_read_anew(settings, tmp_path):
    page = Client().get("/accounts/login/").text
    assert "/theme.css" not in page
    assert Client().get("/theme.css").status_code == 404
    settings.THEME_CSS = str(tmp_path / "colours.css")
    assert Client().get("/theme.css").status_code == 404
    for colour in ("red", "blue"):
        (tmp_path / "colours.css").write_text(f":root {{ color: {colour} }}")
        answer = Client().get("/theme.css")
        assert colour in answer.text
        assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert '<link rel="stylesheet" href="/theme.css">' in Client().get("/accounts/login/").text


def test_a_notice_is_told_once_with_its_way_back(rf):
    request = rf.get("/")
    request.session, request.user = Client().session, person(Role.READER)
    request._messages = SessionStorage(request)
    tell(request, "<b>Done</b>", undo="/corrections/7/undo/")
    refuse(request, "people.not_now.no-role")
    page = render_to_string("parts/messages.html", {"messages": request._messages}, request)
    assert "&lt;b&gt;Done&lt;/b&gt;" in page
    assert page.count('<form method="post" action="/corrections/7/undo/">') == page.count("<form") == 1
    assert 'data-color="success"' in page
    assert 'data-color="danger"' in page
    assert list(SessionStorage(request)) == []

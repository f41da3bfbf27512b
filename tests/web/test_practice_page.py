"""The page of a practice: only in a training copy, where every page says what it is; the clock is the leaders'."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.desk.storm_rows import storm
from tests.desk.training import begun, train
from tests.web.cast import at_desk, person

from kuulo.desk.practice.clock import the_clock
from kuulo.desk.practice.marker import Marker, mark
from kuulo.desk.practice.storm import tell_due
from kuulo.models import Event, Role, Storm

pytestmark = pytest.mark.django_db
ENGLISH = {"headers": {"Accept-Language": "en"}}
BANNERS = {
    "fi": "mikään täällä ei ole totta",
    "sv": "inget här är på riktigt",
    "nb": "ingenting her er på ekte",
    "en": "nothing here is real",
}


@pytest.fixture
def training(settings, tmp_path):
    settings.PRACTICE, settings.DATA_DIR = True, tmp_path
    train(tmp_path)


def text(client: Client, address: str = "/practice/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def press(role: Role, act: str) -> int:
    return at_desk(role).post(f"/practice/{act}/").status_code


def test_elsewhere_there_is_no_such_page_and_no_banner():
    leader = at_desk(Role.ADMINISTRATOR, **ENGLISH)
    assert leader.get("/practice/").status_code == 404
    assert leader.post("/practice/go/").status_code == 404
    assert BANNERS["en"] not in text(leader, "/storms/")


@pytest.mark.parametrize("language", BANNERS)
@pytest.mark.parametrize("address", ["/practice/", "/storms/", "/account/", "/accounts/login/", "/nowhere/"])
def test_every_page_says_that_it_is_a_practice(training, language, address):
    told = {"headers": {"Accept-Language": language}}
    client = Client(**told) if "login" in address else at_desk(Role.OFFICIAL, **told)
    assert BANNERS[language] in client.get(address).content.decode()


def test_it_says_in_what_state_the_practice_is(training):
    reader = at_desk(Role.READER, **ENGLISH)
    assert "Not begun yet." in text(reader)
    assert press(Role.SUPERVISOR, "go") == 302
    assert "The clock is running." in text(reader)
    assert press(Role.ADMINISTRATOR, "pause") == 302
    assert "Paused." in text(reader)
    assert press(Role.SUPERVISOR, "go") == press(Role.SUPERVISOR, "end") == 302
    assert "The practice is over." in text(reader)
    assert press(Role.SUPERVISOR, "go") == 302  # what is over stays over
    assert "The practice is over." in text(reader)
    kinds = Event.objects.filter(kind__startswith="practice-").order_by("pk").values_list("kind", "person__name")
    assert [*kinds] == [
        ("practice-go", "Supervisor"),
        ("practice-paused", "Administrator"),
        ("practice-go", "Supervisor"),
        ("practice-ended", "Supervisor"),
    ]


def test_the_clock_is_the_leaders(training):
    assert press(Role.OFFICIAL, "go") == press(Role.READER, "go") == 403
    assert press(Role.SUPERVISOR, "take") == 404
    assert not the_clock().goes
    assert "Begin" not in text(at_desk(Role.OFFICIAL, **ENGLISH))
    assert "Begin" in text(at_desk(Role.SUPERVISOR, **ENGLISH))


def test_two_presses_are_one(training):
    assert press(Role.SUPERVISOR, "go") == press(Role.SUPERVISOR, "go") == 302
    assert Event.objects.filter(kind="practice-go").count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_shows_how_early_it_was_and_gives_the_data(training):
    begun(minutes_ago=60, by=person(Role.SUPERVISOR))
    tell_due(lambda: False)
    storm(began=60, opened=30)
    reader = at_desk(Role.READER, **ENGLISH)
    shown = text(reader)
    assert "6 of 6 messages have come in." in shown
    assert "Kuulo saw it 30 0" in shown
    assert shown.count("Not yet") == 3
    rows = json.loads(b"".join(reader.get("/practice/?format=json").streaming_content))
    found = {row["what"]: row for row in rows if row["what"] != "message"}
    assert (found["seen"]["minute"], found["seen"]["messages"]) == (30, 0)
    assert found["answered"]["minute"] is None
    assert [row["minute"] for row in rows if row["what"] == "message"] == [0, 10, 20, 30, 40, 50]
    sheet = b"".join(reader.get("/practice/?format=csv").streaming_content).decode()
    assert sheet.splitlines()[0].endswith("what,at,minute,messages")


def test_it_says_that_a_faster_storm_is_seen_sooner(training, tmp_path):
    reader = at_desk(Role.READER, **ENGLISH)
    assert "pass in one" not in text(reader)
    mark(tmp_path, Marker(10, timezone.now().isoformat()))
    assert "10 minutes of the storm pass in one." in text(reader)


def test_more_storms_ask_the_database_no_more(training):
    begun(minutes_ago=5)
    reader = at_desk(Role.READER)
    storm(began=1, opened=0.5)
    reader.get("/practice/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert reader.get("/practice/").status_code == 200
        return len(asked)

    before = queries()
    for scope in ("pile", "all"):
        storm(began=1, opened=0.5, theme=None, stream=scope, scope=scope)
    assert Storm.objects.filter(seen__gte=timezone.now() - timedelta(minutes=1)).count() == 3
    assert queries() == before

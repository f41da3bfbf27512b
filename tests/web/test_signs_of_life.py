"""Who runs the desk can tell whether it lives, what waits, and what was asked; nobody's words stand in the log."""

import io
import json
import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError
from django.test import Client
from django.urls import path
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from tests.web.cast import PASSWORD, at_desk, person

from kuulo.desk import health
from kuulo.models import Intake, Message, Role, Source, Worker
from kuulo.web import urls
from kuulo.web.log_lines import JsonLines

pytestmark = pytest.mark.django_db
CANARY = "kanarialintu Erkki Esimerkki 0401234567"


def alive(seconds_ago=1):
    Worker.objects.update_or_create(name="one", defaults={"beat": timezone.now() - timedelta(seconds=seconds_ago)})


@pytest.fixture
def log():
    """What is written while the test runs, line by line."""
    written, handlers = io.StringIO(), []
    for name in ("kuulo", "django"):
        handler = logging.StreamHandler(written)
        handler.setFormatter(JsonLines())
        logging.getLogger(name).addHandler(handler)
        handlers.append((name, handler))
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    for name, handler in handlers:
        logging.getLogger(name).removeHandler(handler)


@pytest.fixture
def broken_page(settings):
    def broken(request):
        raise ValueError(request.POST.get("text", CANARY))

    before = list(urls.urlpatterns)
    urls.urlpatterns.append(path("broken/", broken, name="broken"))
    yield "/broken/"
    urls.urlpatterns[:] = before


def test_alive_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/health/live")
    assert answer.json() == {"alive": True}


def test_ready_when_the_worker_beats():
    alive()
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "troubles": []})


def test_not_ready_without_a_worker_or_with_a_silent_one():
    assert Client().get("/health/ready").json()["troubles"] == ["worker"]
    alive(61)
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "troubles": ["worker"]})


def test_not_ready_while_a_migration_is_missing():
    alive()
    MigrationRecorder.Migration.objects.filter(app="kuulo").order_by("-name")[0].delete()
    assert Client().get("/health/ready").json()["troubles"] == ["migrations"]


def test_not_ready_when_the_database_does_not_answer():
    def refuse(*_given):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["troubles"]) == (503, ["database"])


def test_not_ready_on_a_full_disk(monkeypatch):
    alive()
    monkeypatch.setattr(health, "LEAST_FREE", 2**62)
    assert Client().get("/health/ready").json()["troubles"] == ["disk"]


def test_figures_tell_what_came_what_waits_and_how_long_pages_take(monkeypatch):
    monkeypatch.setattr("kuulo.web.metrics.COUNTED_FOR", 0)
    source, now = Source.objects.create(name="Form"), timezone.now()
    for at, (channel, status) in enumerate([("form", "new"), ("form", "grouped"), ("e-mail", "new"), ("", "empty")]):
        Message.objects.create(source=source, identity=f"{at}", arrived=now, text="a", channel=channel, status=status)
    Intake.objects.create(source=source, file_name="a", file_hash="a", file_size=1, state=Intake.State.RUNNING)
    alive(30)
    Client().get("/health/live")
    answer = Client().get("/metrics")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["kuulo_messages_waiting",] == 2
    assert {key[1]: n for key, n in found.items() if key[0] == "kuulo_messages"} == {"form": 2, "e-mail": 1, "": 1}
    assert (found["kuulo_intakes", "running"], found["kuulo_intakes", "queued"]) == (1, 0)
    assert 30 <= found["kuulo_worker_silence_seconds",] < 60
    assert found["kuulo_request_seconds_count", "live"] >= 1


@pytest.mark.parametrize("messages", [1, 3])
def test_figures_take_as_many_questions_whatever_there_is(messages, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("kuulo.web.metrics.COUNTED_FOR", 0)
    source = Source.objects.create(name="Form")
    for at in range(messages):
        Message.objects.create(source=source, identity=f"{at}", arrived=timezone.now(), text="a", channel=f"c{at}")
    with django_assert_num_queries(5):
        Client().get("/metrics")


def test_a_request_is_a_line_with_a_number_that_the_answer_bears_too(log):
    reader = at_desk(Role.READER)
    answer = reader.get("/account/?words=secret", headers={"X-Request-ID": "proxy-12345"})
    (line,) = [line for line in log() if line["logger"] == "kuulo.requests"]
    assert answer["X-Request-ID"] == line["request"] == "proxy-12345"
    assert (line["method"], line["view"], line["status"]) == ("GET", "account", 200)
    assert (line["person"], type(line["ms"])) == (person(Role.READER).pk, int)


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 65, "päivä-päivä"])
def test_a_number_that_is_none_is_not_taken_over(given, log):
    answer = Client().get("/health/live", headers={"X-Request-ID": given.encode().decode("latin-1")})
    assert answer["X-Request-ID"] not in {"", given}
    assert len(answer["X-Request-ID"]) == 32


def test_a_failure_is_told_by_kind_and_place_and_its_number_is_shown(log, broken_page):
    client = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
    answer = client.get(broken_page)
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.text
    (line,) = [line for line in log() if "error" in line]
    assert (line["error"], line["request"]) == ("ValueError", answer["X-Request-ID"])
    assert line["where"][-1].startswith(__name__)


def test_no_words_and_no_address_ever_stand_in_the_log(log, broken_page):
    client = Client(raise_request_exception=False)
    client.get("/nowhere/", {"words": CANARY})
    client.get(f"/{CANARY}/")
    client.post(broken_page, {"text": CANARY})
    client.post("/accounts/login/", {"login": "erkki@example.org", "password": CANARY})
    client.post("/language/", {"language": CANARY, "next": CANARY})
    strict = Client(enforce_csrf_checks=True)
    strict.post("/language/", {"text": CANARY}, headers={"Referer": f"https://{CANARY}.example"})
    client.get("/health/live", headers={"User-Agent": CANARY, "X-Request-ID": CANARY, "Host": "kanarialintu.example"})
    somebody = person(Role.ADMINISTRATOR, name="Erkki")
    client.post("/accounts/login/", {"login": somebody.email, "password": PASSWORD})
    client.post("/people/", {"email": "toinen@example.org", "role": "reader"})
    written = json.dumps(log(), ensure_ascii=False)
    assert len(log()) >= 9
    for word in (*CANARY.split(), "erkki", "toinen", "example.org"):
        assert word.lower() not in written.lower(), word

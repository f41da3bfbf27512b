"""The record of processing tells what the desk knows, and leaves open what only people can judge."""

import json

import pytest
from tests.desk.desk_rows import add_message
from tests.web.cast import at_desk

from kuulo.models import Connection, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources():
    told = Source.objects.create(
        name="Lomake", purpose="Kuulla", legal_basis="Tehtävä", owner="Viestintä", run_by="administration"
    )
    Connection.objects.create(
        source=told, connector="rss", settings={"address": "https://salaista.example"}, token="t"
    )
    add_message("Asukkaan lause", source=told)
    add_message("Toinen lause", source=Source.objects.create(name="Puutteellinen"))


def admin():
    client = at_desk("administrator")
    client.cookies["django_language"] = "en"
    return client


def test_the_page_tells_what_is_known_and_what_is_missing(sources):
    page = admin().get("/processing/").text
    for told in ("Lomake", "Kuulla", "Puutteellinen", "It is not told yet what this channel is for", "90 days"):
        assert told in page, told
    assert page.count("To be filled in") == 5 + 5 + 2 * 5
    assert "salaista" not in page
    assert "lause" not in page


def test_the_data_hold_the_same_and_answer_nothing_for_people(sources):
    told = json.loads(admin().get("/processing/", {"format": "json"}).content)
    assert [(one["name"], one["missing"]) for one in told["sources"]] == [
        ("Lomake", []), ("Puutteellinen", ["no-purpose", "no-owner", "no-origin"])
    ]  # fmt: skip
    assert all(one["answer"] is None for one in told["asked_record"] + told["asked_assessment"])
    assert all(one["likelihood"] is None and one["severity"] is None for one in told["risks"])
    assert told["kept_days"]["Original wording"] == 30
    assert "salaista" not in json.dumps(told)


def test_it_is_for_administrators():
    assert at_desk("supervisor").get("/processing/").status_code == 403

"""Everybody may know what is listened to, why and for how long; nothing else is told."""

import json

import pytest
from django.test import Client
from tests.desk.desk_rows import add_message

from kuulo.models import Connection, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    heard = Source.objects.create(
        name="Lehden kommentit", address="https://lehti.example", purpose="Kuulla", legal_basis="Tehtävä",
        keep_days=180, run_by="media", owner="Viestintä Virtanen",
    )  # fmt: skip
    told = {"address": "https://lehti.example/salainen-syote"}
    Connection.objects.create(
        source=heard, connector="rss", settings=told, secrets=b"s", token="avain", state="queued"
    )
    off = Source.objects.create(name="Vanha palsta")
    Connection.objects.create(source=off, connector="rss", state="off")
    add_message("Asukkaan oma lause", source=Source.objects.create(name="Lomake", by_name=True))
    add_message("Vanha", source=off)
    Source.objects.create(name="Kylän ryhmä", run_by="residents")


def test_it_tells_what_is_heard_and_brought_and_nothing_of_settings_or_residents(places):
    page = Client().get("/listening/", {"lang": "en"})
    for told in ("Lehden kommentit", "https://lehti.example", "180 days", "media", "Lomake", "Vanha palsta",
                 "No longer listened to", "not sorted or rated by their opinions", "kept sealed for 30 days"):  # fmt: skip
        assert told in page.text, told
    for hidden in ("salainen", "avain", "Asukkaan", "Virtanen", "Kylän ryhmä"):
        assert hidden not in page.text, hidden
    assert not page.cookies


def test_it_is_told_as_data_too(places):
    rows = json.loads(b"".join(Client().get("/listening/", {"format": "json"}).streaming_content))
    assert [(row["name"], row["way"]) for row in rows] == [
        ("Lehden kommentit", "listened"), ("Lomake", "brought"), ("Vanha palsta", "no-more")
    ]  # fmt: skip
    assert set(rows[0]) == {
        "way", "name", "address", "purpose", "legal_basis", "keep_days", "by_name", "run_by"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title"),
    [("fi", "Mitä kunta kuuntelee"), ("sv", "Vad kommunen lyssnar på"), ("nb", "Hva kommunen lytter til")],
)
def test_it_speaks_the_readers_language(language, title, settings):
    settings.DATA_CONTACT = "tietosuoja@kunta.example"
    page = Client().get("/listening/", {"lang": language})
    assert title in page.text
    assert "tietosuoja@kunta.example" in page.text
    assert f'lang="{language}"' in page.text


def test_no_more_is_asked_of_the_database_for_more_places(places, django_assert_num_queries):
    with django_assert_num_queries(1):
        Client().get("/listening/")
    add_message("Lisää", source=Source.objects.create(name="Toinen lomake"))
    with django_assert_num_queries(1):
        Client().get("/listening/")

"""Whom a message addresses is a filter of the inbox, and so is the discussion that it belongs to."""

import pytest
from tests.web.cast import at_desk

from kuulo.desk.inbox import Filters
from kuulo.desk.receive import receive
from kuulo.hear.connector import Post
from kuulo.models import Message, Role, Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def heard() -> None:
    streets = Post(id="1", text="Tie on liukas", addressee="Kadut & puistot", thread="a")
    schools = Post(id="2", text="Koulussa haisee", addressee="Koulut", thread="a")
    for name in ("Lomake", "Toinen"):
        receive(Source.objects.create(name=name), [streets, schools, Post(id="3", text="Kiitos", thread="b")])


def texts(**filters: str) -> list[str]:
    return sorted(Filters(**filters).queryset().values_list("text", flat=True))


def test_the_inbox_shows_what_addresses_somebody():
    assert texts(addressee="Kadut & puistot") == ["Tie on liukas"] * 2
    assert texts(addressee="Koulut", source="Lomake") == ["Koulussa haisee"]
    assert texts(addressee="Ei kukaan") == []


def test_the_inbox_shows_a_discussion():
    assert texts(thread="a", source="Lomake") == ["Koulussa haisee", "Tie on liukas"]
    assert texts(thread="b") == ["Kiitos"] * 2


def test_the_addressee_of_a_message_leads_to_all_that_address_it():
    client = at_desk(Role.READER, headers={"Accept-Language": "en"})
    told = Message.objects.filter(text="Tie on liukas").first()
    link = "/inbox/?addressee=Kadut%20%26%20puistot"
    assert f'href="{link}"' in client.get(f"/messages/{told.pk}/").content.decode()
    shown = client.get(link).content.decode()
    assert "Tie on liukas" in shown
    assert "Koulussa haisee" not in shown
    assert '<option value="Kadut &amp; puistot" selected>' in shown

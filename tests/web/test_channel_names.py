"""Channels are called by names that the reader knows; addresses and data keep the code."""

import csv
import io

import pytest
from django.utils.translation import override
from tests.desk.desk_rows import add_message
from tests.web.cast import at_desk

from kuulo.web.names import channel_name


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("fi", "form", "lomake"),
        ("sv", "e-mail", "e-post"),
        ("nb", "Email", "e-post"),
        ("fi", "phone note", "puhelumuistio"),
        ("en", "mastodon", "Mastodon"),
        ("en", "Kuntalaisportaali", "Kuntalaisportaali"),
    ],
)
def test_a_known_channel_has_a_name_and_another_stays_as_it_is(language, code, name):
    with override(language):
        assert channel_name(code) == name


@pytest.mark.django_db
def test_the_inbox_names_a_channel_and_asks_for_its_code():
    add_message("bus", channel="e-mail", language="en")
    desk = at_desk("reader", headers={"accept-language": "fi"})
    page = desk.get("/inbox/").content.decode()
    assert '<option value="e-mail">sähköposti</option>' in page
    assert '<span class="where">sähköposti</span>' in page
    assert desk.get("/inbox/?channel=e-mail").content.decode().count('<span class="where">') == 1
    data = b"".join(desk.get("/inbox/?format=csv")).decode("utf-8-sig")
    assert [row["channel"] for row in csv.DictReader(io.StringIO(data))] == ["e-mail"]

"""One text by several writers within three days is told; by one writer, or over weeks, it is not."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.cast import at_desk

from kuulo.desk.coordinated import OneText, one_text
from kuulo.desk.figures import refresh_figures
from kuulo.models import Author, Message, Placement, Role, Source, Theme

pytestmark = pytest.mark.django_db


def family(*, hours: int, writers: int, messages: int = 6) -> Message:
    source = Source.objects.create(name="Lomake")
    authors = [Author.objects.create(key=f"{n}") for n in range(writers)]
    head = None
    for n in range(messages):
        at = timezone.now() - timedelta(hours=hours * n)
        told = {"source": source, "identity": f"{n}", "text": "Säilyttäkää koulu", "arrived": at, "status": "grouped"}
        made = Message.objects.create(author=authors[n % writers], copy_of=head, **told)
        head = head or made
    return made


def test_one_text_by_several_writers_within_three_days_is_told():
    copy = family(hours=10, writers=3)
    assert one_text(copy.copy_of_id) == OneText(6, 3)
    page = at_desk(Role.READER).get(f"/messages/{copy.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "6 messages, one text" in page


@pytest.mark.parametrize("told", [{"hours": 10, "writers": 2}, {"hours": 30, "writers": 3}])
def test_few_writers_or_many_days_are_not(told):
    assert one_text(family(**told).copy_of_id) is None


def test_a_theme_tells_of_the_text_that_most_sent():
    copy = family(hours=10, writers=3)
    theme = Theme.objects.create(code="T1", names={"en": "School"}, stale=True)
    for one in Message.objects.all():
        Placement.objects.create(message=one, theme=theme, main=True, arrived=one.arrived)
    refresh_figures(limit=1)
    browser = at_desk(Role.READER)
    page = browser.get("/themes/T1/", headers={"accept-language": "en"}).content.decode()
    assert (
        f'<a href="/messages/{copy.copy_of_id}/#copies">6 messages, one text: 3 writers within three days</a>' in page
    )
    rows = json.loads(b"".join(browser.get("/themes/T1/?format=json").streaming_content))
    assert [(row["name"], row["messages"]) for row in rows if row["what"] == "one_text"] == [
        (f"{copy.copy_of_id}", 6)
    ]
    Message.objects.update(author=Author.objects.first())
    Theme.objects.update(stale=True)
    refresh_figures(limit=1)
    assert "one text" not in browser.get("/themes/T1/", headers={"accept-language": "en"}).content.decode()


def test_only_what_came_together_is_counted():
    copy = family(hours=12, writers=5, messages=20)
    assert one_text(copy.copy_of_id) == OneText(7, 5)

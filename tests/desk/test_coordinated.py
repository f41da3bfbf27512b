"""One text by several writers within three days is told; by one writer, or over weeks, it is not."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.cast import at_desk

from kuulo.desk.coordinated import OneText, one_text
from kuulo.models import Author, Message, Role, Source

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
    assert one_text(copy) == OneText(6, 3)
    page = at_desk(Role.READER).get(f"/messages/{copy.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "6 messages, one text" in page


@pytest.mark.parametrize("told", [{"hours": 10, "writers": 2}, {"hours": 30, "writers": 3}])
def test_few_writers_or_many_days_are_not(told):
    assert one_text(family(**told)) is None
    assert one_text(Message.objects.first()) is None


def test_only_what_came_together_is_counted():
    copy = family(hours=12, writers=5, messages=20)
    assert one_text(copy) == OneText(7, 5)

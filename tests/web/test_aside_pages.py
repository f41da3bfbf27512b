"""The pages tell why a message is set aside, and let people have the last word."""

import pytest
from tests.web.cast import at_desk

from kuulo.desk.receive import receive
from kuulo.hear.connector import Post
from kuulo.models import Message, Role, Source

pytestmark = pytest.mark.django_db
NOT_OURS = "Jääkiekko-ottelu meni jatkoajalle, mikä maali!"


@pytest.fixture
def told() -> Message:
    source = Source.objects.create(name="Aihetunniste", run_by="residents", relevance_limit=0.3)
    receive(source, [Post(id="1", text=NOT_OURS)])
    return Message.objects.get()


def page(path: str, role: Role = Role.SUPERVISOR) -> str:
    return at_desk(role, headers={"Accept-Language": "en"}).get(path).content.decode()


def test_the_page_of_a_message_tells_why_and_takes_it_in(told):
    shown = page(f"/messages/{told.pk}/")
    assert "The message is set aside" in shown
    assert "jatkoajalle" in shown
    assert "This is ours" in shown
    at_desk(Role.SUPERVISOR).post(f"/messages/{told.pk}/ours/")
    assert Message.objects.get().status == "new"
    shown = page(f"/messages/{told.pk}/")
    assert "Somebody took it in" in shown
    at_desk(Role.SUPERVISOR).post(f"/messages/{told.pk}/aside/")
    assert Message.objects.get().status == "aside"


def test_who_only_reads_sees_the_reason_and_no_button(told):
    shown = page(f"/messages/{told.pk}/", Role.READER)
    assert "The message is set aside" in shown
    assert "This is ours" not in shown


def test_the_page_of_a_source_counts_what_is_aside_with_a_link(told):
    shown = page(f"/sources/{told.source_id}/")
    assert "source=Aihetunniste&amp;status=aside&amp;copies=all" in shown
    assert NOT_OURS in page("/inbox/?source=Aihetunniste&status=aside&copies=all")


def test_the_form_of_a_source_sets_the_limit_and_judges_anew(told):
    form = {"name": "Aihetunniste", "keep_days": "365", "run_by": "residents", "own_names": "Malmi\n@malmi"}
    client = at_desk(Role.SUPERVISOR, headers={"Accept-Language": "en"})
    answer = client.post(f"/sources/{told.source_id}/change/", form | {"relevance_limit": ""}, follow=True)
    assert "0 set aside, 1 taken in" in answer.content.decode()
    assert Message.objects.get().status == "new"
    client.post(f"/sources/{told.source_id}/change/", form | {"relevance_limit": "0.5"})
    assert Source.objects.get().relevance_limit == 0.5
    assert Message.objects.get().status == "aside"
    assert client.post(f"/sources/{told.source_id}/change/", form | {"relevance_limit": "7"}).status_code == 422
    assert 'value="0.5" selected' in page(f"/sources/{told.source_id}/change/")

"""Replies that need a person are shown with what happened, and done with what the person says."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.desk.desk_rows import add_message
from tests.web.cast import at_desk, person

from kuulo.models import Connection, Delivery, Event, Message, Role

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


def message(**more: object) -> Message:
    made = add_message("Milloin tie aurataan?", reply_to={"id": "1"}, **more)
    Connection.objects.get_or_create(source=made.source, connector="mail")
    return made


def reply(state: str, code: str = "", kind: str = "retry", to: Message | None = None, **facts: object) -> Delivery:
    trouble = {"code": code, "kind": kind, "facts": facts}
    key = f"k{Delivery.objects.count()}"
    text, to = "Huomenna aamulla.", to or message()
    return Delivery.objects.create(message=to, key=key, text=text, state=state, trouble=trouble, person=person())


def page(role: Role = Role.OFFICIAL, language: str = "en") -> str:
    return at_desk(role, headers={"Accept-Language": language}).get("/replies/").text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("unknown", "worker-died"), "Kuulo was stopped in the middle of sending it."),
        (("unknown", "broken-off"), "The line broke in the middle of sending it."),
        (("refused", "mail-not-found", "refused"), "was not found in the mailbox."),
        (("refused", "refused", "refused"), "The channel did not take it."),
        (("refused", "busy", "retry"), "Kuulo tried for two days"),
        (("refused", "not-let-in", "auth"), "Wants a new token or password"),
        (("refused", "no-such-thing", "broken"), "no-such-thing"),
    ],
)
def test_what_happened_is_told_in_words(told, said):
    reply(*told)
    assert said in page()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.1.1", "The address does not exist. (5.1.1)"),
        ("4.2.2", "The mailbox was full. (4.2.2)"),
        ("5.7.1", "The receiving mail server did not take it. (5.7.1)"),
        ("", "The receiving mail server did not take it."),
    ],
)
def test_a_mail_that_came_back_tells_why(status, said):
    reply("bounced", "bounced", "refused", detail=status)
    assert said in page()


def test_it_leads_to_the_message_and_to_its_place_in_the_channel():
    asked = message(url="https://palsta.example/1")
    reply("unknown", "broken-off", to=asked)
    shown = page()
    assert f'href="/messages/{asked.pk}/"' in shown
    assert 'href="https://palsta.example/1"' in shown
    assert "Huomenna aamulla." in shown


def test_only_what_needs_a_person_is_shown_and_counted_in_the_menu():
    for state in ("queued", "running", "sent", "left"):
        reply(state)
    reply("unknown", to=message(gone=timezone.now()))
    assert "No reply needs anybody now." in page()
    assert 'href="/replies/"' not in page()
    reply("unknown")
    reply("bounced", "bounced", "refused")
    assert "Replies (2)" in page()
    assert "2 replies wait for you." in page()


def test_who_only_reads_is_told_nothing_of_it():
    reply("unknown")
    client = at_desk(Role.READER)
    assert 'href="/replies/"' not in client.get("/inbox/").text
    assert client.get("/replies/").status_code == 403


@pytest.mark.parametrize(
    ("state", "outcome", "becomes", "event"),
    [
        ("unknown", "arrived", "sent", "reply-settled"),
        ("unknown", "again", "queued", "reply-settled"),
        ("refused", "again", "queued", "reply-settled"),
        ("bounced", "left", "left", "reply-left"),
    ],
)
def test_what_a_person_says_is_done_and_stands_in_the_history(state, outcome, becomes, event):
    one = reply(state, "bounced")
    client = at_desk(Role.OFFICIAL, headers=ENGLISH)
    answer = client.post(f"/replies/{one.pk}/settle/", {"outcome": outcome}, follow=True)
    one.refresh_from_db()
    assert one.state == becomes
    assert Event.objects.get(kind=event).person == person(Role.OFFICIAL)
    assert "No reply needs anybody now." in answer.text
    again = client.post(f"/replies/{one.pk}/settle/", {"outcome": outcome}, follow=True)
    assert "It is already known how this reply ended." in again.text
    assert Event.objects.filter(kind=event).count() == 1


def test_anything_else_that_is_said_changes_nothing():
    one = reply("unknown")
    assert at_desk(Role.OFFICIAL).post(f"/replies/{one.pk}/settle/", {"outcome": "perhaps"}).status_code == 400
    one.refresh_from_db()
    assert one.state == "unknown"


def test_the_data_are_what_the_page_shows():
    one = reply("bounced", "bounced", "refused", detail="5.1.1")
    client = at_desk(Role.OFFICIAL, headers=ENGLISH)
    (row,) = json.loads(b"".join(client.get("/replies/?format=json").streaming_content))
    assert (row["reply"], row["message"], row["state"]) == (one.pk, one.message_id, "bounced")
    assert row["why"] == "The address does not exist. (5.1.1)"


def test_it_costs_no_more_queries_with_more_replies():
    def queries() -> int:
        client = at_desk(Role.OFFICIAL)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/replies/")
        return len(asked)

    reply("unknown")
    one = queries()
    reply("refused", "refused", "refused")
    reply("bounced", "bounced", "refused")
    assert queries() == one

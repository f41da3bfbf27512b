"""Who asks for their data gets it, and may have it erased; a name leaves no trace in addresses or the history."""

import json

import pytest
from tests.web.cast import at_desk

from kuulo.desk.receive import receive
from kuulo.hear.connector import Post
from kuulo.models import Author, Event, Message, Placement, RawText, Source, Theme

pytestmark = pytest.mark.django_db
NAME = "anna.esimerkki@example.org"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.AUTHOR_KEYS = tmp_path / "keys"


@pytest.fixture
def admin():
    client = at_desk("administrator")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def mail():
    source = Source.objects.create(name="Posti", channel="email")
    texts = ("Tie on liukas, soita 040 123 4567", "Valo ei pala")
    receive(source, [Post(id=str(at), text=text, author=NAME) for at, text in enumerate(texts)])
    receive(source, [Post(id="9", text="Toisen asia", author="toinen@example.org")])
    return source


def ask(client, source=None, name=NAME, **more):
    return client.post("/person-data/", {"handle": name, "source": source.pk if source else "", **more})


def test_a_writer_is_found_by_the_name_and_the_page_says_how_far(admin, mail):
    assert "every 90 days" in admin.get("/person-data/").text
    page = ask(admin, name=NAME.upper())
    assert "Valo ei pala" in page.text
    assert "Tie on liukas" in page.text
    assert "Toisen asia" not in page.text
    assert "no-store" in page["Cache-Control"]
    assert "Nothing was found" in ask(admin, name="joku@example.org").text
    assert [event.facts for event in Event.objects.filter(kind="person-searched").order_by("pk")] == [
        {"messages": 2, "sources": 1}, {"messages": 0, "sources": 0}
    ]  # fmt: skip


def test_all_of_it_is_given_out_word_for_word(admin, mail):
    told = json.loads(ask(admin, mail, act="export").content)
    assert (told["source"], [one["text"] for one in told["messages"]][1]) == ("Posti", "Valo ei pala")
    first = told["messages"][0]
    assert first["word_for_word"] == "Tie on liukas, soita 040 123 4567"
    assert "040" not in first["text"]


def test_what_is_erased_is_gone_for_good_and_others_stay(admin, mail):
    theme = Theme.objects.create(code="T1")
    for message in Message.objects.all():
        Placement.objects.create(message=message, theme=theme, arrived=message.arrived)
    page = ask(admin, mail, act="erase")
    assert "2" in admin.get(page["Location"]).text
    assert [one.text for one in Message.objects.filter(gone=None)] == ["Toisen asia"]
    assert (Author.objects.count(), RawText.objects.count(), Placement.objects.count()) == (1, 0, 1)
    assert receive(mail, [Post(id="1", text="Valo ei pala", author=NAME)]).known == 1
    assert Message.objects.filter(text="Valo ei pala").count() == 0


@pytest.mark.parametrize("told", ["@anna", "anna", "name:Anna"])
def test_who_is_blocked_is_taken_in_no_more(admin, mail, told):
    ask(admin, mail, name="anna", act="block")
    assert receive(mail, [Post(id="20", text="Taas", author=told)]).passed == {"blocked": 1}
    assert "Blocked" in ask(admin, mail, name="@Anna").text


def test_no_name_is_left_in_the_history(admin, mail):
    for act in ("", "export", "block", "erase"):
        ask(admin, mail, act=act)
    kinds = {"person-searched", "person-exported", "person-blocked", "person-erased"}
    assert kinds <= set(Event.objects.values_list("kind", flat=True))
    assert "anna" not in json.dumps([*Event.objects.values_list("facts", flat=True)])
    assert "erased the messages of one writer" in admin.get("/history/").text


def test_one_message_is_erased_with_a_reason(admin, mail):
    row = Message.objects.get(text="Toisen asia")
    assert "Erase this message" in admin.get(f"/messages/{row.pk}/").text
    assert "Erase this message" not in at_desk("official").get(f"/messages/{row.pk}/").text
    admin.post(f"/messages/{row.pk}/erase/", {"reason": "odd"})
    assert Message.objects.get(pk=row.pk).text
    admin.post(f"/messages/{row.pk}/erase/", {"reason": "other-person"})
    row.refresh_from_db()
    assert (row.text, row.status, row.author) == ("", "gone", None)
    assert Event.objects.get(kind="message-erased").facts == {"source": mail.pk, "reason": "other-person"}


def test_no_more_is_asked_of_the_database_for_more_messages(admin, mail, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        ask(admin, mail)
    receive(mail, [Post(id=f"x{at}", text=f"Asia {at}", author=NAME) for at in range(30)])
    with django_assert_max_num_queries(25):
        ask(admin, mail)

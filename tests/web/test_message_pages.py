"""The inbox, the message and the search in the browser: what they show, and what they never do."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.desk_rows import add_message, add_theme, fill_town, place
from tests.web.cast import person

from kuulo.desk.receive import receive
from kuulo.hear.connector import Gone, Post
from kuulo.models import Correction, Event, Message, RejectedRow, SavedView, Source, Tag

pytestmark = pytest.mark.django_db

PAGES = ("/inbox/", "/search/?words=auraus", "/views/", "/tags/", "/inbox/news/")
HOSTILE = "<script>alert(1)</script> \u202eabc\u200b <b>&amp;"


@pytest.fixture
def official(client: Client) -> Client:
    client.force_login(person())
    return client


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_a_page_asks_who_comes(client: Client) -> None:
    message = add_message()
    for address in (*PAGES, f"/messages/{message.pk}/", f"/messages/{message.pk}/similar/"):
        assert client.get(address).status_code == 302, address
    client.force_login(person("reader"))
    for address in (*PAGES, f"/messages/{message.pk}/", f"/messages/{message.pk}/similar/"):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "en"])
def test_every_page_speaks_every_language(official: Client, language: str) -> None:
    fill_town(40)
    SavedView.objects.create(person=person(name="other"), page="inbox", name="vy", shared=True)
    for address in (*PAGES, "/inbox/?theme=T1&tag=auraus&since=2026-09-01&kind=asks&status=uncertain&copies=all"):
        assert official.get(address, headers={"accept-language": language}).status_code == 200
    for message in Message.objects.exclude(status="safety"):
        answer = official.get(f"/messages/{message.pk}/", headers={"accept-language": language})
        assert answer.status_code == 200


def test_the_inbox_shows_text_theme_and_copies(official: Client) -> None:
    message = add_message("Auraus jää tekemättä", channel="form", language="fi", kind="reports")
    place(message, add_theme("T7"))
    add_message(copy_of=message)
    page = body(official, "/inbox/")
    assert 'href="/themes/T7/"' in page
    assert "teema T7" in page
    assert '<blockquote class="voice" lang="fi"><p>Auraus jää tekemättä</p>' in page
    assert "and 1 copy" in page
    assert "1 message" in page


def test_a_long_text_is_read_on_demand_and_a_huge_one_not_at_all(official: Client) -> None:
    add_message("alku " * 100 + "loppu " + "x" * 100_000)
    page = body(official, "/inbox/")
    assert '<details class="fold rest">' in page
    assert "loppu" in page
    assert len(page) < 60_000


def test_hostile_text_is_text_and_what_is_hidden_in_it_is_seen(official: Client) -> None:
    message = add_message(
        HOSTILE, channel="<i>", origin_id="<u>", background=[["<a>", "<img src=x>"]], url="javascript:alert(1)"
    )
    message.tags.add(Tag.objects.create(name="<s>"))
    place(
        message,
        add_theme("T1"),
        why={"near": [message.pk], "words": ["<em>", "script"]},
    )
    for address in (
        "/inbox/",
        f"/messages/{message.pk}/",
        "/search/?words=script",
        "/tags/",
        "/inbox/?channel=<i>&words=<q>&tag=<p>",
    ):
        page = body(official, address)
        for tag in ("<script>alert", "<i>", "<img src=x", "<s>", "<em>", "<q>", '<p>"', 'href="javascript'):
            assert tag not in page, (address, tag)
    page = body(official, "/inbox/")
    assert "\\u202eabc\\u200b" in page
    assert "\u202e" not in page


def test_pages_ask_no_more_for_more_messages(official: Client) -> None:
    theme = add_theme("T1")
    costs: dict[str, list[int]] = {}
    for n in range(1, 4):
        message = add_message("auraus", thread="t", origin_id=f"id{n}", channel="form")
        place(message, theme, why={"near": [message.pk], "words": ["auraus"]})
        message.tags.add(Tag.objects.create(name=f"tag{n}"))
        add_message("auraus", copy_of=message)
        addresses = (
            *PAGES,
            "/inbox/?theme=T1",
            "/inbox/?format=csv",
            "/search/?mine=auraus",
            f"/messages/{Message.objects.earliest('pk').pk}/",
        )
        for address in addresses:
            b"".join(official.get(address))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                b"".join(official.get(address))
            costs.setdefault(address, []).append(len(asked))
    thread = costs.pop(addresses[-1])
    assert thread[1] == thread[2]
    assert all(len(set(counted)) == 1 for counted in costs.values()), costs


def test_the_data_is_what_the_list_shows(official: Client) -> None:
    fill_town(120)
    for query in ("", "theme=T1", "copies=all&channel=form", "words=auraus"):
        listed: list[str] = []
        address = f"/inbox/?{query}"
        while address:
            page = official.get(address)
            listed += [str(entry.message.pk) for entry in page.context["entries"]]
            earlier = page.context["earlier"]
            address = f"/inbox/?{query}&before={earlier}" if earlier else ""
        sheet = official.get(f"/inbox/?{query}&format=csv")
        rows = list(csv.DictReader(io.StringIO(b"".join(sheet).decode("utf-8-sig"))))
        records = json.loads(b"".join(official.get(f"/inbox/?{query}&format=json")))
        assert [row["number"] for row in rows] == [str(record["number"]) for record in records] == listed
        known = {str(message.pk): message for message in Message.objects.all()}
        assert all(row["text"] == known[row["number"]].text for row in rows)
        assert listed


def test_nothing_new_is_said_without_a_body(official: Client) -> None:
    first = add_message()
    address = f"/inbox/news/?newest={first.pk}"
    answer = official.get(address)
    assert answer.content.decode().strip() == ""
    assert official.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    add_message()
    told = official.get(address, headers={"if-none-match": answer["ETag"]})
    assert told.status_code == 200
    assert "1 new message" in told.content.decode()
    assert "1 new" not in body(official, f"{address}&channel=other")


def test_the_mark_changes_when_waiting_messages_are_placed(official: Client) -> None:
    waiting = add_message(status="new")
    before = official.get("/inbox/news/?theme=T1")["ETag"]
    place(waiting, add_theme("T1"))
    Message.objects.filter(pk=waiting.pk).update(status="grouped")
    assert official.get("/inbox/news/?theme=T1")["ETag"] != before


def test_a_message_tells_why_it_stands_where_it_does(official: Client) -> None:
    example, message = add_message("aura kaatoi vallin"), add_message("vallin takana")
    theme, other = add_theme("T1"), add_theme("T2")
    place(example, theme)
    place(message, theme, why={"near": [example.pk, 999_999], "words": ["valli", "vallin"]})
    order = Correction.objects.create(kind="move", theme=other, made_by=person(name="kaisa"), reason="oma syy")
    place(message, other, main=False, by="person", why={"correction": order.pk})
    Event.objects.create(kind="moved", message_id=message.pk)
    page = body(official, f"/messages/{message.pk}/")
    assert "aura kaatoi <mark>vallin</mark>" in page
    assert "kaisa put it here" in page
    assert "oma syy" in page
    assert "moved" in page


def test_a_move_is_told_once_on_the_page_of_the_message_and_can_be_undone_there(official: Client) -> None:
    message = add_message()
    place(message, add_theme("T1"))
    add_theme("T2")
    address = f"/messages/{message.pk}/"
    official.post(f"{address}move/", {"theme": "T2"})
    undo = f"/corrections/{Correction.objects.get().pk}/undo/"
    assert body(official, address).count(undo) == 2  # what was just done, and the history
    later = body(official, address)
    assert later.count(undo) == 1
    assert "moved 1 message from T1 (teema T1) to T2 (teema T2)" in later
    official.post(undo, {"next": address})
    assert list(message.placements.values_list("theme__code", flat=True)) == ["T1"]
    assert "/undo/" not in body(official, address)


def test_a_message_shows_its_discussion_in_order_and_its_copies(official: Client) -> None:
    texts = [add_message(f"viesti {n}", thread="t") for n in range(3)]
    add_message("toinen keskustelu", thread="u")
    copy = add_message("viesti 1", copy_of=texts[1])
    page = body(official, f"/messages/{texts[1].pk}/")
    assert page.index("viesti 0") < page.index("viesti 2")
    assert "toinen keskustelu" not in page
    assert f'id="m{copy.pk}"' in page
    assert f"/messages/{texts[1].pk}/" in body(official, f"/messages/{copy.pk}/")


@pytest.mark.parametrize("pk", [0, 999_999, 2**63 - 1, 2**80])
def test_no_message_is_no_page(official: Client, pk: int) -> None:
    assert official.get(f"/messages/{pk}/").status_code == 404


def test_a_row_that_was_mended_says_where(official: Client) -> None:
    message = add_message()
    intake = message.intake
    if intake is None:
        from kuulo.models import Intake

        intake = Intake.objects.create(file_name="a.csv", file_hash="0", file_size=1)
    RejectedRow.objects.create(intake=intake, row=3, column="päivä", code="no-date", message=message)
    assert "päivä" in body(official, f"/messages/{message.pk}/")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text()
    | st.sampled_from(
        ['"', "AND OR", "a-b", "NEAR(", "C++", "katu:", "*", "%_\\", "#1", '""', "'", "\x00", '"a" "', "()", "&|!"]
    )
)
def test_no_search_breaks(official: Client, words: str) -> None:
    if not Message.objects.exists():
        fill_town(12)
    assert official.get("/search/", {"words": words, "mine": words}).status_code == 200
    assert official.get("/inbox/", {"words": words}).status_code == 200
    assert official.get("/tags/", {"beginning": words}).status_code == 200


def test_the_search_marks_the_words_and_says_where_a_message_went(official: Client) -> None:
    message = add_message("Leikkipuiston keinu on rikki", origin_id="A17")
    place(message, add_theme("T1"))
    assert "<mark>Leikkipuiston</mark>" in body(official, "/search/?words=puisto")
    for mine in ("A17", f"%23{message.pk}", "leikkipuiston keinu"):
        assert 'href="/themes/T1/"' in body(official, f"/search/?mine={mine}").split('id="went"')[1]
    empty = add_message("", status="empty", origin_id="A18")
    page = body(official, "/search/?mine=A18")
    assert f'id="m{empty.pk}"' in page
    assert "Empty" in page
    assert "/intakes/" in body(official, "/search/?mine=A19")


def test_a_message_of_a_channel_tells_where_it_belongs(official: Client) -> None:
    source = Source.objects.create(name="Some")
    receive(source, [Post(id="1", text="Tie on liukas", title="Liukas tie", supporters=3, addressee="@kaupunki")])
    receive(source, [Post(id="2", text="Niin on", parent="1", private=True)])
    receive(source, [Post(id="1", text="Tie on <b>jäässä</b>", title="Liukas tie", supporters=4)])
    first, second = Message.objects.filter(source=source).order_by("pk")
    page = body(official, f"/messages/{first.pk}/")
    for told in ("Liukas tie", "Tie on liukas", "Niin on", "&lt;b&gt;jäässä"):
        assert told in page
    assert f"/messages/{first.pk}/" in body(official, f"/messages/{second.pk}/")
    receive(source, [Gone(id="1")])
    page = body(official, f"/messages/{first.pk}/")
    assert "Liukas tie" not in page
    assert "jäässä" not in page

"""The watch list tells where a matter is talked about, and where no official has answered."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.cast import at_desk, person

from kuulo.desk import watch as desk
from kuulo.desk.inbox import Filters
from kuulo.desk.receive import receive
from kuulo.hear.connector import Post
from kuulo.models import Delivery, Event, Message, Role, Source, Watch

pytestmark = pytest.mark.django_db


def post(number: int, text: str, thread: str = "", **more: object) -> Post:
    return Post(id=str(number), text=text, thread=thread, author=f"asukas {number}", **more)


@pytest.fixture
def forum() -> Source:
    source = Source.objects.create(name="Keskustelupalsta", run_by="residents")
    long_ago = timezone.now() - timedelta(days=40)
    receive(
        source,
        [
            post(1, "Lumivalli taas portilla", "auraus"),
            post(2, "Sama lumivalli meillä", "auraus"),
            post(3, "Lumivalli vai uimahalli?", "vastattu"),
            post(4, "Hoidamme asian: lumivalli pois", "vastattu", actor="official"),
            post(5, "Yksin tuli lumivalli"),
            post(6, "Kiitos kirjastolle", "kirjasto"),
            post(7, "Vanha lumivalli", "vanha", time=long_ago),
        ],
    )
    return source


def data(client: Client, address: str) -> list[dict[str, object]]:
    return json.loads(b"".join(client.get(address).streaming_content))


def watch(**told: object) -> Watch:
    given = {"name": "Auraus", "words": "lumivalli", "services": [], "sources": []} | told
    return desk.make(person(Role.SUPERVISOR), **given)


def test_discussions_without_an_official_reply_are_the_gap_most_talked_about_first(forum):
    found = desk.watched(watch())
    assert [(one.thread, one.messages, len(one.people)) for one in found.gap] == [("auraus", 2, 2), ("", 1, 1)]
    assert {one.thread: one.official for one in found.discussions} == {"auraus": 0, "": 0, "vastattu": 1}
    assert [(one.name, one.messages, one.people, one.discussions, one.answered) for one in found.places] == [
        ("Keskustelupalsta", 4, 4, 3, 1)
    ]


def test_a_reply_that_kuulo_sent_closes_the_gap(forum):
    one = watch()
    for state in ("queued", "sent"):
        answered = Message.objects.get(origin_id="2")
        Delivery.objects.create(message=answered, key=state, text="Tulossa", state=state)
        assert ("auraus" in {held.thread for held in desk.watched(one).gap}) == (state == "queued")


def test_words_of_a_service_and_chosen_sources(forum):
    other = Source.objects.create(name="Toinen palsta")
    receive(other, [post(1, "Plogen lämnade en snövall", language="sv"), post(2, "Lumivalli täälläkin")])
    by_service = watch(name="Vallit", words="", services=["plough-ridges"])
    assert {one.name for one in desk.watched(by_service).places} == {"Keskustelupalsta", "Toinen palsta"}
    assert Filters(watch=by_service.pk).queryset().filter(text__contains="snövall").exists()
    assert [one.name for one in desk.watched(watch(sources=[other])).places] == ["Toinen palsta"]


def test_what_is_aside_is_not_talk_of_the_matter(forum):
    Message.objects.update(status="aside")
    assert desk.watched(watch()).discussions == []


def test_each_number_opens_the_very_messages(forum):
    one = watch()
    client = at_desk(Role.READER, headers={"Accept-Language": "en"})
    shown = client.get(f"/watch/{one.pk}/").content.decode()
    since = desk.watched(one).since.isoformat()
    link = f"/inbox/?source=Keskustelupalsta&amp;thread=auraus&amp;since={since}&amp;watch={one.pk}&amp;copies=all"
    assert link in shown
    opened = data(client, link.replace("&amp;", "&") + "&format=json")
    assert sorted(row["text"] for row in opened) == ["Lumivalli taas portilla", "Sama lumivalli meillä"]
    rows = data(client, f"/watch/{one.pk}/?format=json")
    assert (rows[0]["thread"], rows[0]["messages"], rows[0]["official_replies"]) == ("auraus", 2, 0)


def test_a_watch_is_made_and_removed_by_who_may(forum):
    told = {"name": "Auraus", "words": "lumivalli", "services": ["plough-ridges"]}
    assert at_desk(Role.READER).post("/watch/new/", told).status_code == 403
    client = at_desk(Role.SUPERVISOR)
    assert client.post("/watch/new/", {"name": "Tyhjä"}).status_code == 422
    assert "plough-ridges" in client.get("/watch/new/").content.decode()
    client.post("/watch/new/", told)
    one = Watch.objects.get()
    assert (one.words, one.services) == ("lumivalli", ["plough-ridges"])
    assert client.post("/watch/new/", told).status_code == 422
    client.post(f"/watch/{one.pk}/remove/")
    assert not Watch.objects.exists()
    assert [*Event.objects.order_by("pk").values_list("kind", flat=True)] == ["watch-made", "watch-removed"]


def test_no_more_is_asked_for_more_discussions(forum):
    one, client = watch(), at_desk(Role.READER)
    asked = []
    for begin in (100, 200):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/watch/{one.pk}/")
        asked.append(len(queries))
        receive(forum, [post(begin + n, "Lumivalli", f"uusi {begin + n}") for n in range(3)])
    assert asked[0] == asked[1]

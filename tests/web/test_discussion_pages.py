"""The pages of discussions: the quiet first, where the people are, and what was done, each number with its messages."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.desk.desk_rows import add_message, add_source, add_theme
from tests.desk.test_discussions import about, day, follow, furnished_place, matter, say
from tests.web.cast import at_desk, person

from kuulo.desk.discussions import acts, seek
from kuulo.models import Discussion, DiscussionStep, Role, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def aino():
    return person(Role.OFFICIAL, name="Aino")


def text(client: Client, address: str) -> str:
    return client.get(address, headers={"Accept-Language": "en"}).content.decode()


def data(client: Client, address: str) -> list[dict[str, object]]:
    return json.loads(b"".join(client.get(address).streaming_content))


def official() -> Client:
    return at_desk(Role.OFFICIAL, headers={"Accept-Language": "en"})


def test_a_quiet_one_is_told_of_on_the_front_page_until_it_is_taken_somewhere(aino):
    one = follow(aino)
    front = text(official(), "/themes/")
    assert "A discussion of ours has stayed quiet:" in front
    assert f'href="/discussions/{one.pk}/"' in front
    official().post(f"/discussions/{one.pk}/do/take/", {"where": "Puskaradio", "on": day(0).isoformat()})
    assert "stayed quiet" not in text(official(), "/themes/")
    shown = text(official(), f"/discussions/{one.pk}/")
    assert "took the question to: Puskaradio" in shown
    official().post(f"/discussions/steps/{DiscussionStep.objects.get().pk}/undo/")
    assert "stayed quiet" in text(official(), "/themes/")


def test_every_number_opens_the_messages_that_it_counts(aino):
    north = furnished_place("Pohjoinen")
    about(say("Kouluruokaa lisää", by=1, language="fi"), north)
    about(matter("Kouluruoka on kylmää", language="fi", by=2), north)
    matter("Skolmaten är kall", language="sv", by=3, source="Some")
    one = follow(aino)
    while seek.seek():
        pass
    client, address = official(), f"/discussions/{one.pk}/"
    rows = data(client, address + "?format=json")
    page = text(client, address)
    filters = {"language": "language", "area": "place", "source": "source"}
    assert {row["what"] for row in rows} >= {"voices", "messages", *filters}
    for row in rows:
        if row["what"] not in filters:
            continue
        value = str(north.pk) if row["what"] == "area" else row["name"]
        for side, filtered in (("here", "discussion"), ("elsewhere", "elsewhere")):
            if row[side]:
                query = f"{filtered}={one.pk}&{filters[row['what']]}={value}&copies=all"
                assert len(data(client, f"/inbox/?{query}&format=json")) == row[side], query
    assert f'href="/inbox/?discussion={one.pk}&amp;copies=all"' in page
    assert f'href="/inbox/?source=Some&amp;elsewhere={one.pk}&amp;copies=all"' in page
    assert "school meals" in page.lower()


def test_nobody_elsewhere_is_said_and_so_is_a_name_that_tells_nothing(aino):
    named, unnamed = follow(aino), follow(aino, thread="h2", name="Kuntastrategia")
    assert "Kuulo is looking" in text(official(), f"/discussions/{named.pk}/")
    add_message("Kirjasto")
    while seek.seek():
        pass
    assert "Nowhere else that Kuulo hears" in text(official(), f"/discussions/{named.pk}/")
    assert "cannot tell from the name" in text(official(), f"/discussions/{unnamed.pk}/")


def test_a_person_follows_a_discussion_by_the_address_of_a_message_in_it():
    source = add_source("Foorumi")
    say(source=source, thread="t77", url="https://foorumi.example/t/77/3", by=1)
    told = {"name": "Ruoka", "source": source.pk, "opened": day(30).isoformat(), "wanted": "3", "within": "10"}
    answer = official().post("/discussions/new/", told | {"thread": "https://foorumi.example/t/77/3"})
    one = Discussion.objects.get()
    assert answer.url == f"/discussions/{one.pk}/"
    assert (one.thread, one.wanted, one.within, one.figures["messages"], one.state) == ("t77", 3, 10, 1, "quiet")
    shown = text(official(), f"/discussions/{one.pk}/")
    assert "Heard: 1 person in 30 days. We hoped for at least 3 by day 10." in shown
    official().post(f"/discussions/{one.pk}/change/", told | {"thread": "t77", "name": "Kouluruoka", "wanted": "1"})
    one.refresh_from_db()
    assert (one.name, one.state) == ("Kouluruoka", "enough")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"source": ""}, "Choose a source, a theme or an area."),
        ({"source": "", "thread": "x"}, "Choose the source of this discussion."),
        ({"thread": "https://foorumi.example/ei"}, "Kuulo has heard no message with this address"),
        ({"closes": "2020-01-01"}, "cannot close before it opens"),
        ({"opened": "eilen"}, ""),
        ({"wanted": "0"}, ""),
        ({"theme": "T999"}, ""),
    ],
)
def test_what_cannot_be_followed_is_said_in_the_form(more, said):
    told = {"name": "Ruoka", "source": add_source("Foorumi").pk, "opened": day(30).isoformat()}
    answer = official().post("/discussions/new/", told | more)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Discussion.objects.exists()


def test_the_list_puts_the_quiet_first_and_what_is_over_apart(aino):
    for number in range(6):
        say(f"{number}", by=number + 1, thread="vilkas")
    follow(aino, thread="vilkas", name="Vilkas")
    follow(aino, thread="hiljainen", name="<b>Hiljainen</b>")
    follow(aino, thread="ohi", name="Ohi", closes=day(1))
    shown = text(official(), "/discussions/")
    assert "&lt;b&gt;Hiljainen" in shown
    assert shown.index("Hiljainen&lt;/b&gt;") < shown.index("Vilkas")
    assert "Ohi" not in shown
    assert "Closed, stayed quiet" in text(official(), "/discussions/?list=over")
    rows = data(official(), "/discussions/?format=json")
    assert {row["name"]: row["state"] for row in rows}["Vilkas"] == "enough"


def test_what_a_reader_may_not_do_is_not_offered(aino):
    one = follow(aino)
    shown = text(at_desk(Role.READER), f"/discussions/{one.pk}/")
    assert "Taken to the people" not in shown
    assert f"/discussions/{one.pk}/change/" not in shown


def test_said_to_be_lively_it_is_told_of_no_more(aino):
    one = follow(aino)
    official().post(f"/discussions/{one.pk}/do/not-quiet/", {"note": "Kylätalo oli täynnä\0"})
    assert "stayed quiet" not in text(official(), "/themes/")
    shown = text(official(), f"/discussions/{one.pk}/")
    assert "Not quiet, somebody says" in shown
    assert "Kylätalo oli täynnä" in shown
    again = official().post(f"/discussions/{one.pk}/do/not-quiet/", follow=True)
    assert "Somebody said so already." in again.content.decode()
    assert (
        "Say where and when."
        in official().post(f"/discussions/{one.pk}/do/take/", {"where": "tori"}, follow=True).content.decode()
    )
    assert official().post(f"/discussions/{one.pk}/do/nothing/").status_code == 404


def test_what_is_usual_is_said_with_its_reason(aino):
    for number in range(6):
        for writer in range(10):
            say(f"{writer}", ago=98, by=writer + 1, thread=f"vanha {number}")
        follow(aino, thread=f"vanha {number}", opened=day(100), closes=day(60))
    one = follow(aino, thread="uusi", opened=day(5))
    shown = text(official(), f"/discussions/{one.pk}/")
    assert "Quieter than usual" in shown
    assert "Our 6 earlier discussions here had come to 10 on average by then." in shown
    assert "Three in four of our 6 earlier discussions here came to as many" in shown


@pytest.mark.parametrize("address", ["/discussions/", "/themes/", "/discussions/{pk}/"])
def test_more_discussions_ask_the_database_no_more(aino, address):
    add_theme("T1")
    counted = []
    for number in range(3):
        one = follow(aino, thread=f"{number}")
        matter("Kouluruoka on kylmää", source=f"Lähde {number}", by=number + 1, language=("fi", "sv", "nb")[number])
        Source.objects.create(name=f"Ryhmä {number}", run_by="residents")
        while seek.seek():
            pass
        client = official()
        client.get(address.format(pk=one.pk))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address.format(pk=one.pk))
        counted.append(len(asked))
    assert counted[0] == counted[2]


def test_the_days_that_are_left_are_counted(aino):
    one = follow(aino, closes=timezone.localdate() + timedelta(days=9))
    shown = text(official(), "/discussions/")
    assert '<td class="number">9</td>' in shown
    acts.end(aino, one)
    assert "No longer followed" in text(official(), "/discussions/?list=over")

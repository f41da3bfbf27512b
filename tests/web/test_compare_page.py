"""Two sides beside each other: the same themes, counted by hand, and a difference only where it is more than chance."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.desk.themes_town import Said, build

from kuulo.desk.background import has_background
from kuulo.models import Message

pytestmark = pytest.mark.django_db


def town() -> list[Said]:
    north, south = [["Alue", 'Pohjoinen "P"']], [["Alue", "Etelä"]]
    return [
        *(Said(at=("T1",), channel="form", days=at % 7, background=north, kind="wants") for at in range(30)),
        *(Said(at=("T1",), channel="e-mail", days=20, background=south, language="sv") for _ in range(5)),
        *(Said(at=("T2",), channel="e-mail", days=at % 20, background=south, source="Kysely") for at in range(30)),
        *(Said(at=("T2",), channel="form", days=10, background=north) for _ in range(4)),
        *(Said(at=("T3",), channel="form", days=3) for _ in range(2)),
        Said(at=("T1",), channel="form", status="uncertain"),
    ]


SIDES = [
    ("channel:form", "channel:e-mail"),
    ("language:fi", "language:sv"),
    ("source:Palaute", "source:Kysely"),
    ("kind:wants", "kind:tells"),
    ('background:Alue=Pohjoinen "P"', "background:Alue=Etelä"),
    ("period:2026-03-23..2026-03-29", "period:..2026-03-22"),
    ("period:2026-03-19..", "channel:form"),
]


def rows(desk, a: str, b: str) -> dict[str, dict]:
    told = b"".join(desk.get("/compare/", {"a": a, "b": b, "format": "json"}).streaming_content)
    return {row["code"]: row for row in json.loads(told)}


def in_inbox(address: str) -> int:
    query = {name: values[0] for name, values in parse_qs(urlsplit(unescape(address)).query).items()}
    assert query.pop("copies") == "all"
    held = Message.objects.filter(placements__theme__code=query.pop("theme"), placements__counted=True)
    if "background" in query:
        column, _, value = query.pop("background").partition("=")
        held = held.filter(has_background(column, value))
    given = {"since": "arrived__date__gte", "until": "arrived__date__lte", "source": "source__name"}
    return held.filter(**{given.get(name, name): value for name, value in query.items()}).count()


@pytest.mark.parametrize(("a", "b"), SIDES)
def test_every_number_opens_as_many_messages(desk, a, b):
    build(town())
    text = desk.get("/compare/", {"a": a, "b": b}).content.decode()
    linked = re.findall(r'<a class="count" href="(/inbox/\?[^"]*)">(\d+)</a>', text)
    assert linked
    assert [int(n) for _, n in linked] == [in_inbox(address) for address, _ in linked]
    told = rows(desk, a, b)
    assert sorted(int(n) for _, n in linked) == sorted(
        n for row in told.values() for n in (row["messages_a"], row["messages_b"]) if n
    )


def test_counts_and_shares_are_those_of_a_hand_count(desk):
    build(town())
    told = rows(desk, "channel:form", "channel:e-mail")
    assert {code: (row["messages_a"], row["messages_b"]) for code, row in told.items()} == {
        "T1": (30, 5),
        "T2": (4, 30),
        "T3": (2, 0),
    }
    assert told["T1"]["share_a"] == round(30 / 36, 4)
    assert told["T1"]["share_b"] == round(5 / 35, 4)
    assert told["T1"]["times"] == round((30 / 36) / (5 / 35), 2)


def test_a_difference_is_told_only_where_it_is_more_than_chance(desk):
    build(town())
    told = rows(desk, "channel:form", "channel:e-mail")
    assert [told[code]["difference"] for code in ("T1", "T2", "T3")] == ["more-a", "more-b", "few"]
    assert {row["difference"] for row in rows(desk, "channel:form", "channel:form").values()} == {"alike", "few"}
    text = unescape(desk.get("/compare/", {"a": "channel:form", "b": "channel:e-mail"}).content.decode())
    assert "5.8 times as common: form" in text
    assert "7.7 times as common: e-mail" in text
    assert "too few to tell" in text
    assert "2 themes differ by more than chance." in text


def test_what_only_one_side_speaks_of_has_no_number_of_times(desk):
    build([*(Said(at=("T1",), channel="a") for _ in range(9)), *(Said(at=("T2",), channel="b") for _ in range(9))])
    told = rows(desk, "channel:a", "channel:b")
    assert [(row["difference"], row["times"]) for row in told.values()] == [("more-a", None), ("more-b", None)]
    assert "only a" in desk.get("/compare/", {"a": "channel:a", "b": "channel:b"}).content.decode()


def test_at_first_the_last_week_stands_beside_the_four_before(desk):
    build(town())
    text = desk.get("/compare/").content.decode()
    assert 'value="period:2026-03-23..2026-03-29" selected' in text
    assert 'value="period:2026-02-23..2026-03-22" selected' in text


def test_days_chosen_by_hand_become_the_address(desk):
    build(town())
    answer = desk.get(
        "/compare/", {"a": "channel:form", "a_since": "2026-01-01", "a_until": "", "b": "channel:e-mail"}
    )
    assert answer.headers["Location"] == "/compare/?a=period%3A2026-01-01..&b=channel%3Ae-mail"


@pytest.mark.parametrize(
    "side",
    [
        "",
        "period:",
        "period:..",
        "period:x..y",
        "period:..9999-12-31",
        "period:0001-01-01..",
        "background:",
        "background:Alue=",
        "what:x",
        "form",
    ],
)
def test_a_side_that_makes_no_sense_is_asked_for_anew(desk, side):
    build(town())
    answer = desk.get("/compare/", {"a": side, "b": "channel:form"})
    assert answer.status_code == 200
    assert b"<table" not in answer.content


@pytest.mark.parametrize(("a", "b"), [SIDES[0], SIDES[5]])
def test_more_themes_ask_the_database_no_more_often(desk, a, b):
    counts = []
    for codes in (["T1"], ["T2", "T3"]):
        build([Said(at=(code,)) for code in codes])
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/compare/", {"a": a, "b": b}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


HOSTILE = "<script>alert(1)</script>\"'\u202e"


@pytest.mark.parametrize("side", [f"channel:{HOSTILE}", f"background:{HOSTILE}={HOSTILE}", f"source:{HOSTILE}"])
def test_hostile_values_are_only_values(desk, side):
    said = Said(at=("T1",), channel=HOSTILE, source=HOSTILE, background=[[HOSTILE, HOSTILE]])
    build([said] * 1, {"T1": {"en": HOSTILE}})
    text = desk.get("/compare/", {"a": side, "b": "language:fi"}).content.decode()
    assert "<script>alert" not in text
    assert "\u202e" not in re.sub(r'(?:value|href)="[^"]*"', "", text)
    linked = re.findall(r'<a class="count" href="(/inbox/\?[^"]*)">(\d+)</a>', text)
    assert [in_inbox(address) for address, _ in linked] == [1, 1]


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "en"])
@pytest.mark.parametrize(("a", "b"), SIDES)
def test_every_language_can_say_the_page(desk, language, a, b):
    build(town())
    desk.cookies["django_language"] = language
    text = desk.get("/compare/", {"a": a, "b": b}).content.decode()
    assert [one for one in re.findall(r"<rect[^>]*>", text) if re.search(r'width="[^"]*,', one)] == []


def test_an_empty_desk_shows_the_first_step(desk):
    assert 'href="/bring/"' in desk.get("/compare/").content.decode()


def test_only_those_with_a_role_come_in(client):
    assert client.get("/compare/").headers["Location"].startswith("/accounts/login/")


def test_a_long_comparison_has_pages_and_each_number_of_all_themes_stands_below(desk, monkeypatch):
    monkeypatch.setattr("kuulo.desk.overview.PER_PAGE", 2)
    build([Said(at=(f"T{number}",)) for number in range(1, 6)])
    text = desk.get("/compare/", {"a": "channel:form", "b": "language:fi", "page": "2"}).content.decode()
    assert re.findall(r'<th scope="row"><a href="/themes/(T\d)/"', text) == ["T3", "T4"]
    assert 'rel="prev"' in text
    assert 'rel="next"' in text
    assert re.findall(r'<tfoot>.*<span class="count">(\d+)</span>.*<span class="count">(\d+)</span>', text) == [
        ("5", "5")
    ]

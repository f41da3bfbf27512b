"""The list of the themes: what residents talk about now, and every number counted by hand."""

import csv
import io
import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.desk.themes_town import Said, build
from tests.web.cast import person

from kuulo.models import Intake, Placement, Theme

pytestmark = pytest.mark.django_db


def snow_and_school() -> list[Said]:
    first = Said(at=("T1", "T1.1"), author="a", kind="wants", text="Aura jättää vallin.")
    return [
        first,
        Said(at=("T1", "T1.1"), author="b", kind="wants", days=1, copy_of=first, text="Aura jättää vallin!"),
        *(Said(at=("T1",), author="a", kind="opposes", days=2, channel="e-mail") for _ in range(3)),
        *(Said(at=("T1", "T1.2"), author="c", kind="wants", days=40, channel="app", language="sv") for _ in range(4)),
        *(Said(at=("T2",), days=50 + at, channel="form", language="sv") for at in range(3)),
        Said(at=("T2", "T1"), days=60, author="d"),
        Said(at=("T3",), days=20, channel="e-mail"),
        Said(at=("T3",), days=3, status="uncertain"),
    ]


def names_of(page) -> list[str]:
    return [unescape(name) for name in re.findall(r"<h3><a[^>]*>([^<]*)</a></h3>", page.content.decode())]


def in_inbox(address: str) -> int:
    """Count what the inbox is asked for by a link of ours, in the plainest way."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(unescape(address)).query).items()}
    assert query.pop("copies") == "all"
    held = Placement.objects.filter(counted=True, theme__code=query.pop("theme"))
    given = {"channel": "message__channel", "language": "message__language"}
    given |= {"since": "arrived__date__gte", "until": "arrived__date__lte"}
    return held.filter(**{given[name]: value for name, value in query.items()}).count()


def linked_counts(page) -> list[tuple[int, int]]:
    """Give every number that opens messages with the number of messages that it opens."""
    links = re.findall(r'<a href="(/inbox/\?theme=[^"]*)">(\d+) messages?</a>', page.content.decode())
    return [(int(n), in_inbox(address)) for address, n in links]


def test_the_largest_theme_comes_first_and_every_number_opens_as_many_messages(desk):
    build(snow_and_school())
    page = desk.get("/themes/")
    assert names_of(page) == ["theme T1", "theme T2", "theme T3"]
    assert linked_counts(page) == [(10, 10), (4, 4), (1, 1)]
    text = page.content.decode()
    assert "4 people" in text
    assert "1 copy" in text
    # one of them stands in two themes
    assert "14 messages in 3 themes" in text
    assert "1 uncertain message" in text


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("size", ["T1", "T2", "T3"]),
        ("growth", ["T1", "T2", "T3"]),
        ("disagreement", ["T1", "T2", "T3"]),
        ("silence", ["T2", "T3", "T1"]),
        ("newest", ["T3", "T1", "T2"]),
        ("anything else", ["T1", "T2", "T3"]),
    ],
)
def test_themes_stand_in_the_order_that_is_asked_for(desk, order, expected):
    build(snow_and_school())
    page = desk.get("/themes/", {"order": order})
    assert names_of(page) == [f"theme {code}" for code in expected]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"channel": "form"}, {"T1": 3, "T2": 4}),
        ({"language": "sv"}, {"T1": 4, "T2": 3}),
        ({"channel": "form", "language": "sv"}, {"T2": 3}),
        ({"since": "2026-03-28"}, {"T1": 2}),
        ({"until": "2026-03-09"}, {"T1": 5, "T2": 4, "T3": 1}),
        ({"since": "2026-03-09", "until": "2026-03-09", "channel": "e-mail"}, {"T3": 1}),
        ({"channel": "nowhere"}, {}),
    ],
)
def test_only_what_is_asked_for_is_counted(desk, asked, expected):
    build(snow_and_school())
    page = desk.get("/themes/", asked)
    rows = json.loads(b"".join(desk.get("/themes/", {**asked, "format": "json"}).streaming_content))
    assert {row["code"]: row["messages_shown"] for row in rows} == expected
    assert sorted(linked_counts(page)) == sorted((n, n) for n in expected.values())


def test_a_theme_is_found_by_a_part_of_its_name_in_any_language(desk):
    build(snow_and_school(), {"T2": {"fi": "Kouluruoka", "sv": "skolmat", "en": "school meals"}})
    assert names_of(desk.get("/themes/", {"name": "SKOLM"})) == ["school meals"]
    assert names_of(desk.get("/themes/", {"name": "ruoka school"})) == ["school meals"]
    assert names_of(desk.get("/themes/", {"name": "nobody says this"})) == []


def test_what_changes_is_shown_at_once(desk):
    build(snow_and_school())
    desk.get("/themes/")
    one = Theme.objects.get(code="T3")
    one.names, one.figures = {"en": "quiet beaches"}, {**one.figures, "messages": 7}
    one.save()
    page = desk.get("/themes/")
    assert names_of(page) == ["theme T1", "quiet beaches", "theme T2"]
    assert ">7 messages</a>" in page.content.decode()
    assert "quiet beaches</option>" in desk.get("/inbox/").content.decode()


def test_what_grows_is_said_in_words_above_the_list(desk):
    quiet = [Said(at=("T1",), days=8 + 7 * week) for week in range(4) for _ in range(3)]
    build([*quiet, *(Said(at=("T1",), days=day % 7) for day in range(14)), *(Said(at=("T2",)) for _ in range(2))])
    text = desk.get("/themes/").content.decode()
    above = text[text.index('id="growing"') : text.index('id="all"')]
    assert "14 in a week, usually 3" in above
    assert "theme T2" not in above
    why = re.search(r'<a href="(/inbox/\?theme=T1[^"]*)">Read what came', above)
    assert why
    assert in_inbox(why[1]) == 14
    assert why[1] in desk.get("/themes/T1/").content.decode()


def test_a_theme_that_went_into_another_is_not_listed(desk):
    build([Said(at=("T1",)), Said(at=("T2",))], T2="T1")
    assert names_of(desk.get("/themes/")) == ["theme T1"]


def test_the_data_are_the_rows_of_the_page(desk):
    build(snow_and_school())
    asked = {"order": "silence", "language": "sv"}
    shown = names_of(desk.get("/themes/", asked))
    told = b"".join(desk.get("/themes/", {**asked, "format": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [row["name"] for row in rows] == shown == ["theme T2", "theme T1"]
    assert rows[1]["people"] == "4"
    assert rows[1]["copies"] == "1"
    assert rows[1]["channels"] == "app: 4; e-mail: 3; form: 3"
    assert json.loads(b"".join(desk.get("/themes/", {**asked, "format": "json"}).streaming_content))[1]["people"] == 4


HOSTILE = '<script>alert(1)</script>"\'=HYPERLINK("x")\u202e'


@pytest.mark.parametrize("view", ["", "map"])
def test_a_hostile_name_is_only_a_name(desk, view):
    build([Said(at=("T1", "T1.1"), channel=HOSTILE, text=HOSTILE)], {"T1": {"en": HOSTILE}, "T1.1": {"en": HOSTILE}})
    text = desk.get("/themes/", {"view": view}).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "\"'=HYPERLINK" not in text
    assert "\u202e" not in re.sub('value="[^"]*"', "", text)  # what is sent back stays as it is


def test_a_name_that_is_a_formula_is_no_formula_in_a_spreadsheet(desk):
    build([Said(at=("T1",))], {"T1": {"en": "=1+1"}})
    told = b"".join(desk.get("/themes/", {"format": "csv"}).streaming_content).decode("utf-8-sig")
    assert [row["name"] for row in csv.DictReader(io.StringIO(told))] == ["'=1+1"]


@pytest.mark.parametrize("asked", [{}, {"view": "map"}, {"channel": "form", "language": "fi"}, {"order": "growth"}])
def test_more_themes_ask_the_database_no_more_often(desk, asked):
    counts = []
    for codes in (["T1"], ["T2", "T3"]):
        build([Said(at=(code, f"{code}.{at}")) for code in codes for at in (1, 2)])
        with CaptureQueriesContext(connection) as queries:
            desk.get("/themes/", asked)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 14


def test_a_long_list_has_pages(desk, monkeypatch):
    monkeypatch.setattr("kuulo.desk.overview.PER_PAGE", 2)
    build([Said(at=(f"T{number}",)) for number in range(1, 6)])
    assert names_of(desk.get("/themes/", {"page": "3"})) == ["theme T5"]
    assert names_of(desk.get("/themes/", {"page": "9"})) == ["theme T5"]
    first = desk.get("/themes/").content.decode()
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first


def test_an_empty_desk_shows_the_first_step(desk):
    text = desk.get("/themes/").content.decode()
    assert "No messages yet" in text
    assert 'href="/bring/"' in text


def test_a_desk_whose_first_file_is_on_its_way_says_so(desk):
    Intake.objects.create(file_name="a.csv", file_hash="0", file_size=1, state=Intake.State.QUEUED)
    text = desk.get("/themes/").content.decode()
    assert "Kuulo is grouping the messages" in text
    assert "No messages yet" not in text


def test_the_map_links_every_theme_and_says_how_many_messages(desk):
    build(snow_and_school())
    text = desk.get("/themes/", {"view": "map"}).content.decode()
    links = re.findall(r'<a href="/themes/(T\d)/" aria-label="theme T\d, (\d+) messages?">', text)
    assert sorted(links) == [("T1", "10"), ("T2", "4"), ("T3", "1")]
    assert re.findall(r' r="(\d+,\d+)"', text) == []


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "en"])
@pytest.mark.parametrize("asked", [{}, {"view": "map"}, {"order": "silence", "until": "2026-03-01"}])
def test_every_language_can_say_the_page_and_draws_with_full_stops(desk, language, asked):
    build(snow_and_school())
    desk.cookies["django_language"] = language
    text = desk.get("/themes/", asked).content.decode()
    drawn = re.findall(r"<(?:circle|rect|text|svg)[^>]*>", text)
    assert drawn
    assert [one for one in drawn if re.search(r'(?:c?x|c?y|r|width|height)="[^"]*,', one)] == []
    assert '<html lang="' + language in text


def test_only_those_with_a_role_come_in(client):
    build(snow_and_school())
    assert client.get("/themes/").headers["Location"].startswith("/accounts/login/")
    stranger = person("reader")
    stranger.memberships.all().delete()
    client.force_login(stranger)
    assert client.get("/themes/").status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "-1"},
        {"page": "x"},
        {"since": "soon"},
        {"until": "2026-02-31"},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"name": "\0"},
    ],
)
def test_an_address_that_makes_no_sense_shows_the_themes(desk, asked):
    build(snow_and_school())
    assert desk.get("/themes/", asked).status_code == 200


def test_people_are_told_only_where_authors_are_known(desk):
    build([Said(at=("T1",)), Said(at=("T2",), author="a")])
    rows = json.loads(b"".join(desk.get("/themes/", {"format": "json"}).streaming_content))
    assert [row["people"] for row in rows] == [None, 1]
    assert desk.get("/themes/").content.decode().count("1 person") == 1


def test_the_data_that_are_offered_change_with_the_list_that_a_name_finds(desk):
    build(snow_and_school())
    swapped = (
        desk.get("/themes/", {"name": "T2"})
        .content.decode()
        .partition('<div id="list"')[2]
        .partition("</section>")[0]
    )
    offered = re.search(r'href="([^"]*format=json)"', swapped)
    assert offered
    rows = json.loads(b"".join(desk.get(unescape(offered[1])).streaming_content))
    assert [row["code"] for row in rows] == ["T2"]

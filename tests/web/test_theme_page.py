"""The page of one theme: residents' own words, both sides, and every number counted by hand."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.desk.themes_town import NEWEST, Said, build
from tests.web.cast import person

from kuulo.desk.background import has_background
from kuulo.models import Correction, Message, Theme

pytestmark = pytest.mark.django_db


def snow() -> list[Said]:
    return [
        *(
            Said(
                at=("T1", "T1.1"),
                kind="wants",
                days=at,
                author=f"w{at}",
                text=f"Auratkaa {at}",
                background=[["Alue", "Keskusta"]],
            )
            for at in range(4)
        ),
        *(
            Said(at=("T1", "T1.2"), kind="opposes", days=10 + at, channel="e-mail", text=f"Älkää {at}")
            for at in range(3)
        ),
        Said(at=("T1",), kind="asks", days=30, language="sv", text="När plogas det?"),
        Said(at=("T1", "T1.1"), status="uncertain", text="ehkä"),
        Said(at=("T2",), text="koulu"),
    ]


def in_inbox(address: str) -> int:
    """Count what the inbox is asked for by a link of ours, in the plainest way."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(unescape(address)).query).items()}
    assert query.pop("copies") == "all"
    theme = Theme.objects.get(code=query.pop("theme"))
    uncertain = query.pop("status", "") == "uncertain"
    held = Message.objects.filter(
        **{"placements__subtheme" if theme.parent_id else "placements__theme": theme},
        placements__counted=not uncertain,
    )
    if "background" in query:
        column, _, value = query.pop("background").partition("=")
        held = held.filter(has_background(column, value))
    given = {"since": "arrived__date__gte", "until": "arrived__date__lte", "source": "source__name"}
    return held.filter(**{given.get(name, name): value for name, value in query.items()}).count()


def linked_counts(text: str) -> list[tuple[int, int]]:
    links = re.findall(
        r'<a[^>]* href="(/inbox/\?[^"]*)"[^>]*>(\d+)(?: messages?)?</a>|<a href="(/inbox/\?[^"]*)">(\d+)', text
    )
    return [(int(a[1] or a[3]), in_inbox(a[0] or a[2])) for a in links]


def test_every_number_of_the_page_opens_as_many_messages(desk):
    build(snow())
    counts = linked_counts(desk.get("/themes/T1/").content.decode())
    assert [n for n, _ in counts] == [opened for _, opened in counts]
    # all, uncertain, both sides, two subthemes, five weeks with messages, two channels, two languages, the last week
    assert sorted(n for n, _ in counts) == sorted([8, 1, 4, 4, 3, 4, 3, 4, 3, 1, 5, 3, 7, 1])


def test_both_sides_face_each_other_with_quotes(desk):
    build(snow())
    text = desk.get("/themes/T1/").content.decode()
    sides = text[text.index('class="beside sides"') : text.index('id="parts"')]
    wants, opposes = sides.split('class="side opposes"')
    assert "Auratkaa" in wants
    assert "Älkää" in opposes.split("<details")[0]
    assert "När plogas det?" in opposes.split("<details")[1]


def test_a_side_of_two_is_no_side(desk):
    build([one for one in snow() if one.kind != "opposes"] + [Said(at=("T1",), kind="opposes")] * 1)
    text = desk.get("/themes/T1/").content.decode()
    assert 'class="beside sides"' not in text
    assert "What people do here" in text


def test_pinned_messages_stand_first_among_the_typical(desk):
    themes = build(snow())
    last = Message.objects.get(text="När plogas det?")
    Correction.objects.create(kind="pin", theme=themes["T1"], message=last)
    undone = Message.objects.get(text="Älkää 2")
    Correction.objects.create(kind="pin", theme=themes["T1"], message=undone, undone_at=NEWEST)
    text = desk.get("/themes/T1/").content.decode()
    typical = text[text.index('id="typical"') : text.index('id="voices"')]
    assert re.findall(r"<p>([^<]+)</p></blockquote>", typical) == [
        "När plogas det?",
        "Auratkaa 0",
        "Auratkaa 1",
        "Auratkaa 2",
    ]
    assert typical.count("Pinned") == 1


def test_the_page_tells_who_named_the_theme_and_its_other_names(desk):
    themes = build(snow(), {"T1": {"fi": "auraus", "sv": "plogning", "en": "snow ploughing"}})
    assert "Named by Kuulo from the messages" in desk.get("/themes/T1/").content.decode()
    Theme.objects.filter(code="T1").update(named_by_person=["en"])
    official = person()
    Correction.objects.create(kind="rename", theme=themes["T1"], made_by=official, made_at=NEWEST)
    text = desk.get("/themes/T1/").content.decode()
    assert "Named by Official on 2026-03-29" in text
    assert '<h1 lang="en">snow ploughing</h1>' in text
    assert '<span lang="fi">auraus</span>' in text
    assert '<span lang="sv">plogning</span>' in text


def test_a_merged_theme_leads_on_and_an_unknown_one_is_not_there(desk):
    build(snow(), T8="T9", T9="T1")
    assert desk.get("/themes/T8/").headers["Location"] == "/themes/T1/"
    assert desk.get("/themes/T77/").status_code == 404


def test_a_subtheme_leads_up_to_its_theme(desk):
    build(snow())
    text = desk.get("/themes/T1.2/").content.decode()
    assert 'href="/themes/T1/"' in text
    assert "Älkää 0" in text
    assert "Auratkaa 0" not in text


def test_the_latest_messages_come_twenty_at_a_time_each_once(desk):
    build([Said(at=("T1",), days=at // 2, text=f"viesti {at}.") for at in range(45)])
    seen, address = [], "/themes/T1/"
    while address:
        text = desk.get(address).content.decode()
        seen.append(re.findall(r"<p>(viesti \d+\.)</p>", text[text.index('id="latest"') :]))
        older = re.search(r'href="(/themes/T1/\?before=\d+)#latest"', text)
        address = older[1] if older else ""
    assert [len(page) for page in seen] == [20, 20, 5]
    held = Message.objects.order_by("-arrived", "-id").values_list("text", flat=True)
    assert [text for page in seen for text in page] == list(held)


def test_small_subthemes_are_named_and_no_more(desk):
    said = [Said(at=("T1", "T1.1"), text="Iso asia.") for _ in range(3)]
    build([*said, *(Said(at=("T1", f"T1.{number}"), text="Pieni asia.") for number in (2, 3))])
    text = desk.get("/themes/T1/").content.decode()
    parts = text[text.index('id="parts"') : text.index('id="where"')]
    full, small = parts.split("<details")
    assert re.findall(r'href="/themes/(T1\.\d)/"', full) == ["T1.1"]
    assert "2 smaller subthemes" in small
    assert re.findall(r'href="/themes/(T1\.\d)/"', small) == ["T1.2", "T1.3"]


def test_related_themes_are_the_nearest_by_their_middle(desk):
    build([Said(at=(f"T{number}",)) for number in range(1, 5)])
    text = desk.get("/themes/T1/").content.decode()
    related = text[text.index('id="related"') : text.index('id="latest"')]
    # the fixture turns each theme a radian further
    assert re.findall(r'href="/themes/(T\d)/"', related) == ["T2", "T3", "T4"]


def test_who_writes_more_often_is_a_sentence_with_its_messages(desk):
    themes = build(snow())
    themes["T1"].figures["lifts"] = [{"column": "Alue", "value": "Keskusta", "times": 2.4, "messages": 4}]
    themes["T1"].save()
    text = unescape(desk.get("/themes/T1/").content.decode())
    assert "Those with “Alue: Keskusta” write about this 2.4 times as often as the others." in text
    address = re.search(r'as the others\. <a href="([^"]*)">4 messages', text)
    assert address
    assert in_inbox(address[1]) == 4


def test_the_data_are_the_numbers_of_the_page(desk):
    build(snow())
    rows = json.loads(b"".join(desk.get("/themes/T1/", {"format": "json"}).streaming_content))
    told = {(row["what"], row["name"]): row["messages"] for row in rows}
    assert told["theme", "T1"] == 8
    assert told["people", "T1"] == 4
    assert told["kind", "opposes"] == 3
    assert told["channel", "e-mail"] == 3
    assert told["subtheme", "T1.1"] == 4
    assert sum(n for (what, _), n in told.items() if what == "week") == 8


HOSTILE = "<script>alert(1)</script>\"'\u202e"


def test_hostile_words_are_only_words(desk):
    said = [
        Said(at=("T1", "T1.1"), text=HOSTILE, channel=HOSTILE, source=HOSTILE, kind="asks"),
        Said(at=("T1",), source="b"),
    ]
    themes = build(said, {"T1": {"en": HOSTILE, "fi": HOSTILE}, "T1.1": {"en": HOSTILE}})
    Theme.objects.filter(code="T1").update(keyphrases={"en": [HOSTILE]})
    themes["T1"].figures["lifts"] = [{"column": HOSTILE, "value": HOSTILE, "times": None, "messages": 1}]
    Theme.objects.filter(code="T1").update(figures=themes["T1"].figures)
    text = desk.get("/themes/T1/").content.decode()
    assert "<script>alert" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "en"])
def test_every_language_can_say_the_page(desk, language):
    build(snow())
    desk.cookies["django_language"] = language
    text = desk.get("/themes/T1/").content.decode()
    assert [one for one in re.findall(r"<rect[^>]*>", text) if re.search(r'(?:x|y|width|height)="[^"]*,', one)] == []


def test_more_of_everything_asks_the_database_no_more_often(desk):
    counts = []
    for code, parts in (("T1", 1), ("T2", 3)):
        build(
            [
                one
                for part in range(parts)
                for kind in ("wants", "opposes", "asks")
                for one in [Said(at=(code, f"{code}.{part}"), kind=kind)] * 1
                for _ in range(3)
            ]
        )
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/themes/{code}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] <= counts[1] <= counts[0] + 2  # the second has a related theme: two queries
    assert counts[1] <= 21


def test_only_those_with_a_role_come_in(client):
    build(snow())
    assert client.get("/themes/T1/").headers["Location"].startswith("/accounts/login/")


def test_a_theme_without_any_message_can_be_opened(desk):
    build([Said(at=("T1",), status="uncertain")])
    Theme.objects.update(figures={}, centroid=None)
    assert desk.get("/themes/T1/").status_code == 200

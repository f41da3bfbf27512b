"""Corrections in the browser: who may, what is said, how it is undone; nothing a resident wrote is markup."""

import csv
import io
import json
import re
import string
import tomllib
from pathlib import Path

import numpy as np
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from tests.desk.town import message, theme
from tests.web.cast import person

from kuulo.desk.correct import merge, move, not_about, pin, rename
from kuulo.desk.history import record
from kuulo.models import Correction, Event, Message, Proposal, Regroup, Role, Theme

pytestmark = pytest.mark.django_db
WORDS = Path(__file__).parent.parent.parent / "src/kuulo/web/words"
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def aino():
    return person(name="aino")


@pytest.fixture
def as_aino(client, aino):
    client.force_login(aino)
    return client


def undo_address() -> str:
    return reverse("correction_undo", args=[Correction.objects.latest("pk").pk])


ACTS = (
    ("/themes/T1/rename/", {"name_fi": "auraus"}, "rename"),
    ("/themes/T1/merge/", {"theme": "T2 anything"}, "merge"),
    ("/themes/T1/split/", {"part": "T1.1", "name": "ridges"}, "split"),
    ("/themes/T2/always/", {"words": "bus"}, "always-here"),
    ("/messages/{pk}/move/", {"theme": "T2"}, "move"),
    ("/messages/{pk}/move/", {"theme": "Theme t2"}, "move"),
    ("/messages/{pk}/not-about/", {"theme": "T1"}, "not-about"),
    ("/messages/{pk}/pin/", {"theme": "T1"}, "pin"),
    ("/messages/{pk}/own-theme/", {"name": "buses"}, "split"),
    ("/messages/{pk}/copies/", {"theme": "T2"}, "always-here"),
)


@pytest.mark.parametrize(("address", "sent", "kind"), ACTS)
def test_each_form_makes_a_rule_that_can_be_undone(as_aino, aino, address, sent, kind):
    theme("T1"), theme("T2")
    one = message("the bus", Theme.objects.get(code="T1"))
    message("ridge", theme("T1.1"))
    answer = as_aino.post(address.format(pk=one.pk), sent | {"reason": "because", "next": "/uncertain/"})
    assert (answer.status_code, answer.url) == (302, "/uncertain/")
    made = Correction.objects.get()
    assert (made.kind, made.reason, made.made_by) == (kind, "because", aino)
    answer = as_aino.post(undo_address())
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.undone_by == aino


@pytest.mark.parametrize(("address", "sent", "kind"), ACTS)
def test_a_reader_may_not(client, address, sent, kind):
    one = message("the bus", theme("T1"))
    client.force_login(person(Role.READER))
    assert client.post(address.format(pk=one.pk), sent).status_code == 403
    client.logout()
    assert client.post(address.format(pk=one.pk), sent).status_code == 302
    assert not Correction.objects.exists()


@pytest.mark.parametrize("page", ["/uncertain/", "/history/"])
def test_who_may_see_a_page(client, page):
    reader, official, leader = person(Role.READER), person(), person(Role.SUPERVISOR)
    seen = []
    for one in (reader, official, leader):
        client.force_login(one)
        seen.append(client.get(page).status_code)
    assert seen == ([403, 200, 200] if page == "/uncertain/" else [403, 403, 200])


def test_nothing_is_changed_by_a_look(as_aino):
    one = message("the bus", theme("T1"))
    for address, sent, _ in ACTS:
        if "always" not in address:
            assert as_aino.get(address.format(pk=one.pk), sent).status_code == 405
    assert as_aino.get("/themes/T1/always/?words=bus").status_code == 200
    assert not Correction.objects.exists()


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "javascript:alert(1)", "\\\\example.org"])
def test_a_form_leads_to_no_other_site(as_aino, away):
    theme("T1")
    assert as_aino.post("/themes/T1/rename/", {"name_fi": "x", "next": away}).url == "/themes/T1/"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/themes/T1/merge/", {"theme": "T99"}),
        ("/themes/T1/merge/", {"theme": ""}),
        ("/themes/T1/rename/", {"name_fi": " "}),
        ("/themes/T1/rename/", {"name_fi": "x" * 99}),
        ("/themes/T1/split/", {"name": "x"}),
        ("/themes/T1/always/", {"words": "..."}),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(as_aino, address, sent):
    theme("T1")
    answer = as_aino.post(address, sent)
    assert answer.status_code == 302
    assert not Correction.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("pk", [0, 10**30])
def test_what_is_not_there_is_not_found(as_aino, pk):
    for address in (
        f"/messages/{pk}/pin/",
        f"/corrections/{pk}/undo/",
        f"/proposals/{pk}/accept/",
        "/themes/T9/merge/",
    ):
        assert as_aino.post(address, {"theme": "T1"}).status_code == 404
    assert as_aino.get(f"/uncertain/?message={pk}").status_code == 200
    assert as_aino.get("/themes/T9/log/").status_code == 404


def test_the_forms_show_hostile_names_as_text(as_aino, rf, aino):
    snow = theme("T1", en=HOSTILE, fi=HOSTILE)
    theme("T1.1", en=HOSTILE)
    one = message(HOSTILE, snow, uncertain=True)
    request = rf.get("/")
    request.user = aino
    pages = [
        render_to_string(f"parts/{part}_actions.html", {"theme": snow, "message": one, "user": aino}, request)
        for part in ("theme", "message")
    ]
    rename(snow, {"sv": HOSTILE}, person=aino, reason=HOSTILE)
    addresses = ("/uncertain/", "/themes/T1/log/", f"/themes/T1/always/?words=script {HOSTILE}")
    pages += [as_aino.get(page).content.decode() for page in addresses]
    for page in pages:
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert HOSTILE not in page


def test_the_forms_are_not_shown_to_a_reader(rf):
    snow = theme("T1")
    one, reader = message("bus", snow), person(Role.READER)
    request = rf.get("/")
    for part in ("theme", "message"):
        told = {"theme": snow, "message": one, "user": reader}
        assert "<form" not in render_to_string(f"parts/{part}_actions.html", told, request)


def test_many_subthemes_are_found_by_name(as_aino):
    snow = theme("T1")
    for n in range(1, 104):
        theme(f"T1.{n}", en=f"street {n} of the town")
    Theme.objects.filter(code="T1.103").update(figures={"messages": 9}, names={"fi": "Kalasatama"})
    page = as_aino.get("/themes/T1/").content.decode()
    assert '<a href="#put-right">' in page
    offered = re.findall(r'name="part" value="(T1[^"]*)"', page)
    assert (len(offered), offered[0]) == (100, "T1.103")
    assert "There are 3 more" in page
    page = as_aino.get("/themes/T1/", {"part": "STREET 102"}).content.decode()
    assert re.findall(r'name="part" value="(T1[^"]*)"', page) == ["T1.102"]
    assert 'id="split" open' in page
    assert "There is no subtheme of that name" in as_aino.get("/themes/T1/?part=zzz").content.decode()
    message("here", snow), message("there", Theme.objects.get(code="T1.102"))
    as_aino.post("/themes/T1/split/", {"part": "T1.102", "name": "own"})
    assert Theme.objects.get(code="T1.102").parent != snow


def test_the_log_tells_who_did_what_and_why(as_aino, aino):
    snow, winter = theme("T1"), theme("T2")
    said_one = message("bus", snow)
    rename(snow, {"fi": "auraus"}, person=aino, reason="plain words")
    pin(said_one, snow, person=aino)
    Event.objects.create(kind="something-new", theme_id=snow.pk)
    merge(snow, winter, person=aino)
    page = as_aino.get("/themes/T2/log/").content.decode()
    assert [kind in page for kind in ("auraus", "plain words", "aino", "something new", "Kuulo")] == [True] * 5
    assert page.count("correction_undo") == 0
    assert page.count("/undo/") == 3
    rows = list(csv.DictReader(io.StringIO(b"".join(as_aino.get("/themes/T2/log/?format=csv")).decode("utf-8-sig"))))
    assert [row["by"] for row in rows] == ["aino", "", "aino", "aino"]
    assert rows[3]["reason"] == "plain words"
    assert len(json.loads(b"".join(as_aino.get("/themes/T2/log/?format=json")))) == 4


def test_the_log_names_themes_beside_their_codes(as_aino, aino):
    snow, winter = theme("T1", en="ploughing"), theme("T2", en="winter")
    unsure, sure = message("bus", snow, uncertain=True), message("ridge", snow)
    move(unsure, snow, person=aino)
    move(sure, winter, person=aino)
    record("theme-made", theme=winter)
    said = [line for _, line in as_aino.get("/themes/T2/log/").context["lines"]]
    assert said == ["made the theme T2 (winter)", "moved 1 message from T1 (ploughing) to T2 (winter)"]
    said = [line for _, line in as_aino.get("/themes/T1/log/").context["lines"]]
    assert said == ["moved 1 message from T1 (ploughing) to T2 (winter)", "placed 1 message in T1 (ploughing)"]


def test_a_long_log_is_read_page_by_page(as_aino, aino):
    snow = theme("T1")
    for n in range(51):
        record("regrouped", theme=snow, figure=n)
    first = as_aino.get("/themes/T1/log/")
    assert len(first.context["lines"]) == 50
    rest = as_aino.get(f"/themes/T1/log/?before={first.context['more']}")
    assert len(rest.context["lines"]) == 1
    assert rest.context["more"] is None


def test_the_queue_shows_one_message_and_three_themes(as_aino):
    tops = [theme(f"T{n}") for n in range(1, 6)]
    for n, one in enumerate(tops):
        Theme.objects.filter(pk=one.pk).update(centroid=np.array([1, n / 4], np.float16).tobytes())
    vector = np.array([0.1, 1], np.float16).tobytes()
    unsure = [message(f"unsure {n}", tops[4], uncertain=True, vector=vector) for n in range(3)]
    message("sure", tops[0])
    not_about(unsure[2], tops[4], person=None)
    page = as_aino.get("/uncertain/")
    turn = page.context["turn"]
    assert (turn.message, turn.place, turn.of, turn.before, turn.after) == (unsure[2], 1, 3, None, unsure[1].pk)
    assert [one.theme.code for _, one in page.context["near"]] == ["T4", "T3", "T2"]
    move(unsure[1], tops[1], person=None)
    turn = as_aino.get(f"/uncertain/?message={unsure[1].pk}").context["turn"]
    assert (turn.message, turn.place, turn.of, turn.before, turn.after) == (unsure[0], 2, 2, unsure[2].pk, None)
    move(unsure[0], tops[1], person=None)
    assert as_aino.get(f"/uncertain/?message={unsure[0].pk}").context["turn"].message == unsure[2]
    Message.objects.update(status="grouped")
    assert as_aino.get("/uncertain/").context["turn"] is None


def proposal(kind, **rest) -> Proposal:
    regroup, _ = Regroup.objects.get_or_create(state="done")
    return Proposal.objects.create(regroup=regroup, kind=kind, **rest)


def test_a_split_is_accepted_under_the_name_that_was_typed(as_aino, aino):
    snow = theme("T1")
    leaving, _ = message("bus", snow), message("snow", snow)
    one = proposal("split", theme=snow, names={"en": "proposed"}, messages=[leaving.pk])
    assert "proposed" in as_aino.get("/proposals/").content.decode()
    as_aino.post(f"/proposals/{one.pk}/accept/", {"name": "buses"})
    one.refresh_from_db()
    assert (one.state, one.decided_by) == ("accepted", aino)
    fresh = Theme.objects.get(code="T2")
    assert (fresh.names, leaving.placements.get().theme) == ({"en": "buses"}, fresh)
    as_aino.post(undo_address())
    assert leaving.placements.get().theme == snow


def test_a_merge_and_a_new_theme_are_accepted(as_aino):
    snow, winter = theme("T1"), theme("T2")
    one, other, unsure = message("a", snow), message("b", winter), message("c", winter, uncertain=True)
    new = proposal("new", names={"fi": "uusi"}, messages=[one.pk, unsure.pk])
    both = proposal(
        "merge",
        theme=snow,
        other=winter,
        reasons=[{"code": "unheard-of", "n": 3}, {"code": "taken-in", "share": 0.756}],
    )
    page = as_aino.get("/proposals/").content.decode()
    assert "unheard of" in page
    assert "76%" in page
    as_aino.post(f"/proposals/{new.pk}/accept/")
    as_aino.post(f"/proposals/{both.pk}/accept/")
    assert [m.placements.get().theme.code for m in (one, unsure, other)] == ["T3", "T3", "T1"]
    unsure.refresh_from_db()
    assert unsure.status == "grouped"


def test_what_the_themes_have_outgrown_is_put_away(as_aino):
    snow, winter, school = (theme(f"T{n}") for n in (1, 2, 3))
    gone = proposal("merge", theme=snow, other=winter)
    merge(winter, school, person=None)
    as_aino.post(f"/proposals/{gone.pk}/accept/")
    gone.refresh_from_db()
    assert gone.state == "stale"
    assert Theme.objects.get(code="T1").state == "live"
    assert Correction.objects.count() == 1


def test_a_declined_proposal_changes_nothing_and_is_decided_once(as_aino):
    snow, winter = theme("T1"), theme("T2")
    one = proposal("merge", theme=snow, other=winter)
    as_aino.post(f"/proposals/{one.pk}/decline/")
    as_aino.post(f"/proposals/{one.pk}/accept/")
    one.refresh_from_db()
    assert one.state == "declined"
    assert not Correction.objects.exists()
    assert [event.kind for event in Event.objects.all()] == ["proposal-declined"]


def test_no_number_of_rows_makes_more_queries(as_aino, aino, django_assert_max_num_queries):
    tops = [theme(f"T{n}") for n in range(1, 4)]
    Theme.objects.update(centroid=np.array([1, 0], np.float16).tobytes())
    counts: dict[str, list[int]] = {}
    for _ in range(3):
        one = message("bus", tops[0], uncertain=True, vector=np.array([1, 0], np.float16).tobytes())
        Theme.objects.update(central=list(Message.objects.values_list("pk", flat=True)))
        pin(message("pinned", tops[1]), tops[1], person=aino)
        proposal("split", theme=tops[0], names={"en": "new"}, messages=[one.pk])
        for page in ("/uncertain/", "/proposals/", "/themes/T2/log/", "/themes/T1/always/?words=bus"):
            with django_assert_max_num_queries(25) as seen:
                assert as_aino.get(page).status_code == 200
            counts.setdefault(page, []).append(len(seen))
    assert {page: len(set(seen)) for page, seen in counts.items()} == dict.fromkeys(counts, 1), counts


@pytest.mark.parametrize("page", ["correct", "uncertain", "proposals"])
def test_each_language_says_the_same(page):
    told = {one: tomllib.loads((WORDS / page / f"{one}.toml").read_text("utf-8")) for one in ("fi", "sv", "nb", "en")}
    for language, words in told.items():
        assert list(words) == list(told["en"]), language
        for key, text in words.items():
            assert facts(text) == facts(told["en"][key]), (language, key)


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "en"])
def test_every_refusal_and_event_has_words(language):
    source = Path(__file__).parent.parent.parent / "src/kuulo/desk"
    elsewhere = {
        "aside.py",
        "concern.py",
        "intake.py",
        "people.py",
        "safety.py",
        "sources.py",
    }  # they are told on pages of their own
    codes = {
        code
        for path in source.glob("*.py")
        if path.name not in elsewhere
        for code in re.findall(r'NotNow\(\s*"([a-z-]+)"', path.read_text("utf-8"))
    }
    words = tomllib.loads((WORDS / "correct" / f"{language}.toml").read_text("utf-8"))
    assert {f"refused.{code}" for code in codes} <= set(words)
    happens = {
        kind
        for path in source.parent.rglob("*.py")
        for kind in re.findall(
            r'(?:record\(\s*|Event\.objects\.create\(kind=|event=)"([a-z-]+)"', path.read_text("utf-8")
        )
    }
    assert "placed" in happens
    assert {f"log.{kind}" for kind in [*Correction.Kind.values, *happens, "undo"]} <= set(words)
    assert {f"kind.{kind}" for kind in Correction.Kind.values} <= set(words)

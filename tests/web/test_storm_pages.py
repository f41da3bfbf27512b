"""The pages of storms: calm where it is calm, the card for a tired reader, the acts, the report and the settings."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.desk.storm_rows import many, say, storm, the_theme
from tests.web.cast import at_desk, person

from kuulo.desk.storm import acts
from kuulo.desk.storm.normal import the_watch
from kuulo.models import Gazetteer, Message, Place, PlannedEvent, Role, Storm, StormWatch, Theme, Whereabouts

pytestmark = pytest.mark.django_db
ENGLISH = {"headers": {"Accept-Language": "en"}}


def reader() -> Client:
    return at_desk(Role.READER, **ENGLISH)


def official() -> Client:
    return at_desk(Role.OFFICIAL, **ENGLISH)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def data(client: Client, address: str) -> list[dict[str, object]]:
    return json.loads(b"".join(client.get(address).streaming_content))


def local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_where_nothing_rises_it_says_so_nicely():
    told = text(reader(), "/storms/")
    assert "All calm." in told
    assert "Last 90 days: no alarms." in told
    the_watch()
    StormWatch.objects.update(looked_at=timezone.now())
    assert "Looked at last" in text(reader(), "/storms/")


def test_what_was_found_in_hindsight_is_no_alarm_and_is_counted_apart():
    storm(seen=None, closed=10)
    shown = text(reader(), "/storms/")
    assert "Last 90 days: no alarms. Seen only in hindsight, so nobody was told: 1." in shown
    assert shown.count("seen in hindsight") == 1


def test_a_card_counts_the_other_alarms_of_its_level():
    one = storm()
    assert "No other alarm of this level in 90 days." in text(reader(), f"/storms/{one.pk}/")
    storm(stream="pile", scope="pile", theme=None, closed=10)
    storm(stream="all", scope="all", theme=None, level="uproar", closed=10)
    assert "Other alarms of this level in 90 days: 1." in text(reader(), f"/storms/{one.pk}/")


def test_open_storms_stand_first_and_in_the_menu():
    one = storm(record={"weeks": 12, "most": 6})
    storm(stream="pile", scope="pile", theme=None, level="rise", closed=10)
    shown = text(reader(), "/storms/")
    assert "17 messages in 2 hours (14 different people), normally 1. Highest in 12 weeks (previous 6)." in shown
    assert shown.index("teema T1") < shown.index("Messages that fit no theme")
    assert re.search(r"Storms \(?1\)?", text(reader(), "/themes/"))
    listed = data(reader(), "/storms/?format=json")
    assert [row["stream"] for row in listed] == ["pile", one.stream]
    assert {"matter", "level", "messages", "people", "expected"} <= listed[0].keys()


def test_the_number_of_a_place_opens_the_very_messages_that_it_counts():
    file = Gazetteer.objects.create(name="paikat", sha256="0")
    malmi = Place.objects.create(code="Malmi", gazetteer=file, kind="district", names={"fi": ["Malmi"]})
    school = Place.objects.create(code="Koulu", gazetteer=file, kind="school", names={"fi": ["Koulu"]}, parent=malmi)
    said = [*many(4), say("Vastaamme pian.", 5, actor="official", by=90), say("Kopio", 4, by=91)]
    Message.objects.filter(pk=said[-1].pk).update(copy_of=said[0].pk)
    for message, at in zip(said, (malmi, malmi, school, None, malmi, school), strict=True):
        if at:
            Whereabouts.objects.create(message=message, place=at, by="text", arrived=message.arrived)
    client, one = reader(), storm()
    page = client.get(f"/storms/{one.pk}/").content.decode()
    told = re.findall(r'href="(/inbox/\?storm=[^"]+place=[^"]+)">(\d+)</a>', page)
    assert sorted(int(n) for _, n in told) == [2, 5]
    for address, n in told:
        assert len(data(client, f"{address.replace('&amp;', '&')}&format=json")) == int(n)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "17 viestiä 2 tunnissa (14 eri kirjoittajaa), tavallisesti tuskin yhtään."),
        ("sv", "17 meddelanden på 2 timmar (14 olika skribenter), vanligtvis knappt något."),
        ("nb", "17 meldinger på 2 timer (14 ulike skribenter), vanligvis nesten ingen."),
    ],
)
def test_the_sentence_is_in_the_readers_language(language, sentence):
    one = storm(expected=0.3)
    assert sentence in text(at_desk(Role.READER, headers={"Accept-Language": language}), f"/storms/{one.pk}/")


def test_a_card_has_its_facts_and_every_number_opens_its_messages():
    many(12)
    say("Eilinen", 2000, by=40)
    one = storm()
    page = reader().get(f"/storms/{one.pk}/").content.decode()
    shown = text(reader(), f"/storms/{one.pk}/")
    assert "Nobody has answered yet. 1 h since the alarm." in shown
    assert "I take it" not in shown
    assert f"/inbox/?storm={one.pk}&amp;copies=all" in page
    opened = data(reader(), f"/inbox/?storm={one.pk}&copies=all&format=json")
    assert len(opened) == 12
    assert data(reader(), "/inbox/?storm=999&format=json") == []
    rows = {(row["what"], row["name"]): row for row in data(reader(), f"/storms/{one.pk}/?format=json")}
    assert rows["messages", ""]["messages"] == 12
    assert rows["people", ""]["messages"] == 12
    assert (
        sum(row["messages"] for row in data(reader(), f"/storms/{one.pk}/?format=json") if row["what"] == "step")
        == 12
    )


def test_residents_words_are_escaped_and_have_their_language():
    say('<script>alert("x")</script> voi ei taas tämä lumivalli', 30, by=1, kind="asks")
    page = reader().get(f"/storms/{storm().pk}/").content.decode()
    assert "<script>alert" not in page
    assert '<blockquote class="voice" lang="fi">' in page


def test_what_changes_is_given_alone_while_the_card_is_open():
    many(3)
    one = storm()
    page = reader().get(f"/storms/{one.pk}/").content.decode()
    assert f'hx-get="/storms/{one.pk}/now/"' in page
    part = reader().get(f"/storms/{one.pk}/now/").content.decode()
    assert not part.startswith("<!doctype")
    assert part.count("hx-swap-oob") == 2
    Storm.objects.update(closed=timezone.now())
    assert f"/storms/{one.pk}/now/" not in reader().get(f"/storms/{one.pk}/").content.decode()


def test_an_official_takes_it_and_can_undo_it():
    one, client = storm(), official()
    answer = client.post(f"/storms/{one.pk}/do/take/", follow=True)
    assert answer.redirect_chain == [(f"/storms/{one.pk}/", 302)]
    assert "It is in your hands now." in answer.content.decode()
    step = one.steps.get()
    assert f"/storms/steps/{step.pk}/undo/" in answer.content.decode()
    assert "Taken by Official." in text(client, f"/storms/{one.pk}/")
    other = at_desk(Role.MENTOR, **ENGLISH).post(f"/storms/{one.pk}/do/take/", follow=True)
    assert "Official has taken it already." in other.content.decode()
    client.post(f"/storms/steps/{step.pk}/undo/")
    one.refresh_from_db()
    assert one.taken_by is None
    assert reader().post(f"/storms/{one.pk}/do/take/").status_code == 403
    assert client.get(f"/storms/{one.pk}/do/take/").status_code == 405
    assert client.post(f"/storms/{one.pk}/do/nonsense/").status_code == 404


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("mentor", "called a mentor"),
        ("nothing", "marked: not a storm"),
        ("confirm", "marked: a storm"),
        ("learned", "wrote down what was learned"),
    ],
)
def test_each_act_stands_in_the_log(act, said):
    one = storm()
    official().post(f"/storms/{one.pk}/do/{act}/", {"note": "Huomio"})
    assert f"Official : {said}".replace(" :", ":") in text(reader(), f"/storms/{one.pk}/").replace(" :", ":")


def test_forms_of_a_card():
    one, client = storm(), official()
    mentor = person(Role.MENTOR)
    client.post(f"/storms/{one.pk}/do/note/", {"note": "Soitin kentälle"})
    client.post(f"/storms/{one.pk}/do/hand-over/", {"to": mentor.pk})
    at = timezone.now() - timedelta(minutes=20)
    client.post(f"/storms/{one.pk}/do/answered/", {"at": local(at), "link": "https://kunta.example/v"})
    shown = text(client, f"/storms/{one.pk}/")
    assert "Soitin kentälle" in shown
    assert "handed it over to Mentor" in shown
    assert "https://kunta.example/v" in shown
    one.refresh_from_db()
    assert one.answered_at == at.replace(second=0, microsecond=0)
    for odd in ({}, {"at": "eilen"}, {"at": local(at), "link": "javascript:alert(1)"}):
        answer = client.post(f"/storms/{one.pk}/do/answered/", odd, follow=True)
        assert "Something in the form was missing or not understood." in answer.content.decode()
    later = timezone.now() + timedelta(days=3)
    client.post(f"/storms/{one.pk}/do/planned/", {"name": "Vaalit", "until": local(later)})
    assert PlannedEvent.objects.get().theme == one.theme


def test_the_first_line_is_offered_in_the_languages_of_the_whole_desk():
    one = storm()
    say("Lumivalli portilla", 30, language="fi")
    Theme.objects.update(figures={"languages": {"fi": 880, "sv": 110, "nb": 9}})
    page = official().get(f"/storms/{one.pk}/").content.decode()
    assert re.findall(r'id="line-(\w+)"', page) == ["en", "fi", "sv"]


def test_the_first_line_is_facts_only_in_the_languages_that_people_write_in():
    say("Snövallen ligger kvar", 30, by=1, language="sv")
    say("Brøytekanten ligg her", 29, by=2, language="nn")
    one = storm()
    page = official().get(f"/storms/{one.pk}/").content.decode()
    lines = re.findall(r'<textarea class="ds-input" id="line-(\w+)".*?>(.*?)</textarea>', page, re.DOTALL)
    assert {language for language, _ in lines} == {"en", "sv", "nb"}
    english = dict(lines)["en"]
    assert "teema T1" in english
    assert "[fill in]" in english
    assert not re.search(r"sorry|apolog|regret", " ".join(said for _, said in lines), re.IGNORECASE)


def test_the_report_is_ready_to_print_and_to_take_along():
    many(12)
    one = storm(closed=2, mark="storm", taken_at=timezone.now() - timedelta(minutes=55))
    shown = text(reader(), f"/storms/{one.pk}/report/")
    assert "What happened when" in shown
    assert "Kuulo knows of no answer." in shown
    rows = data(reader(), f"/storms/{one.pk}/report/?format=json")
    assert next(row["name"] for row in rows if row["what"] == "moment") == "first"
    assert b"".join(reader().get(f"/storms/{one.pk}/report/?format=csv").streaming_content).startswith(
        "\ufeffwhat".encode()
    )
    official().post(
        f"/storms/{one.pk}/do/learned/", {"note": "Kerrotaan\naiemmin", "next": f"/storms/{one.pk}/report/"}
    )
    assert "Kerrotaan aiemmin" in text(reader(), f"/storms/{one.pk}/report/")


def test_leaders_set_the_watch():
    client = at_desk(Role.SUPERVISOR, **ENGLISH)
    assert official().get("/storms/settings/").status_code == 403
    assert client.post("/storms/settings/", {"budget": "4"}).status_code == 302
    assert StormWatch.objects.get().budget == 4
    assert client.post("/storms/settings/", {"budget": "0"}).status_code == 422
    assert "There is not enough history for a replay yet." in text(client, "/storms/settings/")


def test_what_the_replay_found_is_listed():
    when = timezone.now()
    watch = the_watch()
    watch.threshold, watch.replayed_at, watch.replayed = 15.25, when, {"months": 3, "episodes": 1, "rate": 0.33}
    watch.save()
    day = 24 * 60
    storm(stream="pile", scope="pile", theme=None, began=20 * day, opened=20 * day, closed=19 * day, seen=None)
    storm(began=200 * day, opened=200 * day, closed=199 * day)
    client = at_desk(Role.SUPERVISOR, **ENGLISH)
    shown = text(client, "/storms/settings/")
    assert "Threshold 15.25," in shown
    assert "0.3 alarms a month" in shown
    assert "seen in hindsight" in shown
    assert [row["stream"] for row in data(client, "/storms/settings/?format=json")] == ["pile"]


def test_the_settings_print_the_whole_rule():
    shown = text(at_desk(Role.SUPERVISOR, **ENGLISH), "/storms/settings/")
    assert "0.005 5 5 5 9 14 19" in shown


def test_planned_events_are_added_and_removed():
    client = at_desk(Role.SUPERVISOR, **ENGLISH)
    now = timezone.now()
    theme = the_theme()
    told = {"name": "Vaalit", "since": local(now), "until": local(now + timedelta(days=2)), "theme": theme.code}
    assert client.post("/storms/settings/plan/", told).status_code == 302
    event = PlannedEvent.objects.get()
    assert event.theme == theme
    assert "Vaalit" in text(client, "/storms/settings/")
    wrong = client.post("/storms/settings/plan/", told | {"until": local(now - timedelta(days=2))})
    assert wrong.status_code == 422
    assert "The event has to end later than it begins." in wrong.content.decode()
    client.post(f"/storms/settings/planned/{event.pk}/remove/")
    assert not PlannedEvent.objects.exists()


def test_a_theme_in_a_storm_says_so():
    one = storm()
    page = reader().get("/themes/T1/").content.decode()
    assert "A storm is open on this theme:" in page
    assert f'href="/storms/{one.pk}/"' in page
    Storm.objects.update(closed=timezone.now())
    assert "A storm is open" not in reader().get("/themes/T1/").content.decode()


def queries(address: str) -> int:
    the_watch()
    client = at_desk(Role.SUPERVISOR, **ENGLISH)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "address", ["/storms/", "/storms/{}/", "/storms/{}/now/", "/storms/{}/report/", "/storms/settings/"]
)
def test_no_page_asks_more_for_three_than_for_one(address):
    one = storm()
    by = person(Role.OFFICIAL)

    def more(round_: int) -> None:
        say(f"Lumivalli {round_}", 30 - round_, by=round_, kind="asks")
        storm(stream=f"line {round_}", part_of=one, began=100 + round_)
        storm(stream=f"open {round_}", taken_by=by)
        storm(stream=f"over {round_}", closed=5, taken_by=by)
        acts.note(one, by, "Huomio")
        acts.hand_over(one, by, to=by)
        now = timezone.now()
        PlannedEvent.objects.create(name=f"{round_}", since=now, until=now + timedelta(days=1), theme=the_theme())

    more(1)
    few = queries(address.format(one.pk))
    more(2)
    more(3)
    assert queries(address.format(one.pk)) == few


def test_a_sign_that_nothing_can_store_spoils_no_note():
    one = storm()
    for act in ("note", "learned"):
        assert official().post(f"/storms/{one.pk}/do/{act}/", {"note": "Soitin\0 koululle"}).status_code == 302
    one.refresh_from_db()
    assert (one.steps.get(kind="note").note, one.learned) == ("Soitin koululle", "Soitin koululle")

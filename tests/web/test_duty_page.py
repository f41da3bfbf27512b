"""Who is told of storms, whether it reaches them, and the notice on open pages."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.alerted import on_duty, storm
from tests.web.cast import at_desk, person

from kuulo import web
from kuulo.desk.storm.duty import secret_of
from kuulo.desk.storm.letter import CARD
from kuulo.models import Alert, Duty, Event, Role, Storm, Worker

pytestmark = pytest.mark.django_db
TOLD = {"least": "storm"}


def reader(role: Role = Role.OFFICIAL) -> Client:
    return at_desk(role, headers={"Accept-Language": "en"})


def kinds() -> list[str]:
    return [*Event.objects.order_by("pk").values_list("kind", flat=True)]


# On duty and off


def test_everybody_goes_on_duty_and_off_by_themselves():
    client = reader(Role.READER)
    assert "You are not on duty." in client.get("/duty/").text
    client.post("/duty/own/", {"act": "on", "least": "rise", "nights": "on"})
    duty = Duty.objects.get()
    assert (duty.person, duty.least, duty.nights) == (person(Role.READER), "rise", True)
    client.post("/duty/own/", {"act": "on", "least": "uproar"})
    duty.refresh_from_db()
    assert (duty.least, duty.nights) == ("uproar", False)
    assert "You are on duty: alerts reach you" in client.get("/duty/").text
    client.post("/duty/own/", {"act": "off"})
    assert not Duty.objects.exists()
    assert kinds() == ["duty-on", "duty-changed", "duty-off"]


def test_what_is_no_level_is_refused():
    answer = reader().post("/duty/own/", {"act": "on", "least": "tornado"})
    assert answer.status_code == 422
    assert not Duty.objects.exists()


def test_leaders_put_others_on_duty_and_others_do_not():
    somebody = person(Role.READER)
    told = {"person": somebody.pk, **TOLD}
    assert reader().post("/duty/person/", told).status_code == 403
    reader(Role.SUPERVISOR).post("/duty/person/", told)
    duty = Duty.objects.get()
    assert duty.person == somebody
    assert reader().post(f"/duty/{duty.pk}/remove/").status_code == 403
    reader(Role.SUPERVISOR).post(f"/duty/{duty.pk}/remove/")
    assert kinds() == ["duty-on", "duty-off"]


def test_who_has_no_role_cannot_be_put_on_duty():
    stranger = person(None)
    assert reader(Role.SUPERVISOR).post("/duty/person/", {"person": stranger.pk, **TOLD}).status_code == 422


def test_the_secret_of_an_address_is_shown_once_and_kept_sealed():
    client = reader(Role.SUPERVISOR)
    answer = client.post("/duty/address/", {"address": "https://chat.example/hook/abc", **TOLD})
    (secret,) = re.findall(r"whsec_[\w+/=]+", answer.text)
    assert answer["Cache-Control"] == "no-store"
    duty = Duty.objects.get()
    assert secret_of(duty) is not None
    assert secret.encode() not in bytes(duty.secret)
    again = client.get("/duty/").text
    assert "whsec_" not in again
    # the path of an address may be a secret too
    assert "chat.example" in again
    assert "abc" not in again


@pytest.mark.parametrize(
    "address",
    [
        "chat",
        "http://chat.example/hook",
        "ftp://chat.example",
        "https://",
        "https://me:pw@chat.example",
        "https://c:x/",
    ],
)
def test_what_is_no_address_is_refused(address):
    assert reader(Role.ADMINISTRATOR).post("/duty/address/", {"address": address, **TOLD}).status_code == 422
    assert not Duty.objects.exists()


def test_only_an_administrator_opens_the_own_network():
    told = {"address": "http://10.0.0.5/hook", "own_network": "on", **TOLD}
    assert reader(Role.SUPERVISOR).post("/duty/address/", told).status_code == 422
    assert reader(Role.ADMINISTRATOR).post("/duty/address/", told).status_code == 200
    assert Duty.objects.get().own_network


# What became of alerts


def test_a_test_is_queued_and_the_page_looks_again_until_it_is_known():
    duty, client = on_duty(), reader(Role.SUPERVISOR)
    assert "duty/latest" not in client.get("/duty/").text
    client.post(f"/duty/{duty.pk}/test/")
    assert "On its way." in client.get("/duty/").text
    assert 'hx-get="/duty/latest/"' in client.get("/duty/latest/").text
    Alert.objects.update(state="sent", sent_at=timezone.now())
    told = client.get("/duty/latest/").text
    assert "Sent " in told
    assert "hx-get" not in told


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"state": "failed", "trouble": {"code": "no-mail"}}, "Not sent. No mail is set up."),
        (
            {"state": "failed", "trouble": {"code": "no-sender"}},
            "Not sent. Something is wrong in the settings of the mail.",
        ),
        (
            {"trouble": {"code": "no-connection", "facts": {"host": "mail.example"}}},
            "Has not got through yet. The server mail.example does not answer.",
        ),
        ({"state": "cancelled", "trouble": {"code": "storm-over"}}, "Not needed: it was over"),
        ({"state": "cancelled", "trouble": {"code": "newer"}}, "Replaced by a newer alert."),
        ({"due": timezone.now() + timedelta(hours=3)}, "Waits until "),
    ],
)
def test_where_an_alert_stands_is_said_in_words(told, said):
    duty = on_duty()
    Alert.objects.create(duty=duty, person=duty.person, storm=storm(), kind="opened", count=17, key="1", **told)
    shown = reader().get("/duty/").text
    assert said in shown
    assert f"/storms/{Storm.objects.get().pk}/" in shown


def test_the_data_hold_what_the_page_shows():
    duty = on_duty()
    Alert.objects.create(duty=duty, person=duty.person, kind="test", count=0, key="1")
    (row,) = json.loads(b"".join(reader().get("/duty/?format=json").streaming_content))
    assert (row["to"], row["kind"], row["state"], row["told"]) == ("Anna", "test", "queued", "On its way.")


@pytest.mark.parametrize(
    ("url", "sender", "said"),
    [
        ("", "", "No mail is set up"),
        ("smtps://mail.example", "", "Something is wrong in the settings of the mail"),
        ("smtps://mail.example", "kuulo@town.example", "no link to the card"),
    ],
)
def test_the_page_says_what_is_not_set_up(settings, url, sender, said):
    settings.MAIL_URL, settings.MAIL_FROM, settings.ADDRESS = url, sender, ""
    shown = reader().get("/duty/").text
    assert said in shown
    assert "No worker is running" in shown
    Worker.objects.create(name="one", beat=timezone.now())
    assert "No worker is running" not in reader().get("/duty/").text


# The notice on open pages


def mark(text: str) -> str:
    (found,) = re.findall(r'name="shown" value="([^"]*)"', text)
    return found


def test_a_storm_shows_on_the_open_page_of_who_is_on_duty():
    client = reader()
    on_duty("Official")
    begun = mark(client.get("/account/").text)
    assert begun == ""
    assert client.get("/duty/news/", {"shown": begun}).status_code == 204
    told = storm()
    answer = client.get("/duty/news/", {"shown": begun})
    assert "A storm is rising: School meals." in answer.text
    assert f'href="/storms/{told.pk}/"' in answer.text
    assert client.get("/duty/news/", {"shown": mark(answer.text)}).status_code == 204
    Storm.objects.update(taken_by=person(Role.SUPERVISOR))
    gone = client.get("/duty/news/", {"shown": mark(answer.text)})
    assert (gone.status_code, mark(gone.text)) == (200, "")


@pytest.mark.parametrize(
    ("role", "least", "level", "is_told"),
    [
        (Role.OFFICIAL, None, "uproar", False),
        (Role.OFFICIAL, "storm", "rise", False),
        (Role.OFFICIAL, "storm", "uproar", True),
        (Role.OFFICIAL, "rise", "rise", True),
        (Role.SUPERVISOR, None, "rise", False),
        (Role.SUPERVISOR, None, "storm", True),
        (Role.SUPERVISOR, "uproar", "storm", False),
    ],
)
def test_it_tells_those_on_duty_and_the_leaders(role, least, level, is_told):
    if least:
        Duty.objects.create(person=person(role), least=least)
    storm(level=level)
    assert ("A storm is rising" in reader(role).get("/account/").text) == is_told


@pytest.mark.parametrize("over", [{"closed": timezone.now()}, {"mark": "nothing"}, {"mark": "planned"}])
def test_what_is_over_is_not_told(over):
    storm(**over)
    assert "A storm is rising" not in reader(Role.SUPERVISOR).get("/account/").text


def test_the_line_of_a_wider_storm_is_not_told_of_its_own():
    storm(stream="theme:13", part_of=storm())
    assert reader(Role.SUPERVISOR).get("/account/").text.count("A storm is rising") == 1


def test_put_aside_it_stays_away_for_the_session_until_the_storm_grows():
    client, told = reader(Role.SUPERVISOR), storm()
    answer = client.post("/duty/seen/", {"next": "/account/"})
    assert answer["Location"] == "/account/"
    assert "A storm is rising" not in client.get("/account/").text
    assert "A storm is rising" in reader(Role.SUPERVISOR).get("/account/").text
    Storm.objects.update(told_at=2 * told.told_at)
    assert "A storm is rising" in client.get("/account/").text
    by_script = client.post("/duty/seen/", headers={"HX-Request": "true"})
    assert (by_script.status_code, mark(by_script.text)) == (200, "")


def test_who_is_logged_out_meanwhile_gets_no_log_in_page_into_the_notice():
    assert Client().get("/duty/news/", headers={"HX-Request": "true"}).status_code == 204
    assert Client().get("/duty/news/").status_code == 302


def test_who_has_no_role_is_told_of_nothing():
    storm()
    assert "rising" not in at_desk(None).get("/account/").text


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_a_page_asks_for_the_count_of_the_menu_and_what_rises_and_with_a_storm_once_more():
    client = reader()
    with CaptureQueriesContext(connection) as queries:
        client.get("/account/")
    assert sum("kuulo_storm" in one["sql"] for one in queries) == 2
    assert sum("kuulo_duty" in one["sql"] for one in queries) == 0
    quiet = len(queries)
    storm()
    assert asked(client, "/account/") == quiet + 1
    storm(stream="pile")
    storm(stream="all")
    assert asked(client, "/account/") == quiet + 1


def test_no_more_is_asked_for_more_duties_and_alerts():
    client, counts = reader(Role.SUPERVISOR), []
    for begin in (0, 3):
        for number in range(begin, begin + 3):
            duty = on_duty(f"person{number}")
            held = storm(stream=f"theme:{number}")
            Alert.objects.create(
                duty=duty, person=duty.person, storm=held, kind="opened", count=1, key=str(number), state="sent"
            )
        counts.append(asked(client, "/duty/"))
    assert counts[0] == counts[1]


def test_an_alert_leads_to_the_card():
    assert CARD.format(storm=5) == reverse("storm", args=[5])


def test_the_frame_brings_the_script_once_and_no_page_brings_it_again():
    templates = Path(web.__file__).parent / "templates"
    bringing = [path.name for path in templates.rglob("*.html") if "htmx_script" in path.read_text("utf-8")]
    assert bringing == ["base.html"]
    assert reader().get("/account/").text.count("htmx-4") == 1
    assert "htmx-4" not in Client().get("/accounts/login/").text

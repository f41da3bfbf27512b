"""An alert reaches a mailbox and a program: in the reader's language, signed, at least once, without residents' words."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from tests.desk.alerted import DAYTIME, NIGHT, on_duty, sent, sent_together, storm
from tests.hear.door import Asked, Door, Told
from tests.hear.post_office import PASSWORD, USER, Sink, certificate, served
from tests.web.cast import person

from kuulo.desk.storm.alert import tell
from kuulo.desk.storm.duty import add_address, remove, try_out
from kuulo.desk.storm.send import MOST_TRIES, send
from kuulo.hear import mail_server
from kuulo.models import Alert, Duty, Event, Message, Role, Source, Storm, Theme, Worker
from kuulo.work.claim import Claims, put_back_abandoned

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    sink = Sink()
    settings.MAIL_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{sink.port}", "kuulo@town.example"
    settings.ADDRESS = "https://kuulo.example"
    yield sink
    sink.close()


def mails(sink: Sink) -> list[EmailMessage]:
    return [message_from_bytes(raw, policy=default) for raw in sink.mails]


def due(kind: str = "opened", **told: object) -> Alert:
    """Have an alert due, for whoever is on duty."""
    tell(storm(**told), kind, now=DAYTIME)
    return Alert.objects.latest("pk")


@pytest.mark.parametrize(
    ("language", "subject", "part"),
    [
        ("fi", "Kuulo · Palauteryöppy: Kouluruoka", "Kouluruoka: 17 viestiä 2 tunnissa"),
        ("sv", "Kuulo · Storm: Skolmaten", "Skolmaten: 17 meddelanden på 2 timmar"),
        ("nb", "Kuulo · Storm: Skolematen", "Skolematen: 17 meldinger på 2 timer"),
        ("en", "Kuulo · Storm: School meals", "School meals: 17 messages in 2 hours"),
        ("", "Kuulo · Storm: School meals", "More messages than usual have begun to come."),
    ],
)
def test_a_mail_speaks_the_readers_language(sink, language, subject, part):
    on_duty(language=language)
    alert = sent(due())
    (mail,) = mails(sink)
    assert (mail["Subject"], mail["To"], mail["From"]) == (
        subject,
        "Anna <anna@example.org>",
        "Kuulo <kuulo@town.example>",
    )
    assert part in mail.get_content()
    assert f"https://kuulo.example/storms/{alert.storm_id}/" in mail.get_content()
    assert (alert.state, alert.trouble) == ("sent", {})
    assert Event.objects.latest("pk").facts == {
        "alert": alert.pk,
        "storm": alert.storm_id,
        "person_id": alert.person_id,
    }


def test_without_an_address_of_the_desk_the_mail_says_where_the_card_is(sink, settings):
    settings.ADDRESS = ""
    on_duty()
    sent(due())
    assert "The card is in Kuulo, under Storms." in mails(sink)[0].get_content()


def test_no_residents_word_leaves(sink):
    word = "Ruoka oli kylmää taas"
    source = Source.objects.create(name="Lomake")
    message = Message.objects.create(source=source, identity="1", arrived=timezone.now(), text=word)
    on_duty()
    door = Door(lambda _: Told())
    try:
        _add(door)
        told = storm(first_message=message)
        tell(told, "opened", now=DAYTIME)
        sent()
        sent()
    finally:
        door.close()
    assert word not in mails(sink)[0].get_content() + door.asked[0].body.decode()


def test_a_mentor_is_asked_and_told_why(sink):
    person(Role.MENTOR)
    sent(due("mentor"))
    (mail,) = mails(sink)
    assert mail["Subject"] == "Kuulo · Your help is wanted: School meals"
    assert "because you are a mentor" in mail.get_content()


def test_a_mail_that_may_have_come_comes_again_under_the_same_name(sink):
    on_duty()
    sink.answers.extend([("lost", "250 OK"), ("", "451 Later")])
    alert = sent(due())
    assert (alert.state, alert.tries, alert.trouble["code"]) == ("queued", 1, "broken-off")
    assert sent(alert).state == "queued"
    assert sent(alert).state == "sent"
    first, second = mails(sink)
    assert first["Message-ID"] == second["Message-ID"] == f"<{alert.key}.kuulo@town.example>"


def several() -> tuple[Storm, Storm]:
    """Two storms of one night, of which the second is the worse, for whoever is on duty in the morning."""
    streets = Theme.objects.create(code="T13", names={"en": "Snow on the streets"})
    both = storm(level="rise"), storm(stream="theme:13", theme=streets)
    for one in both:
        tell(one, "opened", now=NIGHT)
    return both


def test_several_storms_of_a_night_come_in_one_mail_the_worst_first(sink):
    on_duty("Anna", least="rise")
    on_duty("Bertil")
    person(Role.MENTOR, name="Maija")
    rise, worse = several()
    tell(rise, "mentor", now=NIGHT)
    assert [len(sent_together()) for _ in range(3)] == [2, 1, 1]
    assert Claims("worker").take_alerts() == []
    anna, bertil, maija = mails(sink)
    assert (anna["To"], anna["Subject"]) == (
        "Anna <anna@example.org>",
        "Kuulo · Storm: Snow on the streets and 1 more",
    )
    told = anna.get_content()
    assert told.index(f"/storms/{worse.pk}/") < told.index(f"/storms/{rise.pk}/")
    assert told.count("because you are on duty") == 1
    assert (bertil["Subject"], maija["Subject"]) == (
        "Kuulo · Storm: Snow on the streets",
        "Kuulo · Your help is wanted: School meals",
    )
    assert {one.state for one in Alert.objects.all()} == {"sent"}
    events = Event.objects.filter(kind="alert-sent").values_list("facts__alert", flat=True)
    assert sorted(events) == sorted(Alert.objects.values_list("pk", flat=True))


def test_one_mail_of_several_that_may_have_come_comes_again_under_the_same_name(sink):
    on_duty(least="rise")
    rise, _ = several()
    sink.answers.append(("lost", "250 OK"))
    first = sent_together()
    assert {(one.state, one.tries) for one in first} == {("queued", 1)}
    assert len({one.due for one in first}) == 1
    Alert.objects.update(due=DAYTIME)
    sent_together()
    assert len({mail["Message-ID"] for mail in mails(sink)}) == 1
    # what tells of something else has another name
    Alert.objects.update(state="queued")
    Storm.objects.filter(pk=rise.pk).update(closed=timezone.now())
    assert {one.state for one in sent_together()} == {"sent", "cancelled"}
    assert len({mail["Message-ID"] for mail in mails(sink)}) == 2


def test_one_that_was_tried_too_often_takes_no_other_with_it(sink):
    on_duty(least="rise")
    several()
    old, new = Alert.objects.order_by("pk")
    Alert.objects.filter(pk=old.pk).update(tries=MOST_TRIES - 1)
    sink.answers.append(("", "451 Later"))
    sent_together()
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, new.tries) == ("failed", "queued", 1)


@pytest.mark.django_db(transaction=True)
def test_of_several_hands_one_takes_all_that_goes_together():
    for name in ("Anna", "Bertil", "Cecilia"):
        on_duty(name)
    for number in range(8):
        tell(storm(stream=f"theme:{number}"), "opened", now=DAYTIME)

    def take(_hand: int) -> list[list[Alert]]:
        claims = Claims("worker")
        try:
            return list(iter(claims.take_alerts, []))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        taken = [alerts for some in hands.map(take, range(4)) for alerts in some]
    assert sorted(len(alerts) for alerts in taken) == [8, 8, 8]
    assert sorted(alert.pk for alerts in taken for alert in alerts) == sorted(
        Alert.objects.values_list("pk", flat=True)
    )


def test_programs_are_called_of_each_storm(sink):
    for _ in range(2):
        Duty.objects.create(address="https://127.0.0.1:9/hook", secret=b"")
    several()
    assert [len(sent_together()) for _ in range(2)] == [1, 1]


def test_waits_grow_and_end(sink):
    on_duty()
    sink.answers.extend([("", "451 Later")] * MOST_TRIES)
    alert, waits = due(), []
    for _ in range(MOST_TRIES - 1):
        alert = sent(alert)
        waits.append(alert.due - timezone.now())
    assert alert.state == "queued"
    assert timedelta(seconds=5) < waits[0] <= timedelta(seconds=15)
    assert timedelta(minutes=29) < waits[-1] <= timedelta(minutes=30)
    assert sent(alert).state == "failed"
    assert (sink.mails, Event.objects.latest("pk").kind) == ([], "alert-failed")


def test_an_address_that_the_server_refuses_is_not_tried_again(sink):
    on_duty()
    sink.answers.append(("rcpt", "550 5.1.1 No such user"))
    alert = sent(due())
    assert (alert.state, alert.trouble["code"]) == ("failed", "refused")


def test_without_mail_it_is_said_and_nothing_is_tried(settings):
    settings.MAIL_URL = ""
    on_duty()
    alert = sent(due())
    assert (alert.state, alert.trouble["code"]) == ("failed", "no-mail")


@pytest.fixture
def trusted(tmp_path, monkeypatch) -> Iterator[Path]:
    """A certificate for this machine that Kuulo trusts."""
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    mail_server.trusting.cache_clear()
    yield path
    mail_server.trusting.cache_clear()


def test_with_a_password_and_encryption(settings, trusted):
    sink = Sink(tls=served(trusted))
    try:
        settings.MAIL_URL, settings.MAIL_FROM = f"smtp+tls://{USER}@127.0.0.1:{sink.port}", "kuulo@town.example"
        settings.MAIL_PASSWORD = "wrong"
        on_duty()
        alert = sent(due())
        assert (alert.state, alert.trouble["code"], sink.mails) == ("queued", "not-let-in", [])
        settings.MAIL_PASSWORD = PASSWORD
        assert sent(alert).state == "sent"
    finally:
        sink.close()


@pytest.mark.parametrize("over", [{"closed": timezone.now()}, {"mark": "nothing"}, {"mark": "planned"}])
def test_a_storm_that_is_over_before_the_morning_wakes_nobody(sink, over):
    on_duty()
    alert = due()
    type(alert.storm).objects.update(**over)
    assert sent(alert).state == "cancelled"
    assert (alert.__class__.objects.get().trouble, sink.mails) == ({"code": "storm-over"}, [])


def test_who_is_taken_off_duty_is_not_told(sink):
    duty = on_duty()
    alert = due()
    remove(person(Role.SUPERVISOR), duty)
    alert.refresh_from_db()
    assert (alert.state, alert.duty) == ("cancelled", None)
    other = on_duty("Bertil")
    alert = due(stream="pile")
    other.person.memberships.all().delete()
    assert sent(alert).trouble == {"code": "off-duty"}


def test_what_a_dead_worker_left_is_sent_by_another(sink):
    on_duty()
    alert = due()
    assert Claims("dead").take_alerts() == [alert]
    Worker.objects.create(name="alive", beat=timezone.now())
    assert Claims("alive").take_alerts() == []
    assert put_back_abandoned() == 1
    assert sent().state == "sent"
    assert mails(sink)[0]["Message-ID"] == f"<{alert.key}.kuulo@town.example>"


def test_a_worker_that_was_taken_for_dead_changes_nothing_any_more(sink):
    on_duty()
    due()
    slow = Claims("slow").take_alerts()
    Alert.objects.update(state="queued", claimed_by="")
    assert sent().state == "sent"
    send(slow)
    assert Alert.objects.get().claimed_by == ""
    assert Event.objects.filter(kind="alert-sent").count() == 1


# Programs


class Receiver:
    """A program that is called: it takes what is signed, once, and not what is old."""

    def __init__(self) -> None:
        self.taken: list[dict[str, object]] = []
        self.seen: set[str] = set()
        self.secret = b""
        self.door = Door(self.answer)

    def answer(self, asked: Asked) -> Told:
        name, at = asked.headers["webhook-id"], asked.headers["webhook-timestamp"]
        signed = f"{name}.{at}.".encode() + asked.body
        right = base64.b64encode(hmac.new(self.secret, signed, hashlib.sha256).digest()).decode()
        if asked.headers["webhook-signature"] != f"v1,{right}" or abs(time.time() - int(at)) > 300:
            return Told(status=400)
        if name not in self.seen:
            self.seen.add(name)
            self.taken.append(json.loads(asked.body))
        return Told(status=204)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.secret = base64.b64decode(_add(receiver.door).removeprefix("whsec_"))
    yield receiver
    receiver.door.close()


def _add(door: Door, *, own_network: bool = True) -> str:
    by = person(Role.ADMINISTRATOR)
    return add_address(by, f"{door.url}/hook", least="storm", nights=False, own_network=own_network)


def test_a_program_is_told_what_it_can_check(receiver, settings):
    settings.ADDRESS = "https://kuulo.example"
    alert = sent(due())
    assert alert.state == "sent"
    (told,) = receiver.taken
    assert told | {"sentences": 0, "began": 0, "opened": 0} == {
        "id": alert.pk,
        "key": alert.key,
        "kind": "opened",
        "storm": alert.storm_id,
        "level": "storm",
        "theme": "T12",
        "place": None,
        "names": {"fi": "Kouluruoka", "sv": "Skolmaten", "nb": "Skolematen", "en": "School meals"},
        "sentences": 0,
        "messages": 17,
        "people": 14,
        "window_seconds": 7200,
        "expected": 1.2,
        "began": 0,
        "opened": 0,
        "link": f"https://kuulo.example/storms/{alert.storm_id}/",
    }
    assert receiver.door.asked[0].headers["idempotency-key"] == alert.key


def test_the_receiver_takes_a_call_that_comes_again_once_and_a_changed_one_never(receiver):
    alert = due()
    sent(alert)
    asked = receiver.door.asked[0]
    assert receiver.answer(asked).status == 204
    Alert.objects.update(state="queued", sent_at=None)
    assert sent().state == "sent"  # a worker died before it could write that it was sent
    assert len(receiver.taken) == 1
    forged = Asked(
        method="POST", path=asked.path, query={}, headers=asked.headers, body=asked.body.replace(b"17", b"71")
    )
    old = Asked(
        method="POST", path="/", query={}, headers=asked.headers | {"webhook-timestamp": "1"}, body=asked.body
    )
    assert [receiver.answer(one).status for one in (forged, old)] == [400, 400]
    assert len({asked.headers["webhook-id"] for asked in receiver.door.asked}) == 1


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        ("error", "queued", "server-error"),
        ("too-many", "queued", "busy"),
        ("no-right", "queued", "not-let-in"),
        ("breaks-off", "queued", "broken-off"),
        ("redirect", "failed", "redirected"),
    ],
)
def test_what_a_program_answers_decides_whether_it_is_called_again(receiver, fault, state, code):
    receiver.door.faults.append(fault)
    alert = sent(due())
    assert (alert.state, alert.trouble["code"]) == (state, code)


def test_an_answer_without_end_is_not_read(settings):
    door = Door(lambda _: Told(body=b"x" * 200_000))
    _add(door)
    alert = sent(due())
    door.close()
    assert (alert.state, alert.trouble["code"]) == ("failed", "too-large")


def test_the_own_network_is_closed_to_calls():
    door = Door(lambda _: Told())
    _add(door, own_network=False)
    alert = sent(due())
    door.close()
    assert (alert.state, alert.trouble["code"], door.asked) == ("failed", "address-not-allowed", [])


def test_a_secret_of_another_desk_signs_nothing(receiver, settings):
    settings.SECRET_KEY = "another desk's secret"
    alert = sent(due())
    assert (alert.state, alert.trouble["code"], receiver.door.asked) == ("failed", "secrets-lost", [])


def test_a_test_goes_the_way_of_an_alert(receiver, sink):
    by = person(Role.ADMINISTRATOR)
    try_out(by, Duty.objects.get())
    assert sent().state == "sent"
    assert (receiver.taken[0]["kind"], receiver.taken[0]["storm"]) == ("test", None)
    try_out(by, on_duty())
    sent()
    assert "This is a test" in mails(sink)[0]["Subject"]

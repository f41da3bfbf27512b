"""The path of safety: out of every list, kept as evidence while the case is open, and back again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.desk.storm_rows import storm
from tests.web.cast import at_desk, person

from kuulo.desk import safety
from kuulo.desk.correct import not_about
from kuulo.desk.deliver import deliver, settle
from kuulo.desk.forget import forget
from kuulo.desk.hashtags import collections, merge_tags
from kuulo.desk.inbox import Filters, in_order
from kuulo.desk.not_now import NotNow
from kuulo.desk.receive import receive
from kuulo.desk.undo import undo
from kuulo.desk.withdraw import remove
from kuulo.hear.connector import Gone, Post
from kuulo.models import Concern, Delivery, Event, Message, Placement, Role, SafetyCase, Source, Theme

pytestmark = pytest.mark.django_db
THREAT = "Tiedän missä asut, lumiaura."


@pytest.fixture
def message() -> Message:
    source = Source.objects.create(name="Lomake", channel="form", keep_days=30)
    receive(source, [Post(id="1", text=THREAT, author="joku")])
    found = Message.objects.get()
    theme = Theme.objects.create(code="T1", names={"fi": "auraus"})
    Placement.objects.create(message=found, theme=theme, main=True, arrived=found.arrived)
    Message.objects.filter(pk=found.pk).update(status="grouped", vector=b"\0" * 1536)
    theme.central = [found.pk]
    theme.save()
    Concern.objects.create(message=found, kinds=["threat"], arrived=found.arrived)
    return Message.objects.get()


def test_it_is_in_no_list_of_anybody(message):
    safety.send(person(), message.pk, reason="threat", note="soita vartijalle")
    assert not Filters().queryset().exists()
    assert not Filters(status="safety").queryset().exists()
    assert in_order([message.pk]) == []
    assert Theme.objects.get().central == []
    assert not Placement.objects.exists()
    assert not Concern.objects.exists()
    found = Message.objects.get()
    assert (found.status, found.vector, found.search_text, found.text) == ("safety", None, "", THREAT)


@pytest.mark.parametrize("role", [*Role])
def test_only_supervisors_and_administrators_see_it(message, role):
    safety.send(person(), message.pk, reason="threat", note="")
    browser = at_desk(role)
    for address in (
        f"/messages/{message.pk}/", f"/messages/{message.pk}/similar/", f"/messages/{message.pk}/?format=json",
        "/inbox/", "/inbox/?status=safety", "/inbox/?format=csv", "/search/?words=lumiaura",
        f"/search/?words={message.pk}", f"/search/?mine={message.pk}", "/themes/T1/", "/concerns/", "/uncertain/", "/history/",
    ):  # fmt: skip
        answer = browser.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert THREAT not in body.decode(), address
    seen = browser.get("/safety/")
    sees = role in (Role.SUPERVISOR, Role.ADMINISTRATOR)
    assert (THREAT in seen.content.decode(), seen.status_code) == (sees, 200 if sees else 403)


def test_the_event_holds_no_words(message):
    safety.send(person(), message.pk, reason="harassment", note="soita vartijalle")
    assert Event.objects.get(kind="safety-opened").facts == {"reason": "harassment"}


def test_evidence_outlives_its_writer_and_its_time_while_the_case_is_open(message):
    case = safety.send(person(), message.pk, reason="threat", note="")
    receive(message.source, [Gone(id="1")])
    receive(message.source, [Post(id="1", text="En sanonut mitään.")])
    later = timezone.now() + timedelta(days=400)
    forget(now=later)
    assert Message.objects.get().text == THREAT
    safety.close(person(Role.SUPERVISOR), case.pk, put_back=False)
    assert Message.objects.get().status == "safety"
    forget(now=later)
    assert Message.objects.get().text == ""


def test_what_is_put_back_is_placed_anew_and_found_again(message):
    case = safety.send(person(), message.pk, reason="other", note="")
    safety.close(person(Role.SUPERVISOR), case.pk, put_back=True)
    found = Message.objects.get()
    assert found.status == "new"
    assert "lumiaura" in found.search_text
    with pytest.raises(NotNow):
        safety.close(person(), case.pk, put_back=True)
    safety.send(person(), message.pk, reason="threat", note="toisen kerran")
    assert SafetyCase.objects.get().closed_at is None


def test_a_message_goes_the_path_once_and_for_a_reason(message):
    safety.send(person(), message.pk, reason="threat", note="")
    with pytest.raises(NotNow):
        safety.send(person(), message.pk, reason="threat", note="")
    with pytest.raises(ValueError, match="rude"):
        safety.send(person(), message.pk, reason="rude", note="")


def test_undoing_a_correction_does_not_bring_it_back_into_a_theme(message):
    official = person()
    taken = not_about(message, Theme.objects.get(code="T1"), person=official)
    safety.send(official, message.pk, reason="threat", note="")
    undo(taken, person=official)
    assert not Placement.objects.exists()
    assert Message.objects.get().status == "safety"


def test_a_theme_that_still_names_it_as_typical_does_not_quote_it(message):
    safety.send(person(), message.pk, reason="threat", note="")
    Theme.objects.update(central=[message.pk])
    browser = at_desk(Role.OFFICIAL)
    for address in ("/themes/", "/themes/T1/", "/uncertain/", "/compare/?themes=T1"):
        assert THREAT not in browser.get(address).content.decode(), address


def test_a_storm_that_it_set_off_does_not_quote_it(message):
    answers = [Post(id=f"a{n}", text=f"Vastaus {n} tähän", parent="1") for n in range(3)]
    receive(message.source, answers)
    theme = Theme.objects.get()
    for one in Message.objects.exclude(pk=message.pk):
        Placement.objects.create(message=one, theme=theme, main=True, arrived=one.arrived)
    Message.objects.update(status="grouped")
    one = storm(theme=theme, first_message=message, began=120)
    assert THREAT in at_desk(Role.READER).get(f"/storms/{one.pk}/").content.decode()
    safety.send(person(), message.pk, reason="threat", note="")
    browser = at_desk(Role.READER)
    for address in (f"/storms/{one.pk}/", f"/storms/{one.pk}/now/", f"/storms/{one.pk}/report/"):
        answer = browser.get(address)
        assert (answer.status_code, THREAT in answer.content.decode()) == (200, False), address


def test_hashtags_that_nothing_in_sight_holds_are_not_listed(message):
    receive(message.source, [Post(id="2", text="#aurausta #uhka"), Post(id="3", text="#auraus")])
    held = Message.objects.get(text="#aurausta #uhka")
    assert {one.tag.name for one in collections()} == {"aurausta", "uhka", "auraus"}
    merge_tags("auraus", "aurausta", person=person())
    safety.send(person(), held.pk, reason="threat", note="")
    assert [(one.tag.name, one.uses) for one in collections()] == [("auraus", 1)]


def test_a_reply_that_needs_a_person_does_not_quote_it(message):
    Delivery.objects.create(message=message, key="k", text="Vastaus.", state="unknown", trouble={"code": "too-slow"})
    browser = at_desk(Role.OFFICIAL)
    assert THREAT in browser.get("/replies/").content.decode()
    safety.send(person(), message.pk, reason="threat", note="")
    assert THREAT not in browser.get("/replies/").content.decode()


@pytest.fixture
def copies(message) -> list[Message]:
    """The same text by two others, one of them with a reply that waits."""
    receive(message.source, [Post(id=f"c{n}", text=THREAT, author=f"muu {n}") for n in range(2)])
    made = [*Message.objects.exclude(pk=message.pk).order_by("pk")]
    theme = Theme.objects.get()
    for one in made:
        Placement.objects.create(message=one, theme=theme, main=True, arrived=one.arrived)
    Message.objects.filter(pk__in=[one.pk for one in made]).update(status="grouped", copy_of=message.pk)
    Delivery.objects.create(message=made[0], key="k", text="Vastaus.")
    return made


@pytest.mark.parametrize("sent", [0, 1])
def test_its_copies_go_along_and_come_back(message, copies, sent):
    family = [message, *copies]
    case = safety.send(person(), family[sent].pk, reason="threat", note="soita vartijalle")
    assert not Filters(copies="all").queryset().exists()
    assert not Placement.objects.exists()
    assert set(Message.objects.values_list("status", "search_text")) == {("safety", "")}
    assert [(one.message_id, one.copies, one.note) for one in safety.cases()] == [(family[sent].pk, 2, case.note)]
    page = at_desk(Role.SUPERVISOR).get("/safety/", headers={"accept-language": "en"}).content.decode()
    assert page.count(THREAT) == 1
    assert "2 messages with the same text came along" in page
    forget(now=timezone.now() + timedelta(days=400))
    assert set(Message.objects.values_list("text", flat=True)) == {THREAT}
    safety.close(person(Role.SUPERVISOR), case.pk, put_back=True)
    told = Message.objects.values_list("status", "copy_of", "search_text")
    assert [(status, head) for status, head, _ in told] == [("new", None)] * 3
    assert all("lumiaura" in words for _, _, words in told)
    assert [one.pk for one in safety.cases()] == [case.pk]


def test_copies_stay_out_of_sight_with_a_case_that_is_closed(message, copies):
    case = safety.send(person(), message.pk, reason="threat", note="")
    safety.close(person(Role.SUPERVISOR), case.pk, put_back=False)
    assert set(Message.objects.values_list("status", flat=True)) == {"safety"}
    assert not SafetyCase.objects.filter(closed_at=None).exists()
    forget(now=timezone.now() + timedelta(days=400))
    assert set(Message.objects.values_list("text", flat=True)) == {""}


def test_a_case_is_closed_also_where_its_message_is_gone(message):
    case = safety.send(person(), message.pk, reason="threat", note="")
    remove([message.pk], now=timezone.now())
    safety.close(person(Role.SUPERVISOR), case.pk, put_back=False)
    assert not SafetyCase.objects.filter(closed_at=None).exists()


def test_what_came_later_with_the_same_text_is_for_a_person_to_see(message):
    safety.send(person(), message.pk, reason="threat", note="")
    receive(message.source, [Post(id="2", text=THREAT)])
    assert [one.pk for one in Filters().queryset()] == [Message.objects.latest("pk").pk]


def test_a_reply_that_waits_is_not_sent_to_it_nor_to_its_copies(message, copies):
    Delivery.objects.create(message=message, key="k2", text="Vastaus.")
    safety.send(person(), message.pk, reason="threat", note="")
    assert set(Delivery.objects.values_list("state", "text")) == {("left", "Vastaus.")}
    assert Event.objects.filter(kind="reply-cancelled").count() == 2


def test_a_reply_that_a_worker_has_taken_or_puts_back_is_not_sent_either(message):
    delivery = Delivery.objects.create(message=message, key="k", text="Vastaus.", state="running", claimed_by="w")
    safety.send(person(), message.pk, reason="threat", note="")
    deliver(Delivery.objects.get())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.trouble["code"]) == ("refused", "safety")
    with pytest.raises(NotNow):
        settle(delivery, "again", person=person())
    safety.close(person(Role.SUPERVISOR), SafetyCase.objects.get().pk, put_back=True)
    page = at_desk(Role.OFFICIAL).get("/replies/", headers={"accept-language": "en"}).content.decode()
    assert "was on the safety path" in page


def test_the_note_goes_with_the_text(message):
    case = safety.send(person(), message.pk, reason="threat", note=THREAT)
    safety.close(person(Role.SUPERVISOR), case.pk, put_back=False)
    forget(now=timezone.now() + timedelta(days=400))
    assert SafetyCase.objects.get().note == ""

"""A message that may be grave waits for somebody to look; what they say stands until the message says something else."""

import pytest
from django.utils import timezone
from tests.web.cast import person

from kuulo.desk import concern
from kuulo.desk.settle import Decision, write
from kuulo.desk.withdraw import blank
from kuulo.group.grave import Grave, grave
from kuulo.lang.grave import Told
from kuulo.models import Concern, Event, Message, Source

pytestmark = pytest.mark.django_db
FIRE = "Kellarissa palaa, savua tulee ovesta."


def waiting(text: str) -> Message:
    source, _ = Source.objects.get_or_create(name="Lomake")
    number = f"{Message.objects.count()}"
    return Message.objects.create(source=source, identity=number, text=text, arrived=timezone.now())


def settled(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(status="new")
    told = grave(Message.objects.get(pk=message.pk).text, "fi", None)
    write([Decision(message=message.pk, status="uncertain", language="fi", grave=told)], event="placed")
    return message


def test_a_grave_message_is_noted_when_it_is_placed_and_others_are_not():
    fire, plain = settled(waiting(FIRE)), settled(waiting("Keinu narisee."))
    noted = Concern.objects.get()
    assert (noted.message_id, noted.said, noted.arrived) == (fire.pk, "", fire.arrived)
    assert "fire" in noted.kinds
    assert "savua" in {FIRE[start:end] for _, start, end in noted.why}
    assert plain.pk not in Concern.objects.values_list("message", flat=True)
    assert concern.waiting() == 1


def test_what_a_person_said_stands_as_long_as_the_message_tells_the_same():
    message, official = settled(waiting(FIRE)), person()
    concern.say(official, message.pk, "nothing")
    settled(message)
    assert Concern.objects.get().said == "nothing"
    Message.objects.filter(pk=message.pk).update(text=f"Nyt jo liekit! {FIRE}")
    settled(message)
    assert Concern.objects.get().said == ""
    Message.objects.filter(pk=message.pk).update(text="Keinu narisee.")
    settled(message)
    assert not Concern.objects.exists()


def test_saying_it_is_told_and_can_be_taken_back():
    message, official = settled(waiting(FIRE)), person()
    concern.say(official, message.pk, "real")
    assert [one.message_id for one in concern.listed("real")] == [message.pk]
    concern.say(official, message.pk, "")
    assert [one.message_id for one in concern.listed("")] == [message.pk]
    kinds = Event.objects.filter(message_id=message.pk).order_by("pk").values_list("kind", flat=True)
    assert [*kinds] == ["concern-real", "concern-open"]
    with pytest.raises(ValueError, match="maybe"):
        concern.say(official, message.pk, "maybe")


def test_what_is_forgotten_is_no_concern():
    message = settled(waiting(FIRE))
    blank([message.pk], now=timezone.now())
    assert not Concern.objects.exists()


def test_what_is_likely_comes_before_what_is_possible():
    likely, possible = waiting("Kellarissa palaa."), waiting("Kellarista tulee outo haju.")
    for message, sure in ((likely, True), (possible, False)):
        told = Grave((Told("fire", ()),), likely=sure)
        write([Decision(message=message.pk, status="uncertain", language="fi", grave=told)], event="placed")
    assert [one.message_id for one in concern.listed("")] == [likely.pk, possible.pk]
    assert (concern.waiting(), concern.likely_waiting()) == (2, 1)

"""What is not the municipality's matter is set aside where a source has a limit; people have the last word."""

import pytest
from tests.web.cast import person

from kuulo.desk import aside
from kuulo.desk.inbox import Filters
from kuulo.desk.not_now import NotNow
from kuulo.desk.receive import receive
from kuulo.desk.sources import change
from kuulo.hear.connector import Post
from kuulo.models import Event, Message, Placement, Role, Source, Theme

pytestmark = pytest.mark.django_db
OURS, NOT_OURS = "Leikkipuiston keinu on rikki", "Jääkiekko-ottelu meni jatkoajalle, mikä maali!"


def source(**more: object) -> Source:
    told = {"name": "Aihetunniste", "channel": "mastodon", "run_by": "residents", "relevance_limit": 0.3} | more
    return Source.objects.create(**told)


def heard(source: Source, text: str, **more: object) -> Message:
    name = f"{Message.objects.count()}"
    receive(source, [Post(id=name, text=text, **more)])
    return Message.objects.get(source=source, origin_id=name)


def status(message: Message) -> str:
    message.refresh_from_db()
    return message.status


def test_what_is_below_the_limit_is_set_aside_with_its_reasons_and_listed():
    place = source()
    ours, other = heard(place, OURS), heard(place, NOT_OURS)
    assert (ours.status, other.status) == ("new", "aside")
    assert ["service", "leikkipuiston"] in ours.relevance_why
    assert "elsewhere" in {code for code, _ in other.relevance_why}
    assert [*Filters(status="aside").queryset()] == [other]
    assert [*Filters().queryset()] == [ours]
    assert aside.aside_count(place) == 1


def test_without_a_limit_nothing_is_judged():
    told = heard(source(relevance_limit=None), NOT_OURS)
    assert (told.status, told.relevance, told.relevance_why) == ("new", None, [])


@pytest.mark.parametrize(
    ("more", "of_source", "code"),
    [
        ({"addressee": "kaislalahti"}, {}, "addressed"),
        ({"private": True}, {}, "own-channel"),
        ({}, {"run_by": "administration"}, "own-channel"),
    ],
)
def test_what_is_said_to_the_municipality_is_always_in(more, of_source, code):
    told = heard(source(**of_source), NOT_OURS, **more)
    assert (told.status, told.relevance, told.relevance_why[0][0]) == ("new", 1.0, code)


def test_the_municipalitys_own_names_count():
    place = source(own_names="Kaislalahti\n@kaislalahti\n")
    assert heard(place, "Kaislalahdessa on hiljaista").relevance_why == [["name", "kaislalahdessa"]]
    assert heard(place, "Hyvää huomenta @kaislalahti").relevance == 1.0


def test_an_edited_message_is_judged_anew():
    place = source()
    told = heard(place, NOT_OURS)
    receive(place, [Post(id=told.origin_id, text=OURS)])
    assert status(told) == "new"
    receive(place, [Post(id=told.origin_id, text=NOT_OURS)])
    assert status(told) == "aside"


def test_another_limit_judges_what_waits_and_leaves_what_is_grouped():
    by, place = person(Role.SUPERVISOR), source(relevance_limit=None)
    waiting, grouped = heard(place, NOT_OURS), heard(place, NOT_OURS + " Huh!")
    Message.objects.filter(pk=grouped.pk).update(status="grouped")
    change(by, place, {"relevance_limit": 0.3})
    assert aside.judge_anew(by, place) == (1, 0)
    assert (status(waiting), status(grouped)) == ("aside", "grouped")
    assert Event.objects.get(kind="source-judged").facts == {"source": place.pk, "aside": 1, "taken": 0}
    change(by, place, {"relevance_limit": None})
    assert aside.judge_anew(by, place) == (0, 1)
    assert (status(waiting), waiting.relevance) == ("new", None)


def test_a_person_takes_a_message_in_and_sets_it_aside_again():
    by, place = person(Role.SUPERVISOR), source()
    told = heard(place, NOT_OURS)
    aside.take_in(by, told.pk)
    assert status(told) == "new"
    aside.judge_anew(by, place)
    assert status(told) == "new"
    aside.set_aside(by, told.pk)
    assert status(told) == "aside"
    assert [code for code, _ in told.relevance_why][:2] == ["person-aside", "elsewhere"]
    receive(place, [Post(id=told.origin_id, text=OURS)])
    assert status(told) == "aside"
    kinds = Event.objects.filter(message_id=told.pk, person=by).order_by("pk").values_list("kind", flat=True)
    assert [*kinds] == ["message-taken-in", "message-aside"]


def grouped(by: str = "machine") -> Message:
    told = heard(source(), OURS)
    theme = Theme.objects.create(code="T1", names={"fi": "keinut"}, central=[told.pk], stale=False)
    Placement.objects.create(message=told, theme=theme, arrived=told.arrived, by=by)
    Message.objects.filter(pk=told.pk).update(status="grouped")
    return told


def test_what_is_set_aside_leaves_its_theme():
    told = grouped()
    aside.set_aside(person(Role.SUPERVISOR), told.pk)
    theme = Theme.objects.get()
    assert (status(told), theme.stale, theme.central) == ("aside", True, [])
    assert not Placement.objects.exists()


def test_what_a_person_placed_is_not_set_aside():
    told = grouped(by="person")
    with pytest.raises(NotNow, match="placed-by-person"):
        aside.set_aside(person(Role.SUPERVISOR), told.pk)
    assert status(told) == "grouped"


def test_only_what_is_aside_is_taken_in():
    told = grouped()
    with pytest.raises(NotNow, match="not-aside"):
        aside.take_in(person(Role.SUPERVISOR), told.pk)
    Message.objects.filter(pk=told.pk).update(status="gone")
    with pytest.raises(NotNow, match="not-in"):
        aside.set_aside(person(Role.SUPERVISOR), told.pk)

"""What was kept for its time goes, and what it was counted in stays."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from kuulo.desk import forget as desk
from kuulo.desk.figures import refresh_figures
from kuulo.desk.forget import forget
from kuulo.desk.meaning import Vectors
from kuulo.desk.place import place_new
from kuulo.desk.portrait import typical
from kuulo.desk.push import make_key
from kuulo.desk.receive import receive
from kuulo.desk.regroup import regroup
from kuulo.desk.uncertain import queue
from kuulo.desk.vectors import as_vector
from kuulo.hear.connector import Post, Unread
from kuulo.models import (
    Author,
    Correction,
    EarlierText,
    Event,
    Invitation,
    Message,
    Person,
    Placement,
    PushAnswer,
    RawText,
    Regroup,
    Source,
    Theme,
    UnreadItem,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def source(settings, tmp_path):
    settings.AUTHOR_KEYS = tmp_path / "keys"
    return Source.objects.create(name="Sivu", channel="web", keep_days=30, by_name=True)


def later(days):
    return timezone.now() + days * DAY


def hear(source, *texts, days=0, **more):
    """Hear texts, so many days ago; they stand in a theme."""
    before = Message.objects.count()
    receive(source, [Post(id=f"{before + at}", text=text, **more) for at, text in enumerate(texts)])
    rows = list(Message.objects.order_by("pk")[before:])
    theme, _ = Theme.objects.get_or_create(code="T1", defaults={"names": {"fi": "auraus"}})
    for at, row in enumerate(rows):
        why = {"near": [row.pk], "words": ["aura"]}
        Placement.objects.create(message=row, theme=theme, arrived=row.arrived, fit=0.9 - at / 10, why=why)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        heard=timezone.now() - days * DAY, status="grouped", kind="wants", vector=b"\0<" * 768
    )
    return list(Message.objects.order_by("pk")[before:])


def figures():
    Theme.objects.update(stale=True)
    refresh_figures(limit=5)
    return Theme.objects.get(code="T1").figures


def test_an_old_text_goes_and_all_that_was_counted_stays(source):
    old, fresh = hear(source, "Aura jätti vallin, soita 040 123 4567", days=31, author="Anna"), hear(source, "Uusi")
    receive(source, [Post(id="0", text="Aura jätti ison vallin, soita 040 123 4568", author="Anna")])
    Message.objects.filter(pk=old[0].pk).update(status="grouped", heard=timezone.now() - 31 * DAY)
    theme = Theme.objects.get()
    if not old[0].placements.exists():
        Placement.objects.create(message=old[0], theme=theme, arrived=old[0].arrived, why={"words": ["aura"]})
    assert EarlierText.objects.exists()
    assert RawText.objects.exists()
    before = figures()
    assert forget()["texts"] == 1
    row = Message.objects.get(pk=old[0].pk)
    assert (row.text, row.search_text, row.title, row.url, row.vector) == ("", "", "", "", None)
    assert (row.channel, row.status, row.kind, row.author is None) == ("web", "grouped", "wants", False)
    assert not EarlierText.objects.exists()
    assert not RawText.objects.exists()
    assert all("words" not in one.why for one in row.placements.all())
    assert Message.objects.get(pk=fresh[0].pk).text == "Uusi"
    assert figures() == before


def test_each_source_keeps_its_own_time(source):
    long = Source.objects.create(name="Pitkä", keep_days=365)
    hear(source, "Lyhyt", days=40)
    hear(long, "Pitkä", days=40)
    assert forget() == {"texts": 1}
    assert list(Message.objects.filter(gone=None).values_list("text", flat=True)) == ["Pitkä"]
    assert forget() == {}


def test_a_file_of_earlier_years_is_kept_from_the_day_it_was_brought(source):
    hear(source, "Vanha asia")
    Message.objects.update(arrived=timezone.now() - 900 * DAY)
    assert forget() == {}


def test_what_was_forgotten_does_not_come_back(source):
    hear(source, "Aura jätti vallin", days=31)
    forget()
    assert receive(source, [Post(id="0", text="Aura jätti vallin", version="2")]).known == 1
    assert Message.objects.get().text == ""


def test_copies_that_stay_stand_for_the_forgotten_one_and_count_as_before(source):
    first, second, third = hear(source, "Sama", "Sama", "Sama")
    Message.objects.exclude(pk=first.pk).update(copy_of=first)
    Message.objects.filter(pk=first.pk).update(heard=timezone.now() - 31 * DAY)
    before = figures()
    forget()
    heads = dict(Message.objects.values_list("pk", "copy_of"))
    assert heads == {first.pk: second.pk, second.pk: None, third.pk: second.pk}
    assert figures() == before
    Message.objects.filter(pk=second.pk).update(heard=timezone.now() - 31 * DAY)
    forget()
    assert dict(Message.objects.values_list("pk", "copy_of")) == {
        first.pk: third.pk, second.pk: third.pk, third.pk: None
    }  # fmt: skip
    assert figures() == before


def test_others_are_typical_in_the_place_of_the_forgotten(source):
    old, best, second = *hear(source, "Vanha", days=31), *hear(source, "Paras", "Toinen")
    theme = Theme.objects.get()
    Theme.objects.update(central=[old.pk, second.pk])
    forget()
    theme.refresh_from_db()
    assert theme.central == [second.pk, best.pk]
    Correction.objects.create(kind="pin", theme=theme, message=old)
    assert old.pk not in [one.pk for one in typical(theme, [old.pk])]
    Message.objects.update(heard=timezone.now() - 31 * DAY)
    forget()
    theme.refresh_from_db()
    assert theme.central == []


def test_names_raw_texts_unread_items_answers_and_invitations_have_their_end(source):
    receive(
        source, [Post(id="1", text="Soita 040 123 4567", author="b", author_name="Anna"), Unread(id="2", code="x")]
    )
    person = Person.objects.create_user("a@example.org")
    key = make_key(person, source, name="Palaute")
    assert key
    answer = {"api_key": source.api_keys.get(), "idempotency_key": "1", "body_hash": "", "answer": {}}
    PushAnswer.objects.create(**answer)
    Invitation.objects.create(token_hash="0", email="b@example.org", role="reader", expires=timezone.now())
    Session.objects.create(session_key="0", session_data="", expire_date=timezone.now() - DAY)
    assert forget() == {}
    assert not Session.objects.exists()
    assert forget(now=later(2)) == {"answers": 1}
    assert forget(now=later(8)) == {"unread": 1}
    assert forget(now=later(30.5)) == {"texts": 1, "names": 1, "invitations": 1} | (
        {"raw": 1} if RawText.objects.exists() else {}
    )
    assert bytes(Author.objects.get().name) == b""
    assert [UnreadItem.objects.count(), PushAnswer.objects.count(), Invitation.objects.count()] == [0, 0, 0]


def test_a_raw_text_goes_before_the_text_for_work(source):
    Source.objects.update(keep_days=365)
    receive(source, [Post(id="1", text="Soita 040 123 4567")])
    assert forget(now=later(29)) == {}
    assert forget(now=later(31)) == {"raw": 1}
    assert Message.objects.get().text


def test_it_goes_in_steps_each_told_with_what_it_did(source, monkeypatch):
    monkeypatch.setattr(desk, "AT_A_TIME", 2)
    hear(source, *"abcde", days=31)
    turns = iter([False, True, True])
    assert forget(stop=lambda: next(turns)) == {"texts": 2}
    assert Message.objects.filter(text="").count() == 2
    assert forget() == {"texts": 3}
    told = [event.facts for event in Event.objects.filter(kind="forgotten").order_by("pk")]
    assert told == [{"texts": 2}, {"texts": 2}, {"texts": 1}]


def test_what_waits_is_placed_no_more_and_nobody_is_asked_about_what_is_forgotten(source):
    waiting, unsure = hear(source, "Odottaa", "Epävarma", days=31)
    Message.objects.filter(pk=waiting.pk).update(status="new")
    Message.objects.filter(pk=unsure.pk).update(status="uncertain")
    assert queue().count() == 1
    forget()
    assert Message.objects.get(pk=waiting.pk).status == "empty"
    assert queue().count() == 0


def test_what_is_forgotten_is_found_by_its_meaning_no_more(source):
    old, fresh = *hear(source, "Vanha", days=31), *hear(source, "Uusi")
    vectors, asked = Vectors(), as_vector(fresh.vector)
    assert {one.message_id for one in vectors.nearest(asked, most=5)} == {old.pk, fresh.pk}
    forget()
    for _ in range(2):
        assert {one.message_id for one in vectors.nearest(asked, most=5)} == {fresh.pk}


@pytest.mark.parametrize("share", [2, 1])
def test_messages_are_placed_and_looked_at_anew_beside_forgotten_ones(wait, encoder, demo_texts, share):
    wait(*demo_texts[:60])
    while place_new(encoder, limit=64):
        pass
    stood = dict(Placement.objects.filter(main=True).values_list("message", "theme"))
    old = Message.objects.order_by("pk").values_list("pk", flat=True)[: 60 // share]
    Message.objects.filter(pk__in=list(old)).update(heard=timezone.now() - 400 * DAY)
    assert forget()["texts"] == 60 // share
    wait(*demo_texts[60:70])
    while place_new(encoder, limit=64):
        pass
    row = Regroup.objects.create(state=Regroup.State.RUNNING)
    regroup(row, stop=lambda: False)
    row.refresh_from_db()
    assert row.state == "done"
    assert not Message.objects.filter(status="new").exists()
    alone = Message.objects.exclude(gone=None).filter(copy_of=None, copies=None)
    for placement in Placement.objects.filter(main=True, message__in=alone):
        assert placement.theme_id == stood[placement.message_id]

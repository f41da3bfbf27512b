"""Rows: messages stored many at a time are stored as they were made, on both engines."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.forms import model_to_dict

from kuulo.desk.rows import add_messages
from kuulo.models import Author, Message, Source

pytestmark = pytest.mark.django_db
SAID = datetime(2026, 11, 20, 8, 15, 0, 123456, tzinfo=timezone(timedelta(hours=2)))


def _message(source: Source, identity: str, **more: object) -> Message:
    return Message(source=source, identity=identity, arrived=SAID, **{"text": "Tie on liukas", **more})


def test_what_is_stored_is_what_was_made() -> None:
    source, author = Source.objects.create(name="Palaute"), Author.objects.create(key="230-0")
    made = _message(
        source,
        "a",
        text='Ääni "lainaus" \\ \n\t\u2028 \U0001f600 \\u0041 {} %s',
        title="'); --",
        author=author,
        latitude=60.1699,
        longitude=-0.1,
        supporters=0,
        attachments=[{"name": "kuva.jpg", "type": "", "size": 3}],
        reply_to={"id": 9_007_199_254_740_993, "none": None},
        background=[["Sarake", "arvo"]],
        relevance=0.123,
        edited=datetime(1, 1, 1, tzinfo=UTC),
        private=True,
        status=Message.Status.EMPTY,
    )
    [came] = add_messages([made])
    stored = Message.objects.get(pk=came.pk)
    fields = [field.name for field in Message._meta.concrete_fields]
    assert model_to_dict(stored, fields) == model_to_dict(made, fields)
    assert (stored.arrived, stored.edited, stored.heard) == (SAID, made.edited, made.heard)


def test_what_another_source_brought_before_stays_and_is_not_told() -> None:
    source, other = (Source.objects.create(name=name) for name in ("Palaute", "Some"))
    [first] = add_messages([_message(other, "a", everywhere="https://example.org/1")])
    same, new = _message(source, "b", everywhere="https://example.org/1"), _message(source, "c")
    assert add_messages([same, new]) == [new]
    assert same.pk is None
    assert set(Message.objects.values_list("identity", "pk")) == {("a", first.pk), ("c", new.pk)}


def test_nothing_to_store_is_nothing_stored() -> None:
    assert add_messages([]) == []

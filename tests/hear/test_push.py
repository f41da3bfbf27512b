"""Whatever JSON is brought, each message is read or told to be wrong, as the description says."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kuulo.hear.connector import Gone, Post
from kuulo.hear.push import BODY_CODES, FIELDS, ITEM_CODES, MOST_ITEMS, BadBody, BadItem, message_schema, read_pushed

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
names = st.sampled_from([field.name for field in FIELDS])
likely = {
    "id": st.text(min_size=1),
    "text": st.text(),
    "time": st.datetimes().map(datetime.isoformat),
    "url": st.text().map("https://".__add__),
    "form": st.sampled_from(["comment", "message", "odd"]),
    "place": st.fixed_dictionaries({"latitude": st.floats(-99, 99), "longitude": st.integers(-199, 199)}),
    "tags": st.lists(st.text(max_size=120), max_size=40),
    "background": st.dictionaries(st.text(), st.text()),
    "deleted": st.booleans(),
}
messages = st.fixed_dictionaries({"id": likely.pop("id")}, optional=likely) | st.dictionaries(names, anything)


def body(*told):
    return json.dumps(told).encode()


def one(told):
    pushed = read_pushed(body(told))
    return (*pushed.items, *pushed.bad)[0]


def test_a_message_is_read_with_all_it_tells():
    told = {
        "id": "A-1", "text": "Tie on liukas", "time": "2026-11-20T08:15:00+02:00", "title": "Liukkaus", "author": "x",
        "language": "fi", "channel": "puhelin", "thread": "t", "parent": "A-0", "url": "https://palaute.example/1",
        "form": "request", "place": {"latitude": 62.6, "longitude": 29.76}, "tags": ["#Auraus", " ", "tie"],
        "background": {"Alue": "Keskusta"}, "deleted": False,
    }  # fmt: skip
    assert told.keys() == {field.name for field in FIELDS}
    assert one(told) == Post(
        id="A-1", text="Tie on liukas", time=datetime(2026, 11, 20, 6, 15, tzinfo=UTC), title="Liukkaus", author="x",
        language="fi", channel="puhelin", thread="t", parent="A-0", url="https://palaute.example/1",
        form="request", place=(62.6, 29.76), tags=("Auraus", "tie"), background=(("Alue", "Keskusta"),),
    )  # fmt: skip


def test_null_is_the_same_as_not_there():
    assert one({"id": "1", "text": "Tie", "time": None, "tags": None}) == Post(id="1", text="Tie")


def test_a_deletion_needs_its_id_only():
    assert one({"id": "1", "deleted": True}) == Gone(id="1")


@pytest.mark.parametrize(
    ("told", "code", "field"),
    [
        (7, "not-an-object", ""),
        ({"id": "1", "text": "x", "titel": "y"}, "unknown-field", ""),
        ({"text": "x"}, "missing", "id"),
        ({"id": "1"}, "missing", "text"),
        ({"id": " ", "text": "x"}, "empty", "id"),
        ({"id": 1, "text": "x"}, "wrong-type", "id"),
        ({"id": "1", "text": "x" * 50_001}, "too-long", "text"),
        ({"id": "1", "text": "x", "time": "eilen"}, "no-time", "time"),
        ({"id": "1", "text": "x", "time": "0001-01-01T00:00+14:00"}, "no-time", "time"),
        ({"id": "1", "text": "x", "url": "javascript:alert(1)"}, "no-address", "url"),
        ({"id": "1", "text": "x", "form": "mail"}, "no-such-choice", "form"),
        ({"id": "1", "text": "x", "form": ["comment"]}, "no-such-choice", "form"),
        ({"id": "1", "text": "x", "place": [60, 20]}, "wrong-type", "place"),
        ({"id": "1", "text": "x", "place": {"latitude": 91, "longitude": 0}}, "out-of-range", "place"),
        ({"id": "1", "text": "x", "place": {"latitude": True, "longitude": 0}}, "wrong-type", "place"),
        ({"id": "1", "text": "x", "tags": ["a"] * 31}, "too-many", "tags"),
        ({"id": "1", "text": "x", "background": {"a": 1}}, "wrong-type", "background"),
        ({"id": "1", "deleted": "yes"}, "wrong-type", "deleted"),
    ],
)
def test_what_is_wrong_is_told_and_harms_no_other(told, code, field):
    pushed = read_pushed(body({"id": "0", "text": "hyvä"}, told, {"id": "2", "text": "hyvä"}))
    assert pushed.bad == (BadItem(index=1, code=code, field=field),)
    assert [item.id for item in pushed.items] == ["0", "2"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (b"", "not-json"),
        (b"[{]", "not-json"),
        (b"\xff\xfe[", "not-json"),
        (b"[NaN]", "not-json"),
        (b"[" + b"9" * 5_000 + b"]", "not-json"),
        (b"{}", "not-an-array"),
        (b"[" * 200_000, "too-deep"),
        (body(*([{}] * (MOST_ITEMS + 1))), "too-many-messages"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(told, code):
    with pytest.raises(BadBody) as refused:
        read_pushed(told)
    assert refused.value.code == code


def test_a_number_too_large_for_any_place_is_out_of_range():
    told = b'[{"id": "1", "text": "x", "place": {"latitude": 1e999, "longitude": 0}}]'
    assert read_pushed(told).bad[0].code == "out-of-range"


@given(st.binary())
def test_no_bytes_do_harm(told):
    refused = ""
    try:
        read_pushed(told)
    except BadBody as why:
        refused = why.code
    assert refused in {"", *BODY_CODES}


@given(st.lists(anything | messages, max_size=5))
def test_every_message_is_read_or_told_to_be_wrong(told):
    pushed = read_pushed(json.dumps(told).encode())
    assert len(pushed.items) + len(pushed.bad) == len(told)
    assert {bad.code for bad in pushed.bad} <= {*ITEM_CODES}


@given(messages)
def test_the_description_allows_what_is_read_and_nothing_else(told):
    told = json.loads(json.dumps(told))
    described = Draft202012Validator(message_schema()).is_valid(told)
    pushed = read_pushed(body(told))
    if pushed.items:
        assert described
    elif described:  # what no schema can tell
        assert pushed.bad[0].code in {"no-time", "empty"}


def test_the_description_is_a_schema():
    Draft202012Validator.check_schema(message_schema())

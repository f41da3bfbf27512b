"""What a stranger's connector tells is kept, kept without what cannot be, or set apart: it never falls over."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.hear.connector import Attachment, Bounced, Form, Gone, Post, Unread
from kuulo.hear.fit import fit

NAN, INFINITY = float("nan"), float("inf")
KEYS = st.text(max_size=5) | st.integers() | st.binary(max_size=5)
ODD: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.datetimes()
    | st.just(10**400),
    lambda part: st.lists(part, max_size=3) | st.tuples(part, part) | st.dictionaries(KEYS, part, max_size=3),
    max_leaves=6,
)
NAMES = [one.name for one in fields(Post)]


def test_a_post_that_is_as_agreed_stays_as_it_is():
    post = Post(
        id="1",
        text="Tie on liukas",
        time=datetime(2026, 11, 20, tzinfo=UTC),
        place=(60.1, -24.9),
        supporters=2**31 - 1,
        tags=("auraus",),
        background=(("alue", "Malmi"),),
        attachments=(Attachment(name="kuva.jpg", size=3),),
        reply_to={"id": "1", "of": [1, None]},
    )
    assert fit(post) is post


@pytest.mark.parametrize("place", [(NAN, 24.0), (60.0, INFINITY), (-INFINITY, NAN), (91, 0), (0, -181), (60,), (10**400, 0), "ab"])  # fmt: skip
def test_a_place_that_is_not_on_earth_is_left_out(place):
    assert fit(Post(id="1", text="Tie", place=place)) == Post(id="1", text="Tie")


@pytest.mark.parametrize("supporters", [-1, 2**31, 10**400, 2.5, NAN, "12", True])
def test_a_number_of_people_that_cannot_be_is_left_out(supporters):
    assert fit(Post(id="1", text="Tie", supporters=supporters)).supporters is None


@pytest.mark.parametrize(
    "time",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))),
        datetime(1899, 12, 31, tzinfo=UTC),
        datetime(2026, 11, 20),
        "2026-11-20",
    ],
)
def test_a_moment_in_which_nothing_can_have_been_said_is_left_out(time):
    assert fit(Post(id="1", text="Tie", time=time)).time is None


@pytest.mark.parametrize("reply_to", [{"n": NAN}, {"n": INFINITY}, {"n": {1, 2}}, {"n": datetime.now(UTC)}, {"n": 10**5000}, {1: 2}, "x"])  # fmt: skip
def test_what_no_json_holds_cannot_be_replied_to(reply_to):
    assert fit(Post(id="1", text="Tie", reply_to=reply_to)).reply_to == {}


def test_what_is_nested_without_end_is_left_out():
    deep: dict[str, Any] = {}
    deep["in"] = deep
    assert fit(Post(id="1", text="Tie", reply_to=deep)).reply_to == {}


def test_what_is_not_as_agreed_is_set_apart_with_its_text():
    told = Unread(code="not-as-agreed", id="1", raw=b"Tie")
    for odd in ({"title": 3}, {"tags": None}, {"background": (("a", 1),)}, {"attachments": ("kuva.jpg",)}):
        assert fit(Post(id="1", text="Tie", **odd)) == told
    assert fit(Post(id="1", text=None)) == Unread(code="not-as-agreed", id="1")
    assert fit(Gone(id=7)) == Unread(code="not-as-agreed")
    assert fit(Bounced(id="7", status=5)) == Unread(code="not-as-agreed", id="7")
    assert fit({"id": "1"}) == Unread(code="not-as-agreed")


@given(st.dictionaries(st.sampled_from(NAMES), ODD, max_size=4), st.sampled_from([Post, Gone, Bounced, Unread]))
def test_however_odd_it_is_it_can_be_kept(odd, kind):
    known = {one.name for one in fields(kind)}
    needed = {"id": "1", "text": "Tie", "code": "x"}
    found = fit(kind(**{name: value for name, value in (needed | odd).items() if name in known}))
    assert isinstance(found, kind | Unread)
    assert fit(found) == found
    if isinstance(found, Post):
        assert found.form in get_args(Form)
        json.dumps([found.place, found.supporters, dict(found.reply_to)], allow_nan=False)
        "".join([found.id, found.text, *found.tags, *sum(found.background, ())]).encode()

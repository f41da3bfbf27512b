"""One odd post of a stranger's connector harms no other, on either engine."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kuulo.desk.intake import source_named
from kuulo.desk.receive import receive
from kuulo.hear.connector import Attachment, Post, Unread
from kuulo.models import Message, UnreadItem

pytestmark = pytest.mark.django_db
NAN = float("nan")
EAST, WEST = (timezone(timedelta(hours=hours)) for hours in (14, -12))
LEFT_OUT = {
    "no number": {"place": (NAN, 24.9)},
    "endless": {"place": (60.1, float("inf"))},
    "nowhere": {"place": (1e300, 24.9)},
    "too many": {"supporters": 2**63},
    "more than can be": {"supporters": 2**31},
    "fewer than none": {"supporters": -1},
    "half": {"supporters": 0.5},
    "year 0": {"time": datetime(1, 1, 1, tzinfo=EAST)},
    "year 10000": {"time": datetime(9999, 12, 31, 23, 59, tzinfo=WEST)},
    "no zone": {"time": datetime(2026, 11, 20)},
    "form": {"form": "a form of its own"},
    "reply": {"reply_to": {"n": NAN}},
    "reply without words": {"reply_to": {"at": datetime(2026, 11, 20, tzinfo=UTC)}},
    "file": {"attachments": (Attachment(name="kuva.jpg", size=2**70),)},
    "tag": {"tags": ("",)},
    "language": {"language": "a language of its own"},
}


@pytest.mark.parametrize("odd", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_cannot_be_is_left_out_and_all_are_taken(odd):
    posts = [
        Post(id="1", text="Tie on liukas"),
        Post(id="2", text="Valo ei pala", **odd),
        Post(id="3", text="Kiitos"),
    ]
    assert receive(source_named("Lomake"), posts).added == 3
    row = Message.objects.get(origin_id="2")
    assert (row.text, row.latitude, row.supporters, row.reply_to) == ("Valo ei pala", None, None, {})
    assert (row.form, row.dated) == ("message", False)
    # and it may change
    assert receive(source_named("Lomake"), [Post(id="2", text="Valo palaa", **odd)]).changed == 1


def test_what_is_of_another_type_is_kept_apart():
    posts = [Post(id="1", text="Tie on liukas"), Post(id="2", text="Valo ei pala", title=5), Post(id="3", text=None)]
    told = receive(source_named("Lomake"), [*posts, Unread(code="x" * 50, id="4"), {"id": "5"}])
    assert (told.added, told.unread) == (1, 4)
    found = UnreadItem.objects.order_by("pk").values_list("code", "origin_id")
    assert [*found] == [("not-as-agreed", one) for one in "23"] + [("x" * 40, "4"), ("not-as-agreed", "")]

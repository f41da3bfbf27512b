"""What lies near in meaning is found by vectors, as messages come in."""

import numpy as np
import pytest
from tests.desk.desk_rows import add_message

from kuulo.desk.meaning import Vectors, similar
from kuulo.models import Message

pytestmark = pytest.mark.django_db


def vector(*parts: float) -> bytes:
    whole = np.zeros(768, np.float32)
    whole[: len(parts)] = parts
    return (whole / np.linalg.norm(whole)).astype(np.float16).tobytes()


def asked(*parts: float) -> np.ndarray:
    return np.frombuffer(vector(*parts), np.float16).astype(np.float32)


def test_the_nearest_come_first_with_a_plain_word() -> None:
    far = add_message(vector=vector(0.3, 1))
    same = add_message(vector=vector(1, 0.01))
    close = add_message(vector=vector(1, 0.9))
    add_message(vector=None, status="empty")
    found = Vectors().nearest(asked(1), most=9)
    assert [one.message_id for one in found] == [same.pk, close.pk, far.pk]
    assert [one.word for one in found] == ["same", "close", "related"]


def test_messages_that_come_in_later_are_found_too() -> None:
    held = Vectors()
    assert held.nearest(asked(1), most=3) == []
    first = add_message(vector=vector(1))
    assert [one.message_id for one in held.nearest(asked(1), most=3)] == [first.pk]
    waiting = add_message(status="new")
    later = add_message(vector=vector(1))
    assert [one.message_id for one in held.nearest(asked(1), most=3)] == [first.pk]
    Message.objects.filter(pk=waiting.pk).update(status="grouped", vector=vector(1))
    assert {one.message_id for one in held.nearest(asked(1), most=3)} == {first.pk, waiting.pk, later.pk}


def test_only_the_newest_are_held() -> None:
    rows = [add_message(vector=vector(1)) for _ in range(5)]
    held = Vectors(held=2)
    assert {one.message_id for one in held.nearest(asked(1), most=9)} == {row.pk for row in rows[-2:]}


def test_a_message_is_not_similar_to_itself() -> None:
    message = add_message(vector=vector(1))
    other = add_message(vector=vector(1, 0.2))
    assert [one.message_id for one in similar(message)] == [other.pk]
    assert similar(add_message()) == []

"""Posts that were heard of late are read again in turn."""

from datetime import UTC, datetime, timedelta

from kuulo.hear.connector import Post
from kuulo.hear.recent import MOST, Recent

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def post(name: object, days: int = 0, version: str = "") -> Post:
    return Post(id=str(name), text="x", time=NOW - timedelta(days=days), version=version)


def test_each_has_its_turn_also_after_a_restart():
    recent = Recent([], now=NOW)
    for name in "abcde":
        recent.keep(post(name))
    assert list(recent.turns(3, each=2)) == [["a", "b"], ["c"]]
    assert list(Recent(recent.told(), now=NOW).turns(9, each=4)) == [["d", "e", "a", "b"], ["c"]]


def test_the_old_are_followed_no_longer():
    recent = Recent([], now=NOW)
    recent.keep(post("old", days=20))
    recent.keep(post("young", days=13))
    assert [row[0] for row in recent.told()] == ["young"]
    assert Recent(recent.told(), now=NOW + timedelta(days=3)).told() == []


def test_where_there_are_too_many_the_oldest_give_way():
    recent = Recent([], now=NOW)
    recent.keep(post("oldest", days=9))
    for number in range(MOST):
        recent.keep(post(number, days=1))
    names = [row[0] for row in recent.told()]
    assert (len(names), "oldest" in names) == (MOST, False)


def test_a_new_version_is_not_known():
    recent = Recent([], now=NOW)
    recent.keep(post("a", version="1"))
    assert recent.knows(post("a", version="1"))
    assert not recent.knows(post("a", version="2"))
    recent.forget("a")
    assert not recent.knows(post("a", version="1"))

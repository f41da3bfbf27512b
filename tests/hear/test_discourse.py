"""Posts of a forum are heard and replied to."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.hear.door import Asked, Door, Told

from kuulo.hear.connector import Unknown
from kuulo.hear.connectors.discourse import Discourse
from kuulo.hear.contract import Counterpart, Memory, batches, checks, hear, opened
from kuulo.hear.trouble import Trouble

RECORDED = Path(__file__).parent.parent / "recorded/discourse"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}_200.json").read_text("utf-8"))


class Forum(Counterpart):
    """A forum as its interface's own examples show it, newest posts first, at most so many and so near."""

    connector = Discourse
    skills = frozenset({"edit", "delete", "own", "parent", "reply"})

    def __init__(self) -> None:
        self.posts: dict[int, dict[str, Any]] = {}
        self.now = datetime.now(UTC)
        self.last = 28
        self.page, self.near = 3, 50
        self.approves = True
        self.key = "avain"
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {"address": self.door.url + "/", "own": "kaupunki", "user": "neuvonta", "key": self.key}

    def add(self, **keys: Any) -> str:
        self.last += 1
        first = recorded("latest_posts")["latest_posts"][0]
        told = {"created_at": self.now.isoformat(), "updated_at": self.now.isoformat(), "post_number": self.last}
        self.posts[self.last] = {**first, "id": self.last, "topic_id": 8, **told, **keys}
        return str(self.last)

    def say(self, text: str, *, parent: str = "") -> str:
        return self.add(raw=text, reply_to_post_number=int(parent) if parent else None)

    def say_own(self, text: str) -> None:
        self.add(raw=text, username="Kaupunki")

    def edit(self, origin: str, text: str) -> None:
        later = (datetime.fromisoformat(self.posts[int(origin)]["updated_at"]) + timedelta(minutes=1)).isoformat()
        self.posts[int(origin)] |= {"raw": text, "updated_at": later}

    def delete(self, origin: str) -> None:
        del self.posts[int(origin)]

    def replies(self) -> list[str]:
        return [one["raw"] for one in self.posts.values() if one["username"] == "neuvonta"]

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        if asked.method == "POST":
            return self.created(asked)
        match asked.path.strip("/").removesuffix(".json").split("/"):
            case ["posts"]:
                return told({"latest_posts": self.latest(int(asked.query.get("before", self.last)))})
            case ["posts", "by_number", "8", number]:
                return self.one(int(number))
            case ["posts", number]:
                return self.one(int(number))
            case ["site", "basic-info"]:
                return told({"title": "Kylän palsta"})
        return Told(status=404)

    def latest(self, before: int) -> list[dict[str, Any]]:
        near = [number for number in self.posts if before - self.near < number <= before]
        return [self.posts[number] for number in sorted(near, reverse=True)[: self.page]]

    def one(self, number: int) -> Told:
        return told(self.posts[number]) if number in self.posts else Told(status=404, body=b'{"errors": []}')

    def created(self, asked: Asked) -> Told:
        if (asked.headers.get("api-key"), asked.headers.get("api-username")) != ("avain", "neuvonta"):
            return Told(status=403)
        if not self.approves:
            return told({"action": "enqueued", "success": True})
        body = json.loads(asked.body)
        number = self.add(raw=body["raw"], topic_id=body["topic_id"], username="neuvonta")
        return told({**recorded("topic_created"), **self.posts[int(number)]})


def told(body: Any) -> Told:
    return Told(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
def forum() -> Iterator[Forum]:
    forum = Forum()
    yield forum
    forum.door.close()


@pytest.mark.parametrize("check", checks(Forum), ids=lambda check: check.__name__)
def test_contract(check, forum):
    check(forum)


def test_the_recorded_posts_are_read(forum):
    forum.posts = {one["id"]: one for one in recorded("latest_posts")["latest_posts"]}
    forum.last = max(forum.posts)
    memory = hear(forum, Memory())
    assert (len(memory.posts), memory.unread) == (3, 0)
    post = memory.posts["29"]
    assert (post.title, post.thread, post.url) == ("Welcome to Discourse", "8", forum.door.url + "/t/8/17")
    assert post.time.isoformat() == "2018-05-24T21:16:02.287000+00:00"


def test_a_walk_that_is_broken_off_goes_on_where_it_was(forum):
    said = {forum.say(f"Viesti numero {number}") for number in range(9)}
    memory = Memory()
    memory.take(next(iter(batches(forum, {}))))
    said |= {forum.say(f"Uusi viesti numero {number}") for number in range(5)}
    assert set(hear(forum, memory).texts) == said


def test_numbers_that_nobody_may_see_do_not_end_the_walk(forum):
    forum.near = 50
    first = forum.say("Ensimmäinen")
    forum.last += 260
    second = forum.say("Toinen")
    assert set(hear(forum, Memory()).texts) == {first, second}


def test_what_was_heard_long_ago_is_not_read_again(forum):
    forum.now -= timedelta(days=30)
    for number in range(30):
        forum.say(f"Vanha viesti numero {number}")
    forum.now += timedelta(days=30)
    memory = hear(forum, Memory())
    forum.say("Uusi")
    before = len(forum.door.asked)
    hear(forum, memory)
    assert len(forum.door.asked) - before <= 2
    assert len(memory.texts) == 31


@pytest.mark.parametrize("mark", [{"hidden": True}, {"user_deleted": True}, {"deleted_at": "2026-11-01T10:00:00Z"}])
def test_a_post_that_is_hidden_or_taken_back_is_gone(forum, mark):
    one, other = forum.say("Piiloon"), forum.say("Näkyviin")
    memory = hear(forum, Memory())
    forum.posts[int(one)] |= mark
    hear(forum, memory)
    assert (set(memory.texts), memory.gone) == ({other}, {one})


def test_what_another_said_is_not_taken_for_the_writers_own(forum):
    one = forum.say('[quote="aino, post:1, topic:8"]\nTie on huono\n[/quote]\n\nMinusta hyvä')
    assert hear(forum, Memory()).texts[one] == "Minusta hyvä"


def test_machines_and_notes_of_moderators_are_passed_over(forum):
    forum.add(raw="Tervetuloa!", user_id=-1)
    forum.add(raw="suljettu", post_type=3)
    memory = hear(forum, Memory())
    assert (memory.texts, memory.passed) == ({}, 2)


def test_a_parent_that_was_heard_before_is_told(forum):
    forum.now -= timedelta(days=30)
    parent = forum.say("Milloin tie aurataan?")
    for number in range(9):
        forum.say(f"Muuta asiaa {number}")
    forum.now += timedelta(days=30)
    memory = hear(forum, Memory())
    reply = forum.say("Samaa kysyn minäkin", parent=parent)
    assert hear(forum, memory).posts[reply].parent == parent


def test_a_reply_that_waits_for_approval_is_shown_to_a_person(forum):
    one = forum.say("Milloin?")
    reply_to = hear(forum, Memory()).posts[one].reply_to
    forum.approves = False
    with opened(forum) as connector, pytest.raises(Unknown):
        connector.reply(reply_to, "Keväällä.", key="k")


def test_a_reply_of_ours_is_found_and_is_no_residents_message(forum):
    one = forum.say("Milloin?")
    memory = hear(forum, Memory())
    with opened(forum) as connector:
        reply_to = memory.posts[one].reply_to
        assert connector.find(reply_to, "Keväällä.", key="k") is None
        sent = connector.reply(reply_to, "Keväällä.", key="k")
        assert connector.find(reply_to, "Keväällä.", key="k").id == sent.id
    assert set(hear(forum, memory).texts) == {one}


def test_without_a_key_nothing_is_sent(forum):
    forum.key = ""
    with opened(forum) as connector, pytest.raises(Trouble) as caught:
        connector.reply({"topic": 8, "number": 1}, "Keväällä.", key="k")
    assert caught.value.facts["unsent"] == 1


def test_the_test_tells_what_the_forum_calls_itself(forum):
    with opened(forum) as connector:
        assert connector.test().name == "Kylän palsta"

"""Comments on the municipality's own videos are heard."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.hear.door import Asked, Door, Told

from kuulo.hear.connectors.youtube import Youtube
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened, trouble_of
from kuulo.hear.trouble import Trouble

RECORDED = Path(__file__).parent.parent / "recorded/youtube/comment_threads_200.json"


class Channel(Counterpart):
    """A channel as the resource descriptions have it: threads newest first, each with a few of its replies."""

    connector = Youtube
    skills = frozenset({"edit", "delete", "own", "parent"})

    def __init__(self) -> None:
        self.comments: dict[str, dict[str, Any]] = {}
        self.now = datetime.now(UTC)
        self.page, self.along = 3, 1
        self.skipped: set[str] = set()
        self.refusal: tuple[int, str] | None = None
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {"address": self.door.url, "channel": "UCexample", "key": "avain"}

    def say(self, text: str, *, parent: str = "", author: str = "UCaino") -> str:
        told = f"{parent}.r{len(self.comments)}" if parent else f"Ugx{len(self.comments)}"
        moment = self.now.isoformat().replace("+00:00", "Z")
        first = json.loads(RECORDED.read_text("utf-8"))["items"][0]["snippet"]["topLevelComment"]
        snippet = {**first["snippet"], "textDisplay": text, "publishedAt": moment, "updatedAt": moment}
        snippet |= {"authorChannelId": {"value": author}} | ({"parentId": parent} if parent else {})
        self.comments[told] = {**first, "id": told, "snippet": snippet}
        return told

    def say_own(self, text: str) -> None:
        self.say(text, author="UCexample")

    def edit(self, origin: str, text: str) -> None:
        later = (self.now + timedelta(minutes=1)).isoformat()
        self.comments[origin]["snippet"] |= {"textDisplay": text, "updatedAt": later}

    def delete(self, origin: str) -> None:
        del self.comments[origin]

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        assert asked.headers["x-goog-api-key"] == "avain"
        if self.refusal:
            status, reason = self.refusal
            return told({"error": {"code": status, "errors": [{"reason": reason}]}}, status=status)
        query, ids = asked.query, asked.query.get("id", "").split(",")
        match asked.path:
            case "/channels":
                return told({"items": [{"id": "UCexample", "snippet": {"title": "Kylän kanava"}}]})
            case "/videos":
                return told({"items": [{"id": one, "snippet": {"title": f"Kokous {one}"}} for one in ids]})
            case "/comments" if "parentId" in query:
                found = self.replies_to(query["parentId"])
                bare = [{**one, "snippet": {**one["snippet"]}} for one in found]
                for one in bare:
                    del one["snippet"]["videoId"]
                return self.paged(bare, query)
            case "/comments":
                assert len(ids) <= 50
                return told({"items": [{"id": one} for one in ids if one in self.comments]})
            case "/commentThreads":
                return self.paged(self.threads(), query)
        return Told(status=404)

    def threads(self) -> list[dict[str, Any]]:
        first = json.loads(RECORDED.read_text("utf-8"))["items"][0]
        found = []
        for one, comment in reversed(self.comments.items()):
            if "parentId" not in comment["snippet"] and one not in self.skipped:
                replies = self.replies_to(one)
                counts = {"topLevelComment": comment, "totalReplyCount": len(replies)}
                thread = {**first, "id": one, "snippet": {**first["snippet"], **counts}}
                found.append(thread | {"replies": {"comments": replies[: self.along]}})
        return found

    def replies_to(self, parent: str) -> list[dict[str, Any]]:
        return [one for one in self.comments.values() if one["snippet"].get("parentId") == parent]

    def paged(self, found: list[Any], query: dict[str, str]) -> Told:
        assert query["textFormat"] == "plainText"
        start = int(query.get("pageToken", 0))
        end = start + self.page
        return told({"items": found[start:end]} | ({"nextPageToken": str(end)} if end < len(found) else {}))


def told(body: Any, status: int = 200) -> Told:
    return Told(body=json.dumps(body).encode(), status=status, headers={"Content-Type": "application/json"})


@pytest.fixture
def channel() -> Iterator[Channel]:
    channel = Channel()
    yield channel
    channel.door.close()


@pytest.mark.parametrize("check", checks(Channel), ids=lambda check: check.__name__)
def test_contract(check, channel):
    check(channel)


def test_a_comment_is_heard_with_the_video_it_is_on(channel):
    one = channel.say("Milloin kokous tekstitetään?")
    post = hear(channel, Memory()).posts[one]
    assert (post.title, post.thread, post.author, post.supporters) == (
        "Kokous vid00000001", "vid00000001", "UCaino", 2
    )  # fmt: skip
    assert post.url == f"https://www.youtube.com/watch?v=vid00000001&lc={one}"
    assert "aino_esimerkki" not in repr(post)


def test_replies_that_do_not_come_along_are_asked_for(channel):
    parent = channel.say("Milloin kokous tekstitetään?")
    said = {channel.say(f"Samaa mieltä {number}", parent=parent) for number in range(7)}
    memory = hear(channel, Memory())
    assert set(memory.texts) == {parent, *said}
    assert {post.thread for post in memory.posts.values()} == {"vid00000001"}


def test_a_comment_that_only_slipped_from_a_page_is_not_gone(channel):
    one = channel.say("Hyvä kokous")
    memory = hear(channel, Memory())
    channel.skipped.add(one)
    assert hear(channel, memory).gone == set()


def test_comments_older_than_thirty_days_are_neither_read_again_nor_taken_for_gone(channel):
    channel.now -= timedelta(days=40)
    old = {channel.say(f"Vanha {number}") for number in range(9)}
    channel.now += timedelta(days=40)
    channel.say("Uusi")
    memory = hear(channel, Memory())
    for one in old:
        channel.delete(one)
    assert hear(channel, memory).gone == set()
    assert len(memory.texts) == 1 + 2 + 3


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (403, "quotaExceeded", "retry"),
        (403, "forbidden", "auth"),
        (400, "keyInvalid", "auth"),
        (400, "invalidPageToken", "refused"),
        (404, "channelNotFound", "settings"),
    ],
)
def test_a_refusal_is_told_by_its_reason(channel, status, reason, kind):
    channel.refusal = (status, reason)
    assert trouble_of(channel).kind == kind


def test_a_quota_that_is_used_up_is_waited_for(channel):
    channel.refusal = (403, "quotaExceeded")
    assert trouble_of(channel).wait == 3600


def test_a_channel_that_is_not_there_is_told(channel):
    with opened(channel) as connector:
        assert connector.test().name == "Kylän kanava"
    channel.refusal = (404, "channelNotFound")
    with opened(channel) as connector, pytest.raises(Trouble):
        connector.test()


def test_the_recorded_threads_are_read(channel):
    body = json.loads(RECORDED.read_text("utf-8"))
    del body["nextPageToken"]
    channel.paged = lambda found, query: told(body)  # the answer as it is described
    memory = hear(channel, Memory())
    assert {post.id: post.parent for post in memory.posts.values()} == {
        "UgxExample01": "", "UgxExample01.r1": "UgxExample01"
    }  # fmt: skip

"""Graph as it answers: nodes and edges, pages with cursors, and errors with a status of 400."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, ClassVar
from urllib.parse import parse_qs

from tests.hear.door import Asked, Door, Told

from kuulo.hear.connectors.facebook import Facebook
from kuulo.hear.connectors.instagram import Instagram
from kuulo.hear.contract import Counterpart

TOKEN, SECRET, VERIFY = "tunniste-1", "salaisuus-1", "sana-1"
RESIDENT = "200000000000001"


class GraphFake(Counterpart):
    """An account with one post, under which residents comment."""

    skills = frozenset({"edit", "delete", "own", "parent", "reply"})
    account: ClassVar[str]
    post: ClassVar[str]
    size = 3

    def __init__(self) -> None:
        self.comments: dict[str, dict[str, Any]] = {}
        self.posts: list[dict[str, Any]] = [self.posted(self.post, days=1)]
        self.sent: list[str] = []
        self.numbers = count(400000000000001)
        self.headers: dict[str, str] = {}
        self.error: dict[str, Any] | None = None
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        return {
            "account": self.account,
            "token": TOKEN,
            "app_secret": SECRET,
            "verify_token": VERIFY,
            "address": f"{self.door.url}/v25.0",
        }

    def say(self, text: str, *, parent: str = "", author: str = RESIDENT, post: str = "") -> str:
        one = self.name(next(self.numbers))
        time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
        self.comments[one] = {
            "post": post or self.post,
            "text": text,
            "parent": parent,
            "author": author,
            "time": time,
        }
        return one

    def edit(self, origin: str, text: str) -> None:
        self.comments[origin]["text"] = text

    def delete(self, origin: str) -> None:
        del self.comments[origin]

    def say_own(self, text: str) -> None:
        self.say(text, author=self.account)

    def replies(self) -> list[str]:
        return self.sent

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def name(self, number: int) -> str:
        return str(number)

    def posted(self, one: str, *, days: float) -> dict[str, Any]:
        raise NotImplementedError

    def node(self, one: str) -> dict[str, Any]:
        """A comment as Graph tells it."""
        raise NotImplementedError

    def under(self, asked: Asked, one: str) -> list[dict[str, Any]]:
        """What stands under a post or a comment."""
        raise NotImplementedError

    def answer(self, asked: Asked) -> Told:
        form = {name: values[-1] for name, values in parse_qs(asked.body.decode()).items()}
        if self.error:
            return self.told({"error": self.error}, status=400)
        if (asked.query | form).get("access_token") != TOKEN:
            return self.told({"error": {"message": "Invalid OAuth access token", "code": 190}}, status=400)
        one, _, edge = asked.path.removeprefix("/v25.0/").partition("/")
        if asked.method == "POST":
            return self.replied(one, form["message"])
        if one == self.account:
            return self.paged(asked, self.posts) if edge else self.told({"name": "Kunta", "username": "kunta"})
        if one in {post["id"] for post in self.posts} or one in self.comments:
            return self.paged(asked, self.under(asked, one)) if edge else self.told({"id": one})
        return self.gone()

    def replied(self, one: str, message: str) -> Told:
        if one not in self.comments:
            return self.gone()
        self.sent.append(message)
        reply = self.say(message, parent=self.comments[one]["parent"] or one, author=self.account)
        return self.told({"id": reply})

    def gone(self) -> Told:
        return self.told(
            {"error": {"message": "Unsupported get request", "code": 100, "error_subcode": 33}}, status=400
        )

    def paged(self, asked: Asked, found: list[dict[str, Any]]) -> Told:
        size = min(self.size, int(asked.query["limit"]))
        begin = int(asked.query.get("after", "0"))
        page = {"data": found[begin : begin + size]}
        if begin + size < len(found):
            page["paging"] = {"cursors": {"after": str(begin + size)}, "next": f"{self.door.url}/x?access_token=y"}
        return self.told(page)

    def told(self, told: dict[str, Any], *, status: int = 200) -> Told:
        return Told(status=status, body=json.dumps(told).encode(), headers=self.headers)


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S+0000")


class Page(GraphFake):
    """A Facebook page."""

    connector = Facebook
    account, post = "100000000000001", "100000000000001_300000000000001"

    def name(self, number: int) -> str:
        return f"300000000000001_{number}"

    def posted(self, one: str, *, days: float, author: str = "", message: str = "Auraus alkoi.") -> dict[str, Any]:
        return {"id": one, "from": {"id": author or self.account}, "message": message, "created_time": ago(days)}

    def node(self, one: str) -> dict[str, Any]:
        told = self.comments[one]
        node = {"id": one, "from": {"id": told["author"]}, "message": told["text"], "created_time": told["time"]}
        return node | ({"parent": {"id": told["parent"]}} if told["parent"] else {})

    def under(self, asked: Asked, one: str) -> list[dict[str, Any]]:
        if one in self.comments:
            return [self.node(other) for other, told in self.comments.items() if told["parent"] == one]
        assert asked.query["filter"] == "stream"
        return [self.node(other) for other, told in self.comments.items() if told["post"] == one]


class Gram(GraphFake):
    """An Instagram account: replies stand inside what they reply to, one at a time."""

    connector = Instagram
    account, post = "17841405309000001", "18023345989000001"

    def settings(self) -> dict[str, str]:
        return {**super().settings(), "username": "kunta"}

    def posted(self, one: str, *, days: float) -> dict[str, Any]:
        return {"id": one, "timestamp": ago(days)}

    def node(self, one: str) -> dict[str, Any]:
        told = self.comments[one]
        # the account's own comments bear another number than the account
        own = told["author"] == self.account
        author = {"id": "6742", "username": "kunta"} if own else {"id": told["author"], "username": "asukas"}
        return {"id": one, "from": author, "text": told["text"], "timestamp": told["time"]}

    def under(self, asked: Asked, one: str) -> list[dict[str, Any]]:
        if one in self.comments:
            return [self.node(other) | {"parent_id": one} for other in self.answers(one)]
        tops = [other for other, told in self.comments.items() if told["post"] == one and not told["parent"]]
        return [self.node(top) | self.inside(top) for top in reversed(tops)]

    def answers(self, one: str) -> list[str]:
        return [other for other, told in self.comments.items() if told["parent"] == one]

    def inside(self, one: str) -> dict[str, Any]:
        found = [self.node(other) for other in self.answers(one)]
        more = {"paging": {"cursors": {"after": "1"}, "next": "https://graph.example/x"}} if found[1:] else {}
        return {"replies": {"data": found[:1], **more}} if found else {}

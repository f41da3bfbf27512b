"""Discourse: what residents write on a public forum."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from kuulo.hear.connector import Batch, Cursor, Field, Found, Gone, Item, Limit, Post, Replying, Sent, Unknown, Unread
from kuulo.hear.html_text import html_text
from kuulo.hear.instant import instant
from kuulo.hear.sending import sending
from kuulo.hear.trouble import Trouble

# An answer holds at most so many posts; on some versions only those whose numbers lie so near, so it may be empty.
_STEP = 50
_MOST_EMPTY = 20
_AGAIN = timedelta(days=7)
_MOST_KNOWN = 3000
_NOT_THERE = {403, 404, 410}
_REGULAR = 1
_QUOTE = re.compile(r"\[quote\b[^\]]*\].*?\[/quote\]", re.DOTALL | re.IGNORECASE)


class Discourse(Replying):
    """All public posts of a forum, read as anyone may read them.

    The forum gives the newest first, so what is new is walked down to what was heard before. The walk goes on through
    the last days, for what was edited or removed there.
    """

    name: ClassVar[str] = "discourse"
    every: ClassVar[int] = 15
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="address", kind="url"),
        Field(name="own", kind="list", required=False),
        Field(name="user", required=False),
        Field(name="key", kind="secret", required=False),
    )
    _numbers: dict[tuple[Any, Any], str]

    def test(self) -> Found:
        """Read the newest posts, and what the forum calls itself."""
        posts = self._page(0)
        answer = self.http.get(self._address("site/basic-info.json"), accept=_NOT_THERE)
        told = answer.json() if answer.status < 300 else {}
        name = str(told.get("title") or "") if isinstance(told, dict) else ""
        return Found(name=name or self.settings["address"], facts={"posts": len(posts)})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Finish a walk that was broken off, then walk down from the newest, then tell what is gone."""
        self._numbers = {}
        at = {"heard": 0, "top": 0, "down": 0, "known": {}, **since}
        recent = (datetime.now(UTC) - _AGAIN).timestamp()
        if at["down"]:
            yield from self._walk(at, at["down"], until=None, seen=set())
        known, seen = {one: time for one, time in at["known"].items() if time >= recent}, set[str]()
        yield from self._walk(at, 0, until=recent, seen=seen)
        gone = [one for one in known if one not in seen and self._is_gone(one)]
        left = {one: time for one, time in at["known"].items() if time >= recent and one not in gone}
        newest = dict(sorted(left.items(), key=lambda pair: pair[1])[-_MOST_KNOWN:])
        yield Batch(items=tuple(Gone(id=one) for one in gone), cursor={"heard": at["heard"], "known": newest})

    def _walk(self, at: dict[str, Any], before: int, *, until: float | None, seen: set[str]) -> Iterator[Batch]:
        """Walk down below what was heard, and on to the moment ``until``; ``at`` is kept up as it goes."""
        empty, oldest = 0, float("inf")
        while empty < _MOST_EMPTY and (at["heard"] < before or (until is not None and oldest > until)):
            page = self._page(before)
            told = [(int(one["id"]), one) for one in page if isinstance(one, dict) and str(one.get("id")).isdigit()]
            if not told and not before:
                return
            empty = 0 if told else empty + 1
            before = min(number for number, _ in told) - 1 if told else before - _STEP
            at["top"] = max([at["top"], *(number for number, _ in told)])
            yield self._batch(at, [one for _, one in told], len(page) - len(told), before)
            seen |= {str(number) for number, _ in told}
            times = [moment.timestamp() for _, one in told if (moment := instant(one.get("created_at")))]
            oldest = min([oldest, *times])
            if before <= 0:
                break
        self._arrived(at)

    def _batch(self, at: dict[str, Any], posts: list[dict[str, Any]], unread: int, before: int) -> Batch:
        self._numbers.update({(one.get("topic_id"), one.get("post_number")): str(one["id"]) for one in posts})
        told = [self._item(one, new=int(one["id"]) > at["heard"]) for one in posts]
        items = [item for item in told if not isinstance(item, str)]
        at["known"] |= {item.id: item.time.timestamp() for item in items if isinstance(item, Post) and item.time}
        if before > at["heard"]:
            at["down"] = before
        else:
            self._arrived(at)
        items += [Unread(code="not-a-post")] * unread
        passed = Counter(item for item in told if isinstance(item, str))
        return Batch(items=tuple(items), cursor=dict(at, known=dict(at["known"])), passed=passed)

    @staticmethod
    def _arrived(at: dict[str, Any]) -> None:
        """Everything below the top is heard."""
        at["heard"], at["top"], at["down"] = max(at["heard"], at["top"]), 0, 0

    def _item(self, post: Mapping[str, Any], *, new: bool) -> Item | str:
        """Give the post, or the reason why it is passed over."""
        told = str(post["id"])
        if _is_withdrawn(post):
            return Gone(id=told)
        user = post.get("user_id")
        if isinstance(user, int) and user < 0:
            return "bot"
        if post.get("post_type", _REGULAR) != _REGULAR:
            return "other-kind"
        return "own" if self._is_own(str(post.get("username") or "")) else self._post(told, post, new=new)

    def _is_own(self, name: str) -> bool:
        return name.casefold() in {one.casefold() for one in [*self.lines("own"), self.settings["user"]] if one}

    def _post(self, told: str, post: Mapping[str, Any], *, new: bool) -> Item:
        raw = post.get("raw")
        # what is quoted is another's
        text = _QUOTE.sub("", raw).strip() if isinstance(raw, str) else html_text(str(post.get("cooked") or ""))
        if not text:
            return Unread(code="no-text", id=told)
        topic, number = post.get("topic_id"), post.get("post_number")
        return Post(
            id=told,
            text=text,
            time=instant(post.get("created_at")),
            version=str(post.get("updated_at") or ""),
            title=str(post.get("topic_title") or ""),
            author=str(post.get("username") or ""),
            thread=str(topic or ""),
            parent=self._parent(topic, post.get("reply_to_post_number"), new=new),
            url=self._address(f"t/{topic}/{number}") if topic and number else "",
            reply_to={"topic": topic, "number": number},
        )

    def _parent(self, topic: object, number: object, *, new: bool) -> str:
        """Give the id of the post that has this number in its topic, asked for where it was not met on the way."""
        if not (isinstance(topic, int) and isinstance(number, int)):
            return ""
        if (topic, number) not in self._numbers and new:
            answer = self.http.get(self._address(f"posts/by_number/{topic}/{number}.json"), accept=_NOT_THERE)
            told = answer.json() if answer.status < 300 else {}
            self._numbers[topic, number] = str(told.get("id") or "") if isinstance(told, dict) else ""
        return self._numbers.get((topic, number), "")

    def _is_gone(self, told: str) -> bool:
        answer = self.http.get(self._address(f"posts/{told}.json"), accept=_NOT_THERE)
        if answer.status in _NOT_THERE:
            return True
        post = answer.json()
        return isinstance(post, dict) and _is_withdrawn(post)

    def _page(self, before: int) -> list[Any]:
        told = self.http.get(self._address("posts.json"), params={"before": before} if before else None).json()
        posts = told.get("latest_posts") if isinstance(told, dict) else None
        if not isinstance(posts, list):
            raise Trouble("broken", "not-a-list")
        return posts

    def _address(self, path: str) -> str:
        return f"{self.settings['address'].rstrip('/')}/{path}"

    def limit(self) -> Limit:
        """Give the length of a post on a forum that was not told otherwise."""
        return Limit(most=32_000)

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Post a reply in the topic. One that has to be approved there first has no number yet."""
        del key
        if not (self.settings["key"] and self.settings["user"]):
            raise Trouble("settings", "no-key", unsent=1)
        body = {"raw": text, "topic_id": reply_to["topic"], "reply_to_post_number": reply_to["number"]}
        headers = {"Api-Key": self.settings["key"], "Api-Username": self.settings["user"]}
        with sending():
            told = self.http.ask("POST", self._address("posts.json"), json_body=body, headers=headers).json()
        if not isinstance(told, dict) or not told.get("id"):
            raise Unknown("waits-for-approval")
        url = self._address(f"t/{reply_to['topic']}/{told.get('post_number')}")
        return Sent(id=str(told["id"]), url=url)

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        """Look for the text among the newest posts of our own."""
        del key
        wanted = (self.settings["user"].casefold(), reply_to["topic"], text.strip())
        for post in self._page(0):
            if (str(post.get("username")).casefold(), post.get("topic_id"), str(post.get("raw")).strip()) == wanted:
                return Sent(id=str(post["id"]))
        return None


def _is_withdrawn(post: Mapping[str, Any]) -> bool:
    return bool(post.get("deleted_at") or post.get("hidden") or post.get("user_deleted"))

"""Meta comments: what Facebook pages and Instagram accounts have in common, as they are called, read and replied to.

Meta calls with what is new. What it did not call with, and what was taken away without a call, is found by reading
the comments of the own posts of the last weeks again.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from kuulo.hear.connector import (
    Batch,
    Cursor,
    Field,
    Found,
    Gone,
    Item,
    Limit,
    Post,
    Receiving,
    Replying,
    Sent,
    Unknown,
    Unread,
)
from kuulo.hear.graph import Graph, Node, text
from kuulo.hear.http import Http
from kuulo.hear.instant import instant
from kuulo.hear.meta_hook import Change, changes, check_signature, greeting
from kuulo.hear.sending import sending
from kuulo.hear.trouble import Trouble

FOLLOWED = timedelta(days=30)
MOST_POSTS, MOST_COMMENTS, MOST_LOOKUPS = 200, 5000, 50
# the share of what may be asked, in percent, after which the rest waits for the next time
ENOUGH = 80
GRAPH_VERSION = "v25.0"


class MetaComments(Replying, Receiving):
    """The comments under the own posts of one account."""

    every: ClassVar[int] = 30
    # how the account is called, where its posts stand, what is asked of them, and where replies go
    called: ClassVar[str]
    posts_edge: ClassVar[str]
    post_fields: ClassVar[str]
    reply_edge: ClassVar[str]
    reply_fields: ClassVar[str]
    longest: ClassVar[int]

    def __init__(self, settings: Mapping[str, str], *, http: Http) -> None:
        super().__init__(settings, http=http)
        self.account = settings["account"].strip()
        self.graph = Graph(http, address=settings["address"], token=settings["token"])

    @abstractmethod
    def comments(self, post: str) -> Iterator[list[Node]]:
        """Give all comments under a post, replies among them, a page at a time."""

    @abstractmethod
    def comment(self, node: Node, *, thread: str, time: object, version: str) -> Post:
        """Give a comment as Graph tells it; ``time`` where it tells none."""

    @abstractmethod
    def heard(self, change: Change) -> Item | str:
        """Give what a change of the account tells, or the reason why it is passed over."""

    @abstractmethod
    def is_own(self, node: Node) -> bool:
        """Tell whether the account itself said it."""

    def visitors(self, post: Node, *, version: str) -> Post | None:
        """Give what a visitor posted at the account, where one can."""
        return None

    def test(self) -> Found:
        """Ask what the account is called."""
        return Found(name=text(self._account_asked(fields=self.called), self.called)[:200])

    def greet(self, query: Mapping[str, str]) -> str:
        """Give the challenge back to who knows the word that was agreed on."""
        return greeting(query, token=self.settings["verify_token"])

    def receive(self, headers: Mapping[str, str], body: bytes) -> Batch:
        """Read a call that is signed with the app's secret."""
        check_signature(headers, body, secret=self.settings["app_secret"])
        try:
            told = [self._change(change) for change in changes(body)]
        except (ValueError, RecursionError):
            return Batch(items=(Unread(code="not-json", raw=body),))
        passed = Counter(reason for reason in told if isinstance(reason, str))
        return Batch(items=tuple(item for item in told if not isinstance(item, str)), passed=passed)

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield the comments under the posts of the last weeks, a post at a time, and what is there no more."""
        yield from _Reading(self, since).batches()

    def limit(self) -> Limit:
        """Give how long a comment may be."""
        return Limit(most=self.longest)

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Reply to a comment. Meta knows no key: what may have been sent has to be looked for."""
        del key
        with sending():
            told = self.graph.post(str(reply_to["comment"]), self.reply_edge, message=text)
        if not told.get("id"):
            raise Unknown("no-id")
        return Sent(id=str(told["id"]))

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        """Look among the own replies for one that says the same."""
        del key
        for comment in dict.fromkeys([str(reply_to["comment"]), str(reply_to.get("top", ""))]):
            for node in self._replies(comment) if comment else ():
                if self.is_own(node) and _words(node) == text.split():
                    return Sent(id=str(node.get("id")))
        return None

    def posts(self, *, after: datetime) -> list[Node]:
        """Give the account's posts, newest first. Raises Trouble."""
        found: list[Node] = []
        for page in self._posts():
            young = [node for node in page if (_time(node) or after) >= after]
            found += young
            if len(young) < len(page) or len(found) >= MOST_POSTS:
                break
        return found[:MOST_POSTS]

    def _posts(self) -> Iterator[list[Node]]:
        try:
            yield from self.graph.pages(self.account, self.posts_edge, fields=self.post_fields, limit=50)
        except Trouble as trouble:
            raise _no_account(trouble) from trouble

    def _account_asked(self, **asked: str) -> Node:
        try:
            return self.graph.get(self.account, **asked)
        except Trouble as trouble:
            raise _no_account(trouble) from trouble

    def _replies(self, comment: str) -> Iterator[Node]:
        try:
            for page in self.graph.pages(comment, self.reply_edge, fields=self.reply_fields, limit=50):
                yield from page
        except Trouble as trouble:
            if trouble.kind != "refused":
                raise

    def _change(self, change: Change) -> Item | str:
        if change.account != self.account:
            return "other-kind"  # an app has one address for all of its accounts
        return self.heard(change)


class _Reading:
    """One time of reading. ``known`` are the residents' comments by post, the post read longest ago first."""

    def __init__(self, source: MetaComments, since: Cursor) -> None:
        self._source = source
        self._now = datetime.now(UTC)
        self._heard = instant(since.get("heard"))
        self._known: dict[str, list[str]] = {post: list(ids) for post, ids in since.get("known", {}).items()}
        self._lookups = MOST_LOOKUPS

    def batches(self) -> Iterator[Batch]:
        """Yield what stands under the posts; stop early where enough was asked for now."""
        posts = {text(node, "id"): node for node in self._source.posts(after=self._now - FOLLOWED)}
        first = [post for post in posts if post not in self._known]
        for post in [*first, *(post for post in list(self._known) if post in posts)]:
            yield self._post(post, posts[post])
            if self._source.graph.used > ENOUGH:
                return
        for post in [post for post in self._known if post not in posts]:
            yield self._ended(post)
        self._heard = self._now
        yield self._batch([])

    def _post(self, post: str, node: Node) -> Batch:
        """Read a post and all that stands under it."""
        version = version_of(int(datetime.now(UTC).timestamp()), rank=2)
        visitors = self._source.visitors(node, version=version)
        told = self._under(post)
        if told is None:
            return self._batch([])
        own = [one for one in told if self._source.is_own(one)]
        items: list[Item] = [visitors] if visitors else []
        items += (
            self._source.comment(one, thread=post, time=None, version=version)
            for one in told
            if text(one, "id") and not self._source.is_own(one)
        )
        there = [item.id for item in items]
        missing = [one for one in self._known.pop(post, []) if one not in {*there}]
        gone = [one for one in missing if self._is_gone(one)]
        self._known[post] = [*there, *(one for one in missing if one not in gone)][-MOST_COMMENTS:]
        return self._batch([*items, *(Gone(id=one) for one in gone)], own=sum(map(self._is_new, own)))

    def _under(self, post: str) -> list[Node] | None:
        """Give the comments of a post, None where they cannot be had."""
        found: list[Node] = []
        try:
            for page in self._source.comments(post):
                found += page
                if len(found) >= MOST_COMMENTS:
                    break
        except Trouble as trouble:
            if trouble.kind != "refused":
                raise
            return None
        return found

    def _is_gone(self, comment: str) -> bool:
        """Tell whether a comment is no more, for one that is only hidden may not be listed."""
        self._lookups -= 1
        return self._lookups >= 0 and not self._source.graph.exists(comment)

    def _ended(self, post: str) -> Batch:
        """Follow a post no longer: it is old, or it was taken away with all that stood under it."""
        gone = not self._source.graph.exists(post)
        ids = self._known.pop(post)
        return self._batch([Gone(id=one) for one in ids] if gone else [])

    def _is_new(self, node: Node) -> bool:
        time = _time(node)
        return self._heard is None or time is None or time > self._heard

    def _batch(self, items: Sequence[Item], *, own: int = 0) -> Batch:
        heard = {"heard": self._heard.isoformat()} if self._heard else {}
        return Batch(
            items=tuple(items),
            cursor={"known": dict(self._known)} | heard,
            passed={"own": own} if own else {},
        )


def version_of(seconds: int, *, rank: int) -> str:
    """Give a version that grows with the time; of one second the greater ``rank`` stands."""
    return f"{seconds:012d}.{rank}"


def common_fields(address: str) -> tuple[Field, ...]:
    """Give the settings that every such account has. The address holds the version, which ends after two years."""
    return (
        Field(name="account"),
        Field(name="token", kind="secret"),
        Field(name="app_secret", kind="secret"),
        Field(name="verify_token", kind="secret"),
        Field(name="address", kind="url", default=f"{address}/{GRAPH_VERSION}"),
    )


def _time(node: Node) -> datetime | None:
    return instant(node.get("created_time") or node.get("timestamp"))


def _words(node: Node) -> list[str]:
    return (text(node, "message") or text(node, "text")).split()


def _no_account(trouble: Trouble) -> Trouble:
    return Trouble("settings", "no-such-account", wait=None, **trouble.facts) if trouble.code == "gone" else trouble

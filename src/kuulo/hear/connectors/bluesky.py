"""Bluesky: hashtags and words that are searched for, and what is said to the municipality's own account."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from kuulo.hear.bluesky_post import MOST_GRAPHEMES, POST, read_post, record_key, record_of, said_at, too_long, utc
from kuulo.hear.bluesky_server import MOST_TOGETHER, BlueskyServer
from kuulo.hear.connector import Batch, Cursor, Field, Found, Gone, Item, Limit, Post, Replying, Sent, Unknown
from kuulo.hear.http import Http, Params
from kuulo.hear.instant import instant
from kuulo.hear.recent import Place
from kuulo.hear.sending import sending
from kuulo.hear.trouble import Trouble

_MOST_PAGES = 100
# how many of the recent posts are looked for again at a time, and how many of those one by one
_AGAIN, _ONE_BY_ONE = 250, 50
# A post may be shown in a search a while after the moment by which it is sorted.
_LATE = timedelta(hours=1)
_TO_US = ["mention", "reply", "quote"]


@dataclass(frozen=True, slots=True)
class _Feed:
    """What is read page by page from the newest on. ``to_us``: what concerns the account; else a search.

    Of where it is, everything up to the moment ``since`` is heard. While it is read back, ``newest`` is what that
    will then be, and what was said after ``until`` is read.
    """

    name: str
    params: Mapping[str, str | int | list[str]] = field(default_factory=dict)
    to_us: bool = False


class Bluesky(Replying):
    """A server of the AT Protocol: without an account the public one, with one the account's own."""

    name: ClassVar[str] = "bluesky"
    every: ClassVar[int] = 15
    once: ClassVar[bool] = True
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="server", kind="url", default="https://public.api.bsky.app"),
        Field(name="hashtags", kind="list", required=False),
        Field(name="words", kind="list", required=False),
        Field(name="mentions", kind="yes", required=False),
        Field(name="handle", required=False),
        Field(name="password", kind="secret", required=False),
    )

    def __init__(self, settings: Mapping[str, str], *, http: Http) -> None:
        super().__init__(settings, http=http)
        self._server = BlueskyServer(http, settings["server"], settings["handle"], settings["password"])

    def test(self) -> Found:
        """Sign in where there is an account, and ask for one post of every feed."""
        feeds, own = self._feeds(), self._server.account()
        found = [len(self._page(feed, {"limit": 1})[0]) for feed in feeds]
        facts: dict[str, str | int] = {"feeds": len(feeds), "with-posts": sum(map(bool, found))}
        return Found(name=own.get("handle") or self.settings["server"].partition("://")[2].rstrip("/"), facts=facts)

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield what is new in each feed, and which of the posts heard of late are gone."""
        feeds, place = self._feeds(), Place(since)
        for feed in feeds:
            at = place.feeds.setdefault(feed.name, {})
            if "until" in at:  # an earlier listening was ended on its way back
                yield from self._back(feed, at, place)
            yield from self._back(feed, at, place)
        yield from self._again(place)
        yield Batch(cursor=place.cursor())

    def limit(self) -> Limit:
        """Give the limit of the protocol, which holds everywhere."""
        return Limit(most=MOST_GRAPHEMES, count="graphemes")

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Reply under a key of record that follows from the delivery's, so that it stands once."""
        if too_long(text):
            raise Trouble("refused", "too-long", most=MOST_GRAPHEMES)
        if standing := self.find(reply_to, text, key=key):
            return standing
        parent = reply_to["parent"]
        record = record_of(text, root=reply_to["root"], parent=parent, now=datetime.now(UTC))
        with sending():
            told = self._server.put(record_key(key, parent["uri"]), record)
        if not told.get("uri"):
            raise Unknown("not-a-post")
        return _sent(str(told["uri"]))

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        """Look for the record."""
        del text
        if not self._server.signs_in:
            raise Trouble("settings", "account-missing")
        uri = f"at://{self._server.account()['did']}/{POST}/{record_key(key, reply_to['parent']['uri'])}"
        return _sent(uri) if self._server.record(uri) else None

    def _feeds(self) -> list[_Feed]:
        tags = dict.fromkeys(line.lstrip("#").strip().casefold() for line in self.lines("hashtags"))
        feeds = [_Feed(f"#{tag}", {"q": f"#{tag}", "tag": tag}) for tag in tags if tag]
        feeds += [_Feed(word, {"q": f'"{word}"' if " " in word else word}) for word in self.lines("words")]
        if self.settings["mentions"]:
            if not self._server.signs_in:
                raise Trouble("settings", "account-missing")
            feeds.append(_Feed("@", {"reasons": _TO_US}, to_us=True))
        if not feeds:
            raise Trouble("settings", "nothing-to-hear")
        if self.settings["handle"] and not self._server.signs_in:
            raise Trouble("settings", "account-missing")
        return feeds

    def _page(self, feed: _Feed, more: Params) -> tuple[list[Any], str]:
        params = {**feed.params, **more}
        return self._server.notifications(params) if feed.to_us else self._server.search(params)

    def _back(self, feed: _Feed, at: dict[str, str], place: Place) -> Iterator[Batch]:
        """Read from the newest, or from where that was ended, back to what is heard already."""
        start = (instant(at["since"]) or place.recent.since) - _LATE if "since" in at else place.recent.since
        known, now = at.get("since", ""), datetime.now(UTC)
        asked: dict[str, str] = {} if feed.to_us else {"since": utc(start)}
        if "until" in at:
            asked["until"] = at["until"]
        for _ in range(_MOST_PAGES):
            page, cursor = self._page(feed, asked)
            new = [entry for entry in page if (_moment(feed, entry) or start) >= start]
            moments = [utc(min(moment, now)) for entry in new if (moment := _moment(feed, entry))]
            at["newest"] = max([*moments, at.get("newest", known)])
            more = bool(new) and len(new) == len(page) and cursor not in {"", asked.get("cursor")}
            if not more:
                _arrive(at)
            elif moments and not feed.to_us:  # what concerns the account cannot be asked for from a moment back
                at["until"] = min(moments)
            yield self._batch(feed, new, place, known)
            if not more:
                return
            asked["cursor"] = cursor

    def _batch(self, feed: _Feed, page: list[Any], place: Place, known: str) -> Batch:
        """Read a page; what is no post is told of once, when it is newer than what was ``known``."""
        items: list[Item] = []
        passed: Counter[str] = Counter()
        own, signed_in = self._server.account().get("did", ""), self._server.signs_in
        for entry in reversed(page):
            read = read_post(entry, own=own, to_us=feed.to_us, signed_in=signed_in)
            moment = _moment(feed, entry)
            if isinstance(read, Post):
                if not place.recent.knows(read):
                    items.append(read)
                    place.recent.keep(read)
            elif moment is None or utc(moment) > known:
                if isinstance(read, str):
                    passed[read] += 1
                else:
                    items.append(read)
        return Batch(items=tuple(items), cursor=place.cursor(), passed=passed)

    def _again(self, place: Place) -> Iterator[Batch]:
        """Look which of the recent posts are gone: a post cannot be edited."""
        alone = 0
        for uris in place.recent.turns(_AGAIN, each=MOST_TOGETHER):
            shown = self._server.posts(uris)
            hidden = [uri for uri in uris if uri not in shown]
            # what is not shown among many is asked for alone before it is believed to be gone
            gone = [uri for uri in hidden if self._server.record(uri) is None]
            for uri in gone:
                place.recent.forget(uri)
            yield Batch(items=tuple(Gone(id=uri) for uri in gone), cursor=place.cursor())
            alone += len(hidden)
            if alone >= _ONE_BY_ONE:
                return


def _arrive(at: dict[str, str]) -> None:
    """Note that everything up to the newest is heard."""
    at.pop("until", None)
    if newest := at.pop("newest", ""):
        at["since"] = newest


def _moment(feed: _Feed, entry: Any) -> datetime | None:  # noqa: ANN401
    """Give the moment by which the feed is sorted."""
    if feed.to_us:
        return instant(entry.get("indexedAt")) if isinstance(entry, dict) else None
    return said_at(entry)


def _sent(uri: str) -> Sent:
    did, _, rkey = uri.removeprefix("at://").split("/")
    return Sent(id=uri, url=f"https://bsky.app/profile/{did}/post/{rkey}")

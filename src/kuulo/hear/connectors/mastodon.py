"""Mastodon: hashtags that the municipality announces, and what is said to its own account; on any such server."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from kuulo.hear.connector import Batch, Cursor, Field, Found, Gone, Item, Limit, Post, Replying, Sent, Unknown
from kuulo.hear.html_text import html_text
from kuulo.hear.http import Http
from kuulo.hear.instant import instant
from kuulo.hear.mastodon_server import MastodonServer
from kuulo.hear.mastodon_status import OPEN, id_of, read_status
from kuulo.hear.recent import Place, Recent
from kuulo.hear.sending import sending
from kuulo.hear.trouble import Trouble

_MOST_PAGES = 250
# how many of the recent posts are read again at a time, and how many of those one by one
_AGAIN, _TOGETHER, _ONE_BY_ONE = 200, 20, 40
# "@name " of whom one replies to stands before the reply; a server counts it without the name of its server
_LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class _Feed:
    """What is read page by page. ``to_us``: it holds notifications, with the status in each.

    Of where it is, ``seen`` is the newest status, and ``back`` is there until its start was read.
    """

    name: str
    path: str
    params: Mapping[str, str | list[str]] = field(default_factory=dict)
    to_us: bool = False


class Mastodon(Replying):
    """A server of the fediverse. Of a hashtag it holds what it has seen itself, so a town may listen to several."""

    name: ClassVar[str] = "mastodon"
    every: ClassVar[int] = 5
    # a server keeps a key for an hour; after that, ``find`` tells
    once: ClassVar[bool] = True
    once_for: ClassVar[timedelta] = timedelta(minutes=50)
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="server", kind="url"),
        Field(name="hashtags", kind="list", required=False),
        Field(name="mentions", kind="yes", required=False),
        Field(name="token", kind="secret", required=False),
    )

    def __init__(self, settings: Mapping[str, str], *, http: Http) -> None:
        super().__init__(settings, http=http)
        self._server = MastodonServer(http, settings["server"], settings["token"])
        self._own: dict[str, str] = {}

    def test(self) -> Found:
        """Ask the server what it is, and for one status of every feed."""
        instance = self._server.instance()
        feeds, own = self._feeds(), self._server.account()
        for feed in feeds:
            self._server.page(feed.path, {**feed.params, "limit": 1})
        facts = {"version": instance.get("version"), "account": own.get("acct")}
        # a server that shows nobody its hashtags answers as if there were nothing
        access = _within(instance, "configuration", "timelines_access", "hashtag_feeds")
        facts |= {f"hashtags-{whose}": access.get(whose) for whose in ("local", "remote")}
        told = {name: str(fact)[:100] for name, fact in facts.items() if fact}
        return Found(name=str(instance.get("title", ""))[:200], facts=told)

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield what is new in each feed, and what changed or is gone among the posts heard of late."""
        feeds, place = self._feeds(), Place(since)
        self._own = self._server.account()
        for feed in feeds:
            at = place.feeds.setdefault(feed.name, {})
            if "seen" not in at or "back" in at:
                yield from self._first(feed, at, place)
            yield from self._forward(feed, at, place)
        yield from self._again(place)
        yield Batch(cursor=place.cursor())

    def limit(self) -> Limit:
        """Ask the server how long a status may be."""
        statuses = _within(self._server.instance(), "configuration", "statuses")
        most, link = statuses.get("max_characters", 500), statuses.get("characters_reserved_per_url", 23)
        if not isinstance(most, int) or not isinstance(link, int):
            raise Trouble("broken", "not-a-server")
        return Limit(most=max(most - _LONGEST_NAME, 1), link=link)

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Reply by name: to be seen by who asked and who follows the thread, and to a private message privately."""
        if not self.settings["token"]:
            raise Trouble("settings", "token-missing")
        asked = self._server.status(str(reply_to["id"])) or {}
        name = _within(asked, "account").get("acct")
        if not name:
            raise Trouble("refused", "post-gone")
        form = {
            "status": text if f"@{name}" in text.split() else f"@{name} {text}",
            "in_reply_to_id": str(reply_to["id"]),
            "visibility": "unlisted" if asked.get("visibility") in OPEN else "direct",
        }
        with sending():
            return _sent(self._server.post(form, key=key))

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        """Look through what was replied to the post."""
        del key
        asked, own = str(reply_to["id"]), self._server.account().get("id")
        for status in self._server.replies(asked):
            ours = str(_within(status, "account").get("id")) == own and str(status.get("in_reply_to_id")) == asked
            if ours and _letters(text) in _letters(html_text(str(status.get("content")))):
                return _sent(status)
        return None

    def _feeds(self) -> list[_Feed]:
        tags = dict.fromkeys(line.lstrip("#").strip().casefold() for line in self.lines("hashtags"))
        feeds = [_Feed(f"#{tag}", f"/api/v1/timelines/tag/{quote(tag, safe='')}") for tag in tags if tag]
        if self.settings["mentions"]:
            feeds.append(_Feed("@", "/api/v1/notifications", {"types[]": ["mention"]}, to_us=True))
        if not feeds:
            raise Trouble("settings", "nothing-to-hear")
        if feeds[-1].to_us and not self.settings["token"]:
            raise Trouble("settings", "token-missing")
        return feeds

    def _first(self, feed: _Feed, at: dict[str, str], place: Place) -> Iterator[Batch]:
        """Read back from the newest to what is too old to be taken in."""
        for _ in range(_MOST_PAGES):
            page = self._server.page(feed.path, {**feed.params, **({"max_id": at["back"]} if "back" in at else {})})
            ids = list(filter(None, map(id_of, page)))
            young = [entry for entry in page if _is_young(entry, place.recent)]
            more = bool(ids) and len(young) == len(page) and ids[-1] != at.get("back")
            if ids:
                at.setdefault("seen", ids[0])
            if more:
                at["back"] = ids[-1]
            else:
                at.pop("back", None)
            yield self._batch(feed, young, place)
            if not more:
                return

    def _forward(self, feed: _Feed, at: dict[str, str], place: Place) -> Iterator[Batch]:
        """Read on from the newest that was seen, the next page after it first."""
        for _ in range(_MOST_PAGES if "seen" in at else 0):
            page = self._server.page(feed.path, {**feed.params, "min_id": at["seen"]})
            newest = next(filter(None, map(id_of, page)), at["seen"])
            if newest == at["seen"]:
                return
            at["seen"] = newest
            yield self._batch(feed, page, place)

    def _batch(self, feed: _Feed, page: list[Any], place: Place) -> Batch:
        items: list[Item] = []
        passed: Counter[str] = Counter()
        for entry in reversed(page):
            status = entry.get("status") if feed.to_us and isinstance(entry, dict) else entry
            read = read_status(status, own=self._own, to_us=feed.to_us)
            if isinstance(read, str):
                passed[read] += 1
                continue
            items.append(read)
            if isinstance(read, Post):
                place.recent.keep(read)
        return Batch(items=tuple(items), cursor=place.cursor(), passed=passed)

    def _again(self, place: Place) -> Iterator[Batch]:
        for ids in place.recent.turns(_AGAIN, each=_TOGETHER):
            items = tuple(self._changes(ids, place.recent))
            yield Batch(items=items, cursor=place.cursor())
            if self._server.asked_alone >= _ONE_BY_ONE:
                return

    def _changes(self, ids: list[str], recent: Recent) -> Iterator[Item]:
        standing = self._server.statuses(ids)
        for one in ids:
            # what is not shown among many is asked for alone before it is believed to be gone
            status = standing.get(one) or self._server.status(one)
            if status is None:
                recent.forget(one)
                yield Gone(id=one)
            elif isinstance(read := read_status(status, own=self._own, to_us=True), Post) and not recent.knows(read):
                recent.keep(read)
                yield read


def _within(told: Any, *names: str) -> dict[str, Any]:  # noqa: ANN401
    """Give what stands in it under these names, empty where there is no such thing."""
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, dict) else {}


def _is_young(entry: Any, recent: Recent) -> bool:  # noqa: ANN401
    """Tell whether it is taken in at the first listening; what tells no time is."""
    said = instant(entry.get("created_at")) if isinstance(entry, dict) else None
    return said is None or said >= recent.since


def _letters(text: str) -> str:
    return "".join(text.split())


def _sent(status: Mapping[str, Any]) -> Sent:
    if not id_of(status):
        raise Unknown("not-a-status")
    return Sent(id=id_of(status), url=str(status.get("url") or ""))

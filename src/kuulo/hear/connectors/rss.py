"""RSS and Atom: what a feed holds, such as a city's feedback feed, comments of a site, or local media."""

import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar

import feedparser

from kuulo.hear.connector import Batch, Connector, Cursor, Field, Form, Found, Item, Post, Unread
from kuulo.hear.html_text import html_text
from kuulo.hear.http import Answer, unchanged
from kuulo.hear.instant import instant
from kuulo.hear.trouble import Trouble

_FORMS: dict[str, Form] = {"comments": "comment", "requests": "request", "news": "news"}


class Rss(Connector):
    """A feed. It holds its latest entries only, so what left it before it was heard is not known of."""

    name: ClassVar[str] = "rss"
    every: ClassVar[int] = 15
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="address", kind="url"),
        Field(name="holds", kind="choice", choices=tuple(_FORMS), default="comments"),
    )

    def test(self) -> Found:
        """Read the feed once."""
        feed = _read(self.http.get(self.settings["address"]))
        return Found(name=feed.feed.get("title", "")[:200], facts={"entries": len(feed.entries)})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield what the feed holds, where it changed since."""
        answer = self.http.get(self.settings["address"], headers=unchanged(since), accept=[304])
        if answer.status == 304:
            yield Batch(cursor=since)
            return
        feed = _read(answer)
        items = tuple(self._item(entry) for entry in reversed(feed.entries))
        yield Batch(items=items, cursor=answer.validators())

    def _item(self, entry: Any) -> Item:  # noqa: ANN401
        updated = dict.get(entry, "updated", "")  # asked for its own way it may answer with another date
        title, link = html_text(entry.get("title", "")), entry.get("link", "")
        told = entry.get("id") or hashlib.sha256(f"{link}\n{title}".encode()).hexdigest() if link or title else ""
        body = max((part.get("value", "") for part in entry.get("content", ())), key=len, default="")
        text = html_text(body or entry.get("summary", ""))
        if not (text or title):
            return Unread(code="no-text", id=told)
        form = _FORMS[self.settings["holds"]]
        return Post(
            id=told,
            # a comment's title is made up by the site ("By Anna on ..."): what she said is the text
            text=text if text and form == "comment" else "\n\n".join(dict.fromkeys(filter(None, [title, text]))),
            title=title,
            time=instant(entry.get("published") or updated),
            version=updated,
            form=form,
            author=entry.get("author", ""),
            url=link,
            place=_place(entry),
        )


def _read(answer: Answer) -> Any:  # noqa: ANN401
    """Read a feed, also a slightly broken one. Raises Trouble for what is no feed."""
    feed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers.get("content-type", "")})
    if not feed.version:
        raise Trouble("settings", "not-a-feed", url=answer.url[:200])
    return feed


def _place(entry: Any) -> tuple[float, float] | None:  # noqa: ANN401
    """Read "latitude longitude" of GeoRSS."""
    try:
        latitude, longitude = map(float, (entry.get("georss_point") or "").split())
    except ValueError:
        return None
    return latitude, longitude

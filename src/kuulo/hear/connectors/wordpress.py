"""WordPress: the comments on a site, such as the city's own news."""

import base64
import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from kuulo.hear.connector import Batch, Cursor, Field, Found, Gone, Item, Limit, Post, Replying, Sent, Unknown, Unread
from kuulo.hear.html_text import html_text
from kuulo.hear.http import Answer
from kuulo.hear.instant import instant
from kuulo.hear.sending import sending
from kuulo.hear.shape import dicts, in_parts, inner
from kuulo.hear.trouble import Trouble

_PAGE = 100
_MOST_PAGES = 10_000
_MOST_KNOWN = 3000
# So long an edit or a removal is looked for, and a comment that is let through late is found.
_AGAIN = timedelta(days=14)
_OVERLAP = timedelta(hours=1)
_DUPLICATE = 409


class Wordpress(Replying):
    """The approved comments, as anyone may read them.

    The site tells of no edit and no removal, so the last days are read again each time. It refuses a comment that
    the same person has made already in the same place, so that none is made twice.
    """

    name: ClassVar[str] = "wordpress"
    every: ClassVar[int] = 15
    once: ClassVar[bool] = True
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="address", kind="url"),
        Field(name="own", kind="list", required=False),
        Field(name="user", required=False),
        Field(name="password", kind="secret", required=False),
    )

    def test(self) -> Found:
        """Ask for the site's name, and for our own account where one is given."""
        told = self.http.get(f"{self._base}/wp-json/", params={"_fields": "name"}).json()
        answer, page = self._comments(page=1, per_page=1)
        if self.settings["user"]:
            self.http.get(f"{self._base}/wp-json/wp/v2/users/me", params={"_fields": "id"}, headers=self._signed())
        name = html_text(str(told.get("name") or "")) if isinstance(told, dict) else ""
        return Found(name=name or self._base, facts={"comments": _number(answer, "x-wp-total", len(page))})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield the comments a page at a time, oldest first, then what is there no more."""
        newest = instant(since.get("newest"))
        begin = min(newest - _OVERLAP, datetime.now(UTC) - _AGAIN) if newest else None
        known = {one: time for one, time in since.get("known", {}).items() if begin and time > begin.timestamp()}
        missed = set(known)
        for page in self._pages(begin):
            moments = [moment for one in page if isinstance(one, dict) and (moment := _time(one))]
            newest = max([*moments, *([newest] if newest else [])], default=None)
            batch = self._batch(page, known, newest)
            missed -= {item.id for item in batch.items}
            yield batch
        for few in in_parts(sorted(missed), _PAGE):
            yield self._looked_for(few, known, newest)

    def _pages(self, begin: datetime | None) -> Iterator[list[Any]]:
        after = {"after": begin.isoformat(timespec="seconds")} if begin else {}
        for number in range(1, _MOST_PAGES):
            answer, page = self._comments(page=number, per_page=_PAGE, orderby="date_gmt", order="asc", **after)
            yield page
            if number >= _number(answer, "x-wp-totalpages", number if len(page) < _PAGE else number + 1):
                return

    def _looked_for(self, few: Sequence[str], known: dict[str, float], newest: datetime | None) -> Batch:
        """Ask for comments by their numbers: pages shift while they are read, so what was missed may be there."""
        _, page = self._comments(include=",".join(few), per_page=_PAGE)
        found = self._batch(page, known, newest)
        gone = [one for one in few if one not in {item.id for item in found.items}]
        left = {one: time for one, time in known.items() if one not in gone}
        for one in gone:
            known.pop(one)
        return Batch(
            items=(*found.items, *(Gone(id=one) for one in gone)),
            cursor={**found.cursor, "known": left},
            passed=found.passed,
        )

    def _batch(self, page: list[Any], known: dict[str, float], newest: datetime | None) -> Batch:
        told = [self._item(one) for one in page]
        items = tuple(item for item in told if not isinstance(item, str))
        known |= {item.id: item.time.timestamp() for item in items if isinstance(item, Post) and item.time}
        kept = dict(sorted(known.items(), key=lambda pair: pair[1])[-_MOST_KNOWN:])
        cursor = {"newest": newest.isoformat() if newest else "", "known": kept}
        return Batch(items=items, cursor=cursor, passed=Counter(item for item in told if isinstance(item, str)))

    def _item(self, comment: Any) -> Item | str:  # noqa: ANN401
        """Give the comment, or the reason why it is passed over."""
        if not isinstance(comment, dict) or not comment.get("id"):
            return Unread(code="not-a-comment")
        if comment.get("type", "comment") != "comment":
            return "other-kind"
        return "own" if self._is_own(comment) else _post(str(comment["id"]), comment)

    def _is_own(self, comment: Mapping[str, Any]) -> bool:
        """Say whether the municipality wrote it: signed in, for anybody may comment under any name."""
        name = str(comment.get("author_name") or "").casefold()
        return bool(comment.get("author")) and name in {one.casefold() for one in self.lines("own")}

    def _comments(self, **params: str | int) -> tuple[Answer, list[Any]]:
        asked: dict[str, str | int | list[str]] = {**params, "_embed": "up"}
        answer = self.http.get(f"{self._base}/wp-json/wp/v2/comments", params=asked)
        page = answer.json()
        if not isinstance(page, list):
            raise Trouble("broken", "not-a-list")
        return answer, page

    @property
    def _base(self) -> str:
        return self.settings["address"].rstrip("/")

    def _signed(self) -> dict[str, str]:
        pair = f"{self.settings['user']}:{self.settings['password']}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def limit(self) -> Limit:
        """Give the length that is stored whole: 65,525 bytes, of which a character may take four."""
        return Limit(most=16_000)

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Comment on the comment."""
        if not (self.settings["user"] and self.settings["password"]):
            raise Trouble("settings", "no-key", unsent=1)
        body = {"post": reply_to["post"], "parent": reply_to["comment"], "content": html.escape(text, quote=False)}
        address = f"{self._base}/wp-json/wp/v2/comments"
        with sending():
            answer = self.http.ask("POST", address, json_body=body, headers=self._signed(), accept=[_DUPLICATE])
            told = answer.json()
        if answer.status == _DUPLICATE:
            if sent := self.find(reply_to, text, key=key):
                return sent
            raise Unknown("made-already")
        return Sent(id=str(told["id"]), url=str(told.get("link") or ""))

    def find(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent | None:
        """Look for the text among the answers to the comment, as it was written."""
        del key
        fields = "id,link,content"
        params: dict[str, str | int | list[str]] = {"context": "edit", "_fields": fields, "per_page": _PAGE}
        params |= {"post": reply_to["post"], "parent": reply_to["comment"], "status": "all"}
        address = f"{self._base}/wp-json/wp/v2/comments"
        page = self.http.get(address, params=params, headers=self._signed()).json()
        for one in dicts(page):
            if html.unescape(str(inner(one, "content", "raw"))).strip() == text.strip():
                return Sent(id=str(one["id"]), url=str(one.get("link") or ""))
        return None


def _post(told: str, comment: Mapping[str, Any]) -> Item:
    text, writer = html_text(str(inner(comment, "content", "rendered") or "")), comment.get("author")
    if not text:
        return Unread(code="no-text", id=told)
    return Post(
        id=told,
        text=text,
        time=_time(comment),
        form="comment",
        title=_title(comment.get("_embedded")),
        author=f"user:{writer}" if writer else f"name:{comment.get('author_name') or ''}",
        thread=str(comment.get("post") or ""),
        parent=str(comment.get("parent") or ""),
        url=str(comment.get("link") or ""),
        reply_to={"post": comment.get("post"), "comment": comment["id"]},
    )


def _title(embedded: object) -> str:
    """Give the title of the page that is commented on, where it came along."""
    try:
        return html_text(str(embedded["up"][0]["title"]["rendered"]))  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return ""


def _time(comment: Mapping[str, Any]) -> datetime | None:
    return instant(comment.get("date_gmt"), zone=UTC)


def _number(answer: Answer, header: str, otherwise: int) -> int:
    told = answer.headers.get(header, "")
    return int(told) if told.isdecimal() else otherwise

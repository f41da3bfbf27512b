"""Kerrokantasi: residents' comments on a city's hearings, as Helsinki and Turku hold them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from kuulo.hear.connector import Attachment, Batch, Connector, Cursor, Field, Found, Gone, Item, Opened, Post, Unread
from kuulo.hear.geojson import middle
from kuulo.hear.html_text import html_text
from kuulo.hear.instant import instant
from kuulo.hear.shape import dicts, whole
from kuulo.hear.translated import translated
from kuulo.hear.trouble import Trouble

_PAGE = 100
_MOST_OPEN = 500
# What was said in the last day is read again each time, what was said in open hearings once a day.
_AGAIN = timedelta(days=1)
_LONGEST_OPEN = timedelta(days=180)


class Kerrokantasi(Connector):
    """The comments of all hearings, in one stream, without the names of who wrote.

    The stream cannot be asked for what changed, so its end is read again each time. What an official says is the
    municipality's own.
    """

    name: ClassVar[str] = "kerrokantasi"
    every: ClassVar[int] = 30
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="address", kind="url", default="https://api.hel.fi/kerrokantasi/v1"),
        Field(name="page", kind="url", required=False, default="https://kerrokantasi.hel.fi"),
    )
    _hearings: dict[str, Mapping[str, Any]]
    _opened: tuple[Opened, ...] = ()

    def test(self) -> Found:
        """Ask for the newest hearing."""
        told = self._asked("hearing/", limit=1, ordering="-created_at")
        hearings, _ = _page(told)
        name = str(hearings[0].get("organization") or "") if hearings and isinstance(hearings[0], dict) else ""
        return Found(name=name or "Kerrokantasi", facts={"hearings": _count(told, len(hearings))})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield the comments a page at a time, oldest first; once a day with the hearings that are open."""
        self._hearings, self._opened = {}, ()
        at = dict(since) if "offset" in since else self._beginning(since)
        more = True
        while more:
            page, more = self._comments(at)
            items, own = self._read(page)
            at |= {"offset": at["offset"] + len(page), "newest": _newest(at["newest"], page)}
            cursor = at if more else {"newest": at["newest"], "day": at["day"]}
            passed = {"own": own} if own else {}
            yield Batch(items=items, cursor=dict(cursor), passed=passed, opened=self._opened)
            self._opened = ()

    def _beginning(self, since: Cursor) -> dict[str, Any]:
        """Say where to begin: once a day at the opening of the oldest open hearing, else a day before the newest."""
        newest, today = since.get("newest", ""), datetime.now(UTC).date().isoformat()
        heard = instant(newest)
        begin = heard - _AGAIN if heard else None
        if since.get("day") != today:
            openings = self._openings()
            begin = min([begin, *openings]) if begin else None
        return {"offset": 0, "begin": begin.isoformat() if begin else "", "newest": newest, "day": today}

    def _openings(self) -> list[datetime]:
        hearings, _ = _page(self._asked("hearing/", open="true", limit=_MOST_OPEN))
        self._opened = tuple(self._told_open(one) for one in dicts(hearings) if one.get("id"))
        moments = [one.opened for one in self._opened]
        earliest = datetime.now(UTC) - _LONGEST_OPEN
        return [max(moment, earliest) for moment in moments if moment]

    def _told_open(self, hearing: Mapping[str, Any]) -> Opened:
        return Opened(
            id=str(hearing["id"]),
            name=html_text(translated(hearing.get("title"))),
            url=self._page_of(hearing),
            opened=instant(hearing.get("open_at")),
            closes=instant(hearing.get("close_at")),
        )

    def _page_of(self, hearing: Mapping[str, Any]) -> str:
        slug = str(hearing.get("slug") or "")
        return f"{self.settings['page'].rstrip('/')}/{slug}" if slug and self.settings["page"] else ""

    def _comments(self, at: Mapping[str, Any]) -> tuple[list[Any], bool]:
        params: dict[str, str | int] = {"ordering": "created_at", "limit": _PAGE, "offset": at["offset"]}
        if at["begin"]:
            params["created_at__gt"] = at["begin"]
        return _page(self._asked("comment/", **params))

    def _asked(self, path: str, **params: str | int) -> Any:  # noqa: ANN401
        return self.http.get(f"{self.settings['address'].rstrip('/')}/{path}", params={**params}).json()

    def _read(self, page: list[Any]) -> tuple[tuple[Item, ...], int]:
        """Give the items of a page, and how many of its comments are the municipality's own."""
        items = [self._item(one) for one in page]
        return tuple(item for item in items if item), items.count(None)

    def _item(self, comment: Any) -> Item | None:  # noqa: ANN401
        told = str(comment.get("id") or "") if isinstance(comment, dict) else ""
        if not told:
            return Unread(code="not-a-comment")
        if comment.get("deleted"):
            return Gone(id=told)
        return None if comment.get("organization") else self._post(told, comment)

    def _post(self, told: str, comment: Mapping[str, Any]) -> Item:
        hearing = self._hearing(str(comment.get("hearing") or ""))
        language = str(comment.get("language_code") or "")
        text, place = self._text(comment, hearing, language), middle(comment.get("geojson"))
        attachments = _attachments(comment.get("images"))
        if not (text or place or attachments):
            return Unread(code="no-text", id=told)
        return Post(
            id=told,
            text=text,
            time=instant(comment.get("created_at")),
            form="comment",
            language=language,
            thread=str(comment.get("hearing") or ""),
            title=translated(hearing.get("title")),
            parent=str(comment.get("comment") or ""),
            url=self._page_of(hearing),
            place=place,
            supporters=whole(comment.get("n_votes")),
            background=(("borough", str(hearing["borough"])),) if hearing.get("borough") else (),
            attachments=attachments,
        )

    def _text(self, comment: Mapping[str, Any], hearing: Mapping[str, Any], language: str) -> str:
        """Give what was written, what was answered to the hearing's questions, and what was written on its map."""
        answers = [_answered(one, hearing, language) for one in dicts(comment.get("answers"))]
        parts = [comment.get("content"), *answers, comment.get("map_comment_text")]
        return "\n\n".join(dict.fromkeys(part.strip() for part in parts if isinstance(part, str) and part.strip()))

    def _hearing(self, told: str) -> Mapping[str, Any]:
        """Give a hearing, asked for once in a listening; an empty one where it cannot be had."""
        if told and told not in self._hearings:
            address = f"{self.settings['address'].rstrip('/')}/hearing/{told}/"
            answer = self.http.get(address, accept=[403, 404, 410])
            hearing = answer.json() if answer.status < 300 else {}
            self._hearings[told] = hearing if isinstance(hearing, dict) else {}
        return self._hearings.get(told, {})


def _answered(answer: Mapping[str, Any], hearing: Mapping[str, Any], language: str) -> str:
    """Write out an answer to a question: it is told by numbers, whose words stand in the hearing."""
    polls = [poll for section in dicts(hearing.get("sections")) for poll in dicts(section.get("questions"))]
    poll = next((one for one in polls if one.get("id") == answer.get("question")), {})
    chosen = answer.get("answers") if isinstance(answer.get("answers"), list) else []
    options = [option for option in dicts(poll.get("options")) if option.get("id") in (chosen or [])]
    words = "; ".join(filter(None, (translated(option.get("text"), language) for option in options)))
    return f"{translated(poll.get('text'), language)}: {words}" if words else ""


def _attachments(images: object) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(name=translated(image.get("title")), type="image", url=str(image.get("url") or ""))
        for image in dicts(images)
    )


def _page(told: object) -> tuple[list[Any], bool]:
    """Give what a page holds and whether there are more; without limits it is a bare list. Raises Trouble."""
    if isinstance(told, dict) and isinstance(told.get("results"), list):
        return told["results"], bool(told.get("next")) and bool(told["results"])
    if isinstance(told, list):
        return told, False
    raise Trouble("broken", "not-a-list")


def _count(told: object, otherwise: int) -> int:
    count = whole(told.get("count")) if isinstance(told, dict) else None
    return otherwise if count is None else count


def _newest(newest: str, page: list[Any]) -> str:
    """Give the moment of the newest comment so far."""
    moments = [instant(one.get("created_at")) for one in dicts(page)]
    return max([moment.isoformat(timespec="microseconds") for moment in moments if moment], default="") or newest

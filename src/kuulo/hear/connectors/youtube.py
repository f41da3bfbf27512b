"""YouTube: the comments on the municipality's own videos."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from kuulo.hear.connector import Batch, Connector, Cursor, Field, Found, Gone, Item, Post, Unread
from kuulo.hear.instant import instant
from kuulo.hear.shape import dicts, in_parts, inner, whole
from kuulo.hear.trouble import Trouble

_PAGE = 100
_MOST_PAGES = 50
_MOST_REPLIES = 20
_FEW = 50
_MOST_KNOWN = 5000
# What is older is not read again: YouTube wants it refreshed or forgotten by then.
_AGAIN = timedelta(days=30)
_USED_UP = {"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded"}
_NO_KEY = {"keyInvalid", "keyExpired", "accessNotConfigured", "ipRefererBlocked"}


class Youtube(Connector):
    """The comments of the last thirty days, read whole each time: YouTube tells of no edit and no removal."""

    name: ClassVar[str] = "youtube"
    every: ClassVar[int] = 60
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="channel"),
        Field(name="key", kind="secret"),
        Field(name="address", kind="url", default="https://www.googleapis.com/youtube/v3"),
    )

    def test(self) -> Found:
        """Ask for the channel."""
        channels = self._asked("channels", part="snippet", id=self.settings["channel"])
        if not channels:
            raise Trouble("settings", "no-such-channel")
        self._page("")
        return Found(name=str(_snippet(channels[0]).get("title") or ""))

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield the comments a page of threads at a time, newest first, then what is there no more."""
        start = (datetime.now(UTC) - _AGAIN).timestamp()
        known: dict[str, float] = {one: time for one, time in since.get("known", {}).items() if time > start}
        missed = set(known)
        for threads in self._threads(start):
            batch = self._batch([one for thread in threads for one in self._comments(thread)], known)
            missed -= {item.id for item in batch.items}
            yield batch
        for few in in_parts(sorted(missed), _FEW):
            there = {str(one.get("id")) for one in self._asked("comments", part="id", id=",".join(few))}
            gone = [one for one in few if one not in there]
            known = {one: time for one, time in known.items() if one not in gone}
            yield Batch(items=tuple(Gone(id=one) for one in gone), cursor={"known": dict(known)})

    def _threads(self, start: float) -> Iterator[list[dict[str, Any]]]:
        """Give pages of threads, down to the first that holds none of the last days."""
        token = ""
        for _ in range(_MOST_PAGES):
            told = self._page(token)
            threads = dicts(told.get("items"))
            yield threads
            moments = [moment for one in threads if (moment := instant(_snippet(_top(one)).get("publishedAt")))]
            token = str(told.get("nextPageToken") or "")
            if not token or (moments and max(moments).timestamp() < start):
                return

    def _page(self, token: str) -> dict[str, Any]:
        params = {"allThreadsRelatedToChannelId": self.settings["channel"], "order": "time"}
        params |= {"textFormat": "plainText"} | ({"pageToken": token} if token else {})
        return self._told("commentThreads", part="snippet,replies", maxResults=_PAGE, **params)

    def _comments(self, thread: Mapping[str, Any]) -> list[Any]:
        """Give a thread's comment and the replies to it, asked for where they did not all come along."""
        replies = dicts(inner(thread, "replies", "comments"))
        if (whole(_snippet(thread).get("totalReplyCount")) or 0) > len(replies):
            replies = list(self._replies(str(thread.get("id"))))
        # a reply that is asked for does not tell its video
        common = {"videoId": _snippet(_top(thread)).get("videoId"), "parentId": thread.get("id")}
        return [_top(thread), *({**one, "snippet": {**common, **_snippet(one)}} for one in replies)]

    def _replies(self, parent: str) -> Iterator[dict[str, Any]]:
        token = ""
        for _ in range(_MOST_REPLIES):
            more = {"pageToken": token} if token else {}
            told = self._told(
                "comments", part="snippet", parentId=parent, maxResults=_PAGE, textFormat="plainText", **more
            )
            yield from dicts(told.get("items"))
            token = str(told.get("nextPageToken") or "")
            if not token:
                return

    def _batch(self, comments: list[Any], known: dict[str, float]) -> Batch:
        titles = self._titles({str(_snippet(one).get("videoId") or "") for one in comments} - {""})
        told = [self._item(one, titles) for one in comments]
        items = tuple(item for item in told if not isinstance(item, str))
        known |= {item.id: item.time.timestamp() for item in items if isinstance(item, Post) and item.time}
        kept = dict(sorted(known.items(), key=lambda pair: pair[1])[-_MOST_KNOWN:])
        passed = Counter(item for item in told if isinstance(item, str))
        return Batch(items=items, cursor={"known": kept}, passed=passed)

    def _titles(self, videos: set[str]) -> dict[str, str]:
        """Give what the videos are called."""
        found = {}
        for few in in_parts(sorted(videos), _FEW):
            for video in self._asked("videos", part="snippet", id=",".join(few)):
                found[str(video.get("id"))] = str(_snippet(video).get("title") or "")
        return found

    def _item(self, comment: Any, titles: Mapping[str, str]) -> Item | str:  # noqa: ANN401
        """Give the comment, or the reason why it is passed over."""
        told = str(comment.get("id") or "") if isinstance(comment, dict) else ""
        snippet = _snippet(comment)
        text = str(snippet.get("textDisplay") or "").strip()
        if not (told and text):
            return Unread(code="no-text" if told else "not-a-comment", id=told)
        author = str(inner(snippet, "authorChannelId", "value") or "")
        if author == self.settings["channel"]:
            return "own"
        video = str(snippet.get("videoId") or "")
        return Post(
            id=told,
            text=text,
            time=instant(snippet.get("publishedAt")),
            form="comment",
            title=titles.get(video, ""),
            author=author,
            thread=video,
            parent=str(snippet.get("parentId") or ""),
            url=f"https://www.youtube.com/watch?v={video}&lc={told}" if video else "",
            supporters=whole(snippet.get("likeCount")),
        )

    def _asked(self, what: str, **params: str | int) -> list[dict[str, Any]]:
        return dicts(self._told(what, **params).get("items"))

    def _told(self, what: str, **params: str | int) -> dict[str, Any]:
        """Ask for a resource. Raises Trouble; a quota that is used up is a matter of waiting."""
        address = f"{self.settings['address'].rstrip('/')}/{what}"
        headers = {"X-Goog-Api-Key": self.settings["key"]}
        answer = self.http.get(address, params={**params}, headers=headers, accept=[400, 403, 404])
        told = answer.json()
        if answer.status >= 300:
            raise _refusal(answer.status, told)
        if not isinstance(told, dict) or "items" not in told:
            raise Trouble("broken", "not-a-list")
        return told


def _refusal(status: int, told: object) -> Trouble:
    """Read why the service refused: its reason tells more than the status."""
    named = [*dicts(inner(told, "error", "errors")), *dicts(inner(told, "error", "details"))]
    reasons = {str(one.get("reason")) for one in named}
    reason = min(reasons, default="")[:60]
    if reasons & _USED_UP:
        return Trouble("retry", "busy", wait=3600.0, reason=reason)
    if "commentsDisabled" in reasons:
        return Trouble("settings", "comments-disabled", reason=reason)
    if status == 403 or {one.upper() for one in reasons} & {"API_KEY_INVALID"} or reasons & _NO_KEY:
        return Trouble("auth", "not-let-in", reason=reason)
    return Trouble("settings" if status == 404 else "refused", "refused", status=status, reason=reason)


def _top(thread: Mapping[str, Any]) -> dict[str, Any]:
    top = inner(thread, "snippet", "topLevelComment")
    return top if isinstance(top, dict) else {}


def _snippet(one: object) -> dict[str, Any]:
    snippet = inner(one, "snippet")
    return snippet if isinstance(snippet, dict) else {}

"""Recent: the posts heard of late, to be read again in turn, so that their edits and deletions are followed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from kuulo.hear.connector import Cursor, Post

# What is older is no longer followed, and not taken in when a source is heard for the first time.
LONG = timedelta(days=14)
MOST = 1000
_DAY = 86400
# id, the day since 1970 on which it was said, version
Row = Sequence[str | int]


class Recent:
    """A bounded row of posts, the one first that was not read for longest. A cursor holds it as ``told()``."""

    def __init__(self, told: Sequence[Row], *, now: datetime | None = None) -> None:
        self.since = (now or datetime.now(UTC)) - LONG
        self._posts = {
            str(origin): (int(day), str(version)) for origin, day, version in told if int(day) >= self._first_day
        }

    @property
    def _first_day(self) -> int:
        return int(self.since.timestamp() // _DAY)

    def keep(self, post: Post) -> None:
        """Remember a post as it stands now, unless it is old; where there are too many the oldest give way."""
        day = int((post.time.timestamp() if post.time else datetime.now(UTC).timestamp()) // _DAY)
        if day >= self._first_day:
            self._posts[post.id] = (day, post.version)
        if len(self._posts) > MOST:
            del self._posts[min(self._posts, key=lambda one: self._posts[one][0])]

    def knows(self, post: Post) -> bool:
        """Tell whether the post was heard as it stands."""
        return post.id in self._posts and self._posts[post.id][1] == post.version

    def forget(self, origin: str) -> None:
        """Follow it no longer."""
        self._posts.pop(origin, None)

    def turns(self, most: int, *, each: int) -> Iterator[list[str]]:
        """Yield the ids whose turn it is, ``each`` at a time; they go to the end of the row."""
        ids = list(self._posts)[:most]
        for at in range(0, len(ids), each):
            for one in ids[at : at + each]:
                self._posts[one] = self._posts.pop(one)
            yield ids[at : at + each]

    def told(self) -> list[list[str | int]]:
        """Give it as a cursor holds it."""
        return [[origin, day, version] for origin, (day, version) in self._posts.items()]


class Place:
    """Where a listening is: something for each of the ``feeds`` that are read, and the posts heard of late."""

    def __init__(self, since: Cursor) -> None:
        self.feeds: dict[str, dict[str, str]] = {name: dict(at) for name, at in since.get("feeds", {}).items()}
        self.recent = Recent(since.get("recent", ()))

    def cursor(self) -> Cursor:
        """Give it as it stands now."""
        return {"feeds": {name: dict(at) for name, at in self.feeds.items()}, "recent": self.recent.told()}

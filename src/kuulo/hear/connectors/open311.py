"""Open311 GeoReport v2: the reports and questions that a city's feedback service or FixMyStreet publishes."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from kuulo.hear import georeport
from kuulo.hear.connector import (
    Batch,
    Cursor,
    Field,
    Found,
    Gone,
    Item,
    Limit,
    Replying,
    Sent,
    Unread,
)
from kuulo.hear.georeport import Row
from kuulo.hear.georeport_server import GeoreportServer, in_query
from kuulo.hear.http import Http
from kuulo.hear.instant import instant
from kuulo.hear.sending import sending
from kuulo.hear.service_request import id_of, is_open, post_of, requested, updated
from kuulo.hear.trouble import Trouble

# the most that the specification lets one ask for at a time, and how far back the first time goes
LONGEST, SHORTEST = timedelta(days=90), timedelta(hours=6)
# What is published late, and clocks that differ, are caught by asking again for what was asked for before.
OVERLAP = timedelta(days=1)
AT_ONCE, MOST_AGAIN, MOST_WATCHED, MOST_ODD = 50, 500, 5000, 100


class Open311(Replying):
    """A server of requests. Its dialect is found out by asking."""

    name: ClassVar[str] = "open311"
    every: ClassVar[int] = 15
    once: ClassVar[bool] = True
    fields: ClassVar[tuple[Field, ...]] = (
        Field(name="address", kind="url"),
        Field(name="jurisdiction", required=False),
        Field(name="language", kind="choice", choices=("fi", "sv", "nb", "en"), default="fi"),
        Field(name="key", kind="secret", required=False),
    )

    def __init__(self, settings: Mapping[str, str], *, http: Http) -> None:
        super().__init__(settings, http=http)
        self._server = self._opened({})

    def test(self) -> Found:
        """Ask for the services, and for the requests of the last month."""
        services = self._server.services()
        begin = datetime.now(UTC) - timedelta(days=30)
        entries = next(self._server.pages(start_date=begin, end_date=datetime.now(UTC)), [])
        name = self.settings["jurisdiction"] or urlsplit(self.settings["address"]).hostname or ""
        return Found(name=name, facts={"services": len(services), "entries": len(entries)})

    def listen(self, since: Cursor) -> Iterator[Batch]:
        """Yield what is new or changed, then read again what was heard before, for what is gone."""
        self._server = self._opened(since.get("server", {}))
        yield from _Listening(self._server, since, replied=bool(self.settings["key"])).batches()

    def limit(self) -> Limit:
        """Give the length of a description in the specification; updates have none of their own."""
        return Limit(most=4000)

    def reply(self, reply_to: Mapping[str, Any], text: str, *, key: str) -> Sent:
        """Send an update that leaves the state as it is. A server that has it already says so."""
        if not self.settings["key"]:
            raise Trouble("settings", "no-key", unsent=1)
        how, row = self._server.lookup(request := str(reply_to["request"]))
        if how != "there":
            raise Trouble("refused", "gone", unsent=1)
        form = {
            "api_key": self.settings["key"],
            "service_request_id": request,
            "update_id": key,
            "status": str(row.get("status") or "OPEN").upper(),
            "updated_datetime": in_query(datetime.now(UTC)),
            "description": text,
        }
        with sending():
            _check(*self._server.update(form))
        return Sent(id=key)

    def _opened(self, traits: Mapping[str, Any]) -> GeoreportServer:
        return GeoreportServer(
            self.http,
            address=self.settings["address"],
            jurisdiction=self.settings["jurisdiction"],
            language=self.settings["language"],
            traits=traits,
        )


class _Listening:
    """One time of listening. ``watch`` are the ids to read again: open ones, and closed ones with their date."""

    def __init__(self, server: GeoreportServer, since: Cursor, *, replied: bool) -> None:
        self._server = server
        self._replied = replied
        self._now = datetime.now(UTC)
        self._heard = instant(since.get("heard"))
        self._from = instant(since.get("from"))
        self._by_change = bool(since.get("by_change", True))
        self._watch: dict[str, str] = dict(since.get("watch", {}))
        self._odd: list[str] = list(since.get("odd", ()))
        self._seen: set[str] = set()
        self._finds: bool | None = None

    def batches(self) -> Iterator[Batch]:
        """Yield all; the cursor moves on when all of it is through."""
        yield from self._news()
        self._from = None
        self._heard = self._now
        yield from self._again()
        yield Batch(cursor=self._cursor())

    def _news(self) -> Iterator[Batch]:
        if self._heard is None or self._from:
            begin = self._from or self._now + OVERLAP - LONGEST
        else:
            begin = min(self._heard, self._now) - OVERLAP
            if self._by_change:
                yield from self._changed(begin)
        if self._heard is None or self._from or not self._by_change:
            yield from self._made(begin)

    def _changed(self, begin: datetime) -> Iterator[Batch]:
        """Ask for what changed since; where the server takes no notice of that, remember so."""
        try:
            for rows in self._server.pages(updated_after=begin):
                yield self._batch(rows)
                if any(changed < begin - OVERLAP for changed in filter(None, map(updated, _read(rows)))):
                    self._by_change = False
                    return
        except Trouble as trouble:
            if trouble.kind != "refused":
                raise
            self._by_change = False
        self._by_change = self._by_change and not self._server.cut

    def _made(self, begin: datetime) -> Iterator[Batch]:
        """Ask for what was made in one window of time after the other; a full one is halved."""
        last, length = self._now + OVERLAP, LONGEST
        while begin < last:
            end, obeyed = min(begin + length, last), True
            for rows in self._server.pages(start_date=begin, end_date=end):
                yield self._batch(rows)
                obeyed = obeyed and not _outside(rows, begin, end)
            if not obeyed:
                return  # a server that gives what it gives, whichever dates are asked for
            if self._server.cut and end - begin > SHORTEST:
                length = (end - begin) / 2
                continue
            self._from = begin = end
            yield Batch(cursor=self._cursor())

    def _again(self) -> Iterator[Batch]:
        """Read again what was heard before and not now, those first that were not read for longest."""
        waiting = [one for one in self._watch if one not in self._seen][:MOST_AGAIN]
        for ids in (waiting[at : at + AT_ONCE] for at in range(0, len(waiting), AT_ONCE)):
            rows = self._server.several(ids)
            self._seen |= {id_of(row) for row in rows}
            gone = [one for one in ids if one not in self._seen and self._is_gone(one)]
            self._watch |= {one: self._watch.pop(one) for one in ids}
            for one in gone:
                del self._watch[one]
            yield self._batch(rows, [Gone(id=one) for one in gone])

    def _is_gone(self, one: str) -> bool:
        """Tell whether a request is surely no more; a server that finds nothing by its id is not believed."""
        how, _ = self._server.lookup(one)
        if how == "there":
            return False
        if self._finds is None and self._seen:
            self._finds = self._server.lookup(next(iter(self._seen)))[0] == "there"
        return self._finds if self._finds is not None else how == "empty"

    def _batch(self, rows: Sequence[Any], gone: Sequence[Gone] = ()) -> Batch:
        items: list[Item] = [post_of(row, replied=self._replied) for row in _read(rows)]
        for row in _read(rows):
            self._keep(row)
        items += (item for row in rows if not _read([row]) and (item := self._unread(row)))
        return Batch(items=(*items, *gone), cursor=self._cursor())

    def _unread(self, row: object) -> Unread | None:
        """Tell of a row without an id, once: what cannot be named is listed again each time."""
        raw = repr(row).encode("utf-8", "replace")[:10_000]
        if (mark := hashlib.sha256(raw).hexdigest()[:16]) in self._odd:
            return None
        self._odd = [*self._odd[1 - MOST_ODD :], mark]
        return Unread(code="no-id", raw=raw)

    def _keep(self, row: Row) -> None:
        """Watch a request as long as it is open or young."""
        self._seen.add(one := id_of(row))
        day = "" if is_open(row) else (requested(row) or self._now).date().isoformat()
        self._watch[one] = day
        if day and day < (self._now - LONGEST).date().isoformat():
            del self._watch[one]

    def _cursor(self) -> dict[str, Any]:
        watch = dict(list(self._watch.items())[-MOST_WATCHED:])
        cursor = {"server": self._server.traits(), "by_change": self._by_change, "watch": watch, "odd": self._odd}
        times = {"heard": self._heard, "from": self._from}
        return cursor | {name: time.isoformat() for name, time in times.items() if time}


def _read(rows: Sequence[Any]) -> list[Row]:
    return [row for row in rows if isinstance(row, dict) and id_of(row)]


def _outside(rows: Sequence[Any], begin: datetime, end: datetime) -> bool:
    times = filter(None, map(requested, _read(rows)))
    return any(not begin - OVERLAP <= time <= end + OVERLAP for time in times)


def _check(status: int, body: bytes) -> None:
    """Raise Trouble where an update was refused, but not where it stands already."""
    if b"already exists" in body.lower():
        return
    if status in {400, 409}:
        raise Trouble("auth", "not-let-in", status=status) if b"api_key" in body else georeport.refusal(status)
    if body.strip():
        georeport.rows(body)

"""Georeport server: asks an Open311 server in the way that it understands.

Servers differ in which format they speak, whether they want a jurisdiction named, whether they give pages, and how
they tell that there is nothing. None of this is a setting: it is tried out, and ``traits`` remembers it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from kuulo.hear import georeport
from kuulo.hear.georeport import Row
from kuulo.hear.http import Http
from kuulo.hear.service_request import id_of
from kuulo.hear.trouble import Trouble

PAGE, MOST_PAGES = 200, 500
# the refusals after which another way of asking is tried
_OTHER_WAY = {"refused", "broken"}
_FORMATS = {"json": "application/json", "xml": "application/xml, text/xml"}
Lookup = Literal["there", "empty", "missing"]


@dataclass(frozen=True, slots=True)
class _Told:
    rows: list[Any]
    headers: Mapping[str, str]
    missing: bool = False


class GeoreportServer:
    """An Open311 server. ``traits`` are those that it gave earlier, or nothing."""

    def __init__(
        self, http: Http, *, address: str, jurisdiction: str, language: str, traits: Mapping[str, Any]
    ) -> None:
        self._http = http
        self._base = address.strip().rstrip("/")
        self._jurisdiction = jurisdiction.strip()
        self._language = language
        self._format, self._named = str(traits.get("format", "")), bool(traits.get("named"))
        self._sure = False
        self._paged = bool(traits.get("paged", True))
        # whether the listing that ended last may have been cut: a round number of rows, and no further page
        self.cut = False

    def traits(self) -> dict[str, Any]:
        """Give what was learnt of the server."""
        return {"format": self._format, "named": self._named, "paged": self._paged}

    def services(self) -> list[Any]:
        """Give the services that can be asked for. Raises Trouble."""
        return self._ask("services", {}).rows

    def pages(self, **wanted: datetime) -> Iterator[list[Any]]:
        """Give the requests, a page at a time, each once. Raises Trouble."""
        seen: set[str] = set()
        self.cut = False
        asked = {name: in_query(moment) for name, moment in wanted.items()}
        for number in range(1, MOST_PAGES + 1):
            told = self._ask("requests", asked | self._page(number))
            fresh = [row for row in told.rows if _key(row) not in seen]
            if not fresh:
                self._paged = self._paged and not (number == 2 and told.rows)
                break
            yield fresh
            seen |= {_key(row) for row in fresh}
            if _is_last(told, number):
                return
            if not self._paged:
                break
        self.cut = not self._paged and len(seen) % 10 == 0

    def several(self, ids: Sequence[str]) -> list[Row]:
        """Give those of the requests that there are. Raises Trouble."""
        told = self._ask("requests", {"service_request_id": ",".join(ids), **self._page(1)}, missing=True)
        return [row for row in told.rows if isinstance(row, dict) and id_of(row) in ids]

    def lookup(self, request: str) -> tuple[Lookup, Row]:
        """Look one request up, and tell how the server told that it is not there. Raises Trouble."""
        self._learn()
        told = self._ask(f"requests/{quote(request, safe='')}", {}, missing=True)
        found = [row for row in told.rows if isinstance(row, dict)]
        return ("missing" if told.missing else "there" if found else "empty"), (found or [{}])[0]

    def update(self, form: Mapping[str, str]) -> tuple[int, bytes]:
        """Send an update of a request that was looked up; give status and answer. Raises Trouble."""
        url = f"{self._base}/servicerequestupdates.{self._format}"
        answer = self._http.ask("POST", url, form={**self._of_place(), **form}, accept=[400, 409])
        return answer.status, answer.body

    def _learn(self) -> None:
        if not self._sure:
            self.services()

    def _page(self, number: int) -> dict[str, str]:
        return {"page": str(number), "page_size": str(PAGE)} if self._paged else {}

    def _ask(self, path: str, asked: Mapping[str, str], *, missing: bool = False) -> _Told:
        """Ask in the way that works; ``missing``: that there is no such thing is an answer."""
        trouble: Trouble | None = None
        for way in self._ways():
            self._format, self._named = way
            try:
                told = self._asked(path, asked)
            except Trouble as met:
                if self._sure and missing and met.kind == "refused":
                    return _Told([], {}, missing=True)
                if self._sure or met.kind not in _OTHER_WAY:
                    raise
                trouble = met
            else:
                self._sure = True
                return told
        raise Trouble("settings", "not-open311", host=urlsplit(self._base).hostname or "") from trouble

    def _ways(self) -> list[tuple[str, bool]]:
        """Give the formats to ask for, and whether to name a jurisdiction: what worked before comes first."""
        before = [(self._format, self._named)] if self._format in _FORMATS else []
        if self._sure:
            return before
        # some servers answer with a page for people where no jurisdiction is named, whichever it be
        return list(dict.fromkeys([*before, ("json", False), ("xml", False), ("json", True)]))

    def _asked(self, path: str, asked: Mapping[str, str]) -> _Told:
        params = {**self._of_place(), "extensions": "true", "locale": self._language, **asked}
        answer = self._http.get(
            f"{self._base}/{path}.{self._format}",
            params=params,
            headers={"Accept": f"{_FORMATS[self._format]}, */*;q=0.5"},
        )
        return _Told(georeport.rows(answer.body), answer.headers)

    def _of_place(self) -> dict[str, str]:
        named = self._jurisdiction or (urlsplit(self._base).hostname or "" if self._named else "")
        return {"jurisdiction_id": named} if named else {}


def in_query(moment: datetime) -> str:
    """Write a moment as the specification does: to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _key(row: object) -> str:
    return (id_of(row) if isinstance(row, dict) else "") or repr(row)


def _is_last(told: _Told, number: int) -> bool:
    """Tell whether the headers of a page say that there is no other."""
    count = told.headers.get("x-page-count", "")
    if count.isdecimal():
        return number >= int(count)
    return "x-next-page-url" not in told.headers and "x-page-size" in told.headers

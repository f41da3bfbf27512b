"""OData: rows of a service, told as JSON or as Atom, whichever it prefers."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from kuulo.hear.http import Http
from kuulo.hear.instant import instant
from kuulo.hear.trouble import Trouble

_MOST_PAGES = 200
_DATE = re.compile(r"/Date\((-?\d+)")
_NEXT = ("__next", "odata.nextLink", "@odata.nextLink")


def rows(http: Http, base: str, what: str) -> Iterator[dict[str, Any]]:
    """Give the rows of ``what`` (a path and query within ``base``), page by page. Raises Trouble."""
    base = base.rstrip("/") + "/"
    address = urljoin(base, what)
    for _ in range(_MOST_PAGES):
        found, following = read_rows(http.get(address).body)
        yield from found
        following = urljoin(base, following) if following else ""
        if not following.startswith(base) or following == address:
            return
        address = following


def read_rows(body: bytes) -> tuple[list[dict[str, Any]], str]:
    """Read a page: its rows by name of property, and where it goes on. Raises Trouble for what is no OData."""
    return _atom(body) if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _json(body)


def moment(told: object) -> datetime | None:
    """Read a moment as OData writes it: ISO 8601, or milliseconds since 1970 in a wrapping."""
    wrapped = _DATE.match(told) if isinstance(told, str) else None
    try:
        return datetime.fromtimestamp(int(wrapped[1]) / 1000, UTC) if wrapped else instant(told)
    except (ValueError, OverflowError, OSError):
        return None


def _json(body: bytes) -> tuple[list[dict[str, Any]], str]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Trouble("broken", "not-odata") from error
    inner = told.get("d", told) if isinstance(told, dict) else None
    outer = inner if isinstance(inner, dict) else {"results": inner}
    found = outer.get("results", outer.get("value"))
    if not isinstance(found, list):
        raise Trouble("broken", "not-odata")
    following = next((str(outer[name]) for name in _NEXT if outer.get(name)), "")
    return [one for one in found if isinstance(one, dict)], following


def _atom(body: bytes) -> tuple[list[dict[str, Any]], str]:
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Trouble("broken", "not-odata") from error
    if _local(root) != "feed":
        raise Trouble("broken", "not-odata")
    found = [
        {_local(one): one.text or "" for one in properties}
        for entry in root
        if _local(entry) == "entry"
        for properties in entry.iter()
        if _local(properties) == "properties"
    ]
    nexts = [one.get("href", "") for one in root if _local(one) == "link" and one.get("rel") == "next"]
    return found, nexts[0] if nexts else ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]

"""Bluesky post: a post of the AT Protocol read as a post, and a reply written as one."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import regex  # type: ignore[import-untyped]

from kuulo.hear.connector import Attachment, Post, Unread
from kuulo.hear.html_text import whole_link
from kuulo.hear.instant import instant

POST = "app.bsky.feed.post"
MOST_GRAPHEMES, _MOST_BYTES = 300, 3000
_URI = re.compile(rf"at://(did:[a-z]+:[\w.:%-]+)/{re.escape(POST)}/([\w.:~-]+)")
_SIGNS = "234567abcdefghijklmnopqrstuvwxyz"
_LINK = re.compile(r"https?://[^\s<>\"]+")
_TAG = re.compile(r"(?<!\S)#(?=\w*[^\W\d])\w+")
_MOST_RAW = 20_000


def read_post(view: Any, *, own: str, to_us: bool = False, signed_in: bool = False) -> Post | Unread | str:  # noqa: ANN401
    """Give the post, or the reason for which it is passed over.

    ``own`` is the municipality's account (its DID), "" where it has none. ``to_us``: the post addresses it.
    """
    try:
        return _passed(view, own, may_see=to_us or signed_in) or _post(view)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Unread(code="not-a-post", id=uri_of(view), raw=json.dumps(view).encode()[:_MOST_RAW])


def uri_of(view: Any) -> str:  # noqa: ANN401
    """Give the address of a post, "" where it has none."""
    uri = view.get("uri") if isinstance(view, dict) else None
    return uri if isinstance(uri, str) and _URI.fullmatch(uri) else ""


def said_at(view: Any) -> datetime | None:  # noqa: ANN401
    """Give the moment by which searches are sorted: what the writer's own clock says, unless that is ahead."""
    record = view.get("record") if isinstance(view, dict) else None
    created = instant(record.get("createdAt"), zone=UTC) if isinstance(record, dict) else None
    indexed = instant(view.get("indexedAt"), zone=UTC) if isinstance(view, dict) else None
    return min(filter(None, (created, indexed)), default=None)


def _passed(view: Any, own: str, *, may_see: bool) -> str:  # noqa: ANN401
    author, labels = view["author"], {label["val"] for label in view["author"].get("labels") or ()}
    if own and author["did"] == own:
        return "own"
    if "bot" in labels:
        return "bot"
    # the writer asks to be shown to those alone who are signed in
    if "!no-unauthenticated" in labels and not may_see:
        return "not-wanted"
    return "other-kind" if view["record"].get("$type", POST) != POST else ""


def _post(view: Any) -> Post | Unread:  # noqa: ANN401
    uri, record, author = uri_of(view), view["record"], view["author"]
    if not uri:
        raise ValueError
    images = (record.get("embed") or {}).get("images") or []
    # one who says it by a picture alone says it in the picture's description
    text = _in_full(record["text"], record.get("facets") or []).strip()
    text = text or "\n\n".join(filter(None, (one.get("alt", "").strip() for one in images)))
    if not text:
        return Unread(code="no-text", id=uri)
    reply = record.get("reply") or {}
    itself = {"uri": uri, "cid": str(view["cid"])}
    root = {name: str(reply["root"][name]) for name in ("uri", "cid")} if reply else itself
    did, key = _URI.fullmatch(uri).groups()  # type: ignore[union-attr]  # uri_of matched it
    handle = str(author.get("handle") or did)
    return Post(
        id=uri,
        text=text,
        time=said_at(view),
        everywhere=uri,
        author=did if handle == "handle.invalid" else handle,
        author_name=str(author.get("displayName") or ""),
        language=str(next(iter(record.get("langs") or ()), "")),
        thread=root["uri"],
        parent=str(reply["parent"]["uri"]) if reply else "",
        url=f"https://bsky.app/profile/{did}/post/{key}",
        tags=tuple(dict.fromkeys([*_tags(record.get("facets") or []), *map(str, record.get("tags") or [])])),
        attachments=tuple(_attachment(one) for one in images),
        reply_to={"parent": itself, "root": root},
    )


def _in_full(text: str, facets: list[Any]) -> str:
    """Put the whole address where a link is shown shortened. The facets count bytes."""
    data = text.encode("utf-8", "replace")
    parts, at = [], 0
    for start, end, address in sorted(_links(facets)):
        shown = data[start:end].decode("utf-8", "replace")
        if at <= start < end <= len(data) and (whole := whole_link(address, shown)):
            parts += [data[at:start], whole.encode("utf-8", "replace")]
            at = end
    return b"".join([*parts, data[at:]]).decode("utf-8", "replace")


def _links(facets: list[Any]) -> Iterator[tuple[int, int, str]]:
    for facet in facets:
        index = facet["index"]
        for feature in facet["features"]:
            if isinstance(address := feature.get("uri"), str):
                yield int(index["byteStart"]), int(index["byteEnd"]), address


def _tags(facets: list[Any]) -> Iterator[str]:
    for facet in facets:
        yield from (str(feature["tag"]) for feature in facet["features"] if feature.get("tag"))


def _attachment(image: Any) -> Attachment:  # noqa: ANN401
    blob = image.get("image") or {}
    size = blob.get("size")
    return Attachment(name="", type=str(blob.get("mimeType", "")), size=size if isinstance(size, int) else 0)


def too_long(text: str) -> bool:
    """Tell whether a reply is longer than a post may be."""
    return len(regex.findall(r"\X", text)) > MOST_GRAPHEMES or len(text.encode()) > _MOST_BYTES


def record_of(text: str, *, root: object, parent: object, now: datetime) -> dict[str, object]:
    """Give the record of a reply, its links and hashtags marked so that they can be followed."""
    return {
        "$type": POST,
        "text": text,
        "createdAt": utc(now),
        "reply": {"root": root, "parent": parent},
        "facets": [*_marked(text)],
    }


def _marked(text: str) -> Iterator[dict[str, object]]:
    for found in _LINK.finditer(text):
        address = found.group().rstrip(".,;:!?'”»…")
        address = address if "(" in address else address.rstrip(")")
        yield _facet(text, found.start(), address, {"$type": "app.bsky.richtext.facet#link", "uri": address})
    for found in _TAG.finditer(text):
        tag = {"$type": "app.bsky.richtext.facet#tag", "tag": found.group().removeprefix("#")}
        yield _facet(text, found.start(), found.group(), tag)


def _facet(text: str, at: int, shown: str, feature: dict[str, str]) -> dict[str, object]:
    start = len(text[:at].encode())
    return {"index": {"byteStart": start, "byteEnd": start + len(shown.encode())}, "features": [feature]}


def record_key(key: str, parent: str) -> str:
    """Give the key of the record that a delivery's reply becomes: the same at every try, and no other's.

    It is a TID: a moment (here soon after the post that is replied to) and a number, in 13 letters.
    """
    digest = hashlib.sha256(key.encode()).digest()
    moment = (_moment(parent) + int.from_bytes(digest[:4])) & ((1 << 53) - 1)
    number = moment << 10 | int.from_bytes(digest[4:6]) & 1023
    return "".join(_SIGNS[number >> 5 * place & 31] for place in range(12, -1, -1))


def _moment(uri: str) -> int:
    """Give the microseconds since 1970 that a post's key tells; of 2026 where it tells none."""
    key = uri.rpartition("/")[2]
    if len(key) != 13 or not set(key) <= set(_SIGNS):
        return 1_767_225_600_000_000
    number = 0
    for sign in key:
        number = number << 5 | _SIGNS.index(sign)
    return number >> 10


def utc(moment: datetime) -> str:
    """Write a moment as the protocol does."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

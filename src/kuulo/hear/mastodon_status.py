"""Mastodon status: a status as the servers of the fediverse write it, read as a post."""

import json
import re
from collections.abc import Mapping
from typing import Any

from kuulo.hear.connector import Attachment, Post, Unread
from kuulo.hear.html_text import html_text
from kuulo.hear.instant import instant

OPEN = frozenset({"public", "unlisted"})
_NO_BOT = re.compile(r"#nobot\b", re.IGNORECASE)
_MOST_RAW = 20_000


def read_status(status: Any, *, own: Mapping[str, str], to_us: bool = False) -> Post | Unread | str:  # noqa: ANN401
    """Give the post, or the reason for which it is passed over.

    ``own`` is the municipality's account (``id`` and ``acct``), empty where it has none. ``to_us``: the status names
    that account, so it may be one that not everyone sees.
    """
    try:
        return _passed(status, own, to_us=to_us) or _post(status, own)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Unread(code="not-a-status", id=id_of(status), raw=json.dumps(status).encode()[:_MOST_RAW])


def id_of(entry: Any) -> str:  # noqa: ANN401
    """Give the id of a status or a notification, "" where it has none."""
    told = entry.get("id") if isinstance(entry, dict) else None
    return str(told) if isinstance(told, str | int) and not isinstance(told, bool) else ""


def _passed(status: Any, own: Mapping[str, str], *, to_us: bool) -> str:  # noqa: ANN401
    account = status["account"]
    if str(account["id"]) == own.get("id"):
        return "own"
    if account.get("bot"):
        return "bot"
    if _NO_BOT.search(html_text(_text(account.get("note")))):
        return "not-wanted"
    hidden = status.get("visibility", "public") not in OPEN and not to_us
    return "other-kind" if hidden or status.get("reblog") else ""


def _post(status: Any, own: Mapping[str, str]) -> Post | Unread:  # noqa: ANN401
    origin, account = id_of(status), status["account"]
    media = status.get("media_attachments") or []
    written = [html_text(_text(status[name])) for name in ("spoiler_text", "content") if status.get(name)]
    # one who says it by a picture alone says it in the picture's description
    parts = list(filter(None, written)) or [_text(one.get("description")).strip() for one in media]
    if not origin or not any(parts):
        return Unread(code="no-text" if origin else "not-a-status", id=origin)
    edited = instant(status.get("edited_at"))
    named = any(str(one.get("id")) == own.get("id") for one in status.get("mentions") or [])
    return Post(
        id=origin,
        text="\n\n".join(filter(None, parts)),
        time=instant(status["created_at"]),
        everywhere=_text(status.get("uri")),
        version=edited.isoformat(timespec="microseconds") if edited else "",
        author=_text(account.get("acct")),
        author_name=_text(account.get("display_name")),
        language=_text(status.get("language")),
        parent=str(status.get("in_reply_to_id") or ""),
        url=_text(status.get("url") or status.get("uri")),
        addressee=own.get("acct", "") if named else "",
        private=status.get("visibility", "public") not in OPEN,
        tags=tuple(_text(tag["name"]) for tag in status.get("tags") or []),
        attachments=tuple(_attachment(one) for one in media),
        reply_to={"id": origin},
    )


def _attachment(media: Any) -> Attachment:  # noqa: ANN401
    url = _text(media.get("url") or media.get("remote_url"))
    return Attachment(name=url.rpartition("/")[2], type=_text(media.get("type")), url=url)


def _text(told: object) -> str:
    if told is None:
        return ""
    if not isinstance(told, str):
        raise TypeError
    return told

"""Lexicon: the part of the AT Protocol's field lists that Kuulo uses, and a check of questions and answers.

A field is named as the lexicon names it; "!" after a name: it has to be there. Types are those of JSON.
"""

import re
from typing import Any

TEXT, NUMBER, YES, ANY = "text", "number", "yes", "any"
Shape = str | list[Any] | dict[str, Any]

AUTHOR: Shape = {"did!": TEXT, "handle!": TEXT, "displayName": TEXT, "labels": [ANY], "createdAt": TEXT}
POST_VIEW: Shape = {
    "uri!": TEXT,
    "cid!": TEXT,
    "author!": AUTHOR,
    "record!": ANY,
    "indexedAt!": TEXT,
    "replyCount": NUMBER,
    "repostCount": NUMBER,
    "likeCount": NUMBER,
    "quoteCount": NUMBER,
    "labels": [ANY],
}
NOTIFICATION: Shape = {
    "uri!": TEXT,
    "cid!": TEXT,
    "author!": AUTHOR,
    "reason!": TEXT,
    "reasonSubject": TEXT,
    "record!": ANY,
    "isRead!": YES,
    "indexedAt!": TEXT,
}
REF: Shape = {"uri!": TEXT, "cid!": TEXT}
FACET: Shape = {
    "index!": {"byteStart!": NUMBER, "byteEnd!": NUMBER},
    "features!": [{"$type!": TEXT, "uri": TEXT, "tag": TEXT, "did": TEXT}],
}
POST_RECORD: Shape = {
    "$type!": TEXT,
    "text!": TEXT,
    "createdAt!": TEXT,
    "langs": [TEXT],
    "facets": [FACET],
    "reply": {"root!": REF, "parent!": REF},
}
SESSION: Shape = {"accessJwt!": TEXT, "refreshJwt!": TEXT, "handle!": TEXT, "did!": TEXT, "active": YES}
NUMBERS = {"limit"}
LISTS = {"uris", "reasons", "tag"}

# name: method, parameters or body, answer
QUERIES: dict[str, tuple[str, Shape, Shape]] = {
    "app.bsky.feed.searchPosts": (
        "GET",
        {"q!": TEXT, "sort": TEXT, "since": TEXT, "until": TEXT, "tag": [TEXT], "limit": NUMBER, "cursor": TEXT},
        {"cursor": TEXT, "hitsTotal": NUMBER, "posts!": [POST_VIEW]},
    ),
    "app.bsky.feed.getPosts": ("GET", {"uris!": [TEXT]}, {"posts!": [POST_VIEW]}),
    "app.bsky.notification.listNotifications": (
        "GET",
        {"reasons": [TEXT], "limit": NUMBER, "cursor": TEXT, "seenAt": TEXT, "priority": YES},
        {"cursor": TEXT, "notifications!": [NOTIFICATION], "priority": YES, "seenAt": TEXT},
    ),
    "com.atproto.repo.getRecord": (
        "GET",
        {"repo!": TEXT, "collection!": TEXT, "rkey!": TEXT, "cid": TEXT},
        {"uri!": TEXT, "cid": TEXT, "value!": ANY},
    ),
    "com.atproto.repo.putRecord": (
        "POST",
        {
            "repo!": TEXT,
            "collection!": TEXT,
            "rkey!": TEXT,
            "record!": POST_RECORD,
            "validate": YES,
            "swapRecord": TEXT,
            "swapCommit": TEXT,
        },
        {"uri!": TEXT, "cid!": TEXT, "commit": ANY, "validationStatus": TEXT},
    ),
    "com.atproto.server.createSession": ("POST", {"identifier!": TEXT, "password!": TEXT}, SESSION),
    "com.atproto.server.refreshSession": ("POST", {}, SESSION),
}


def parameters(queries: dict[str, list[str]]) -> dict[str, Any]:
    """Read the parameters of an address as the lexicon types them."""
    return {
        name: values if name in LISTS else int(values[-1]) if name in NUMBERS else values[-1]
        for name, values in queries.items()
    }


def faults(told: object, shape: Shape, where: str = "$") -> list[str]:
    """Give what is wrong with it by its shape."""
    if shape == ANY:
        return []
    if isinstance(shape, str):
        kind = {TEXT: str, NUMBER: int, YES: bool}[shape]
        return [] if type(told) is kind else [f"{where}: {type(told).__name__}, not {shape}"]
    if isinstance(shape, list):
        if not isinstance(told, list):
            return [f"{where}: no list"]
        return [fault for at, one in enumerate(told) for fault in faults(one, shape[0], f"{where}[{at}]")]
    if not isinstance(told, dict):
        return [f"{where}: no object"]
    fields = {name.rstrip("!"): inner for name, inner in shape.items()}
    missing = [f"{where}.{name[:-1]}: missing" for name in shape if name.endswith("!") and name[:-1] not in told]
    unknown = [f"{where}.{name}: unknown" for name in told if name not in fields]
    inner = [
        fault for name in told if name in fields for fault in faults(told[name], fields[name], f"{where}.{name}")
    ]
    return missing + unknown + inner


def is_tid(key: str) -> bool:
    """Tell whether it may be the key of a post's record."""
    return bool(re.fullmatch(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", key))

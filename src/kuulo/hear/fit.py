"""Fit: an item as every database keeps it, whatever a connector told: one that is odd does no harm to another.

A number, place or moment that cannot be is left out, and so is what cannot be written as JSON. An item that is not
of the kinds that the contract says is Unread.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, cast, get_args

from kuulo.hear.connector import Attachment, Form, Item, Unread
from kuulo.hear.geojson import on_earth
from kuulo.hear.instant import OLDEST
from kuulo.hear.shape import whole

NOT_AS_AGREED = "not-as-agreed"
_LONGEST_RAW = 200_000


def fit(item: Item) -> Item:
    """Give an item as it can be kept."""
    try:
        return _kept(item)
    except (TypeError, ValueError):
        told = {name: getattr(item, name, "") for name in ("id", "text")}
        known = {name: _text(value) if isinstance(value, str) else "" for name, value in told.items()}
        return Unread(code=NOT_AS_AGREED, id=known["id"], raw=known["text"][:_LONGEST_RAW].encode())


def _kept(item: Item) -> Item:
    if not isinstance(item, Item):
        raise TypeError(type(item))
    changed = {}
    for name in _NAMES[type(item)]:
        value = getattr(item, name)
        held = _READ.get(name, _text)(value)
        if held != value:
            changed[name] = held
    return replace(item, **changed) if changed else item


def _text(told: object) -> str:
    """Give a text without what no database keeps. Raises TypeError for what is none."""
    if not isinstance(told, str):
        raise TypeError(type(told))
    if told.isascii() and "\0" not in told:
        return told
    return told.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _time(told: object) -> datetime | None:
    """Give a moment; None for one without a zone, and for one in which nobody can have said anything."""
    if not isinstance(told, datetime) or told.tzinfo is None:
        return None
    try:
        return told if told.astimezone(UTC).year >= OLDEST else None
    except OverflowError:
        return None


def _place(told: object) -> tuple[float, float] | None:
    return on_earth(*told) if isinstance(told, tuple | list) and len(told) == 2 else None


def _form(told: object) -> str:
    return cast("Form", told) if told in get_args(Form) else "message"


def _tags(told: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(filter(None, map(_text, told)))


def _pairs(told: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401
    return tuple((_text(name), _text(value)) for name, value in told)


def _attachments(told: Any) -> tuple[Attachment, ...]:  # noqa: ANN401
    return tuple(_attachment(one) for one in told)


def _attachment(one: Attachment) -> Attachment:
    if not isinstance(one, Attachment):
        raise TypeError(type(one))
    return replace(one, name=_text(one.name), type=_text(one.type), size=whole(one.size) or 0)


def _json(told: object) -> Mapping[str, Any]:
    """Give what can be written as JSON, or nothing."""
    if not isinstance(told, Mapping):
        return {}
    try:
        held: Mapping[str, Any] = _written(told)
        json.dumps(held, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return {}
    return held


def _written(told: Any) -> Any:  # noqa: ANN401
    if isinstance(told, Mapping):
        return {_text(name): _written(value) for name, value in told.items()}
    if isinstance(told, tuple | list):
        return [_written(value) for value in told]
    return _text(told) if isinstance(told, str) else told


def _raw(told: object) -> bytes:
    if not isinstance(told, bytes):
        raise TypeError(type(told))
    return told


# How what is no text is read, by the name of its field.
_READ: Mapping[str, Callable[[Any], Any]] = {
    "time": _time,
    "form": _form,
    "private": bool,
    "place": _place,
    "supporters": whole,
    "tags": _tags,
    "background": _pairs,
    "attachments": _attachments,
    "reply_to": _json,
    "raw": _raw,
}
_NAMES = {kind: [one.name for one in fields(kind)] for kind in get_args(Item)}

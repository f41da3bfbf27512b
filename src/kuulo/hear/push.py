"""Push: messages that other programs bring by themselves, as JSON.

A body is an array of messages. Each is read on its own: what is wrong with one is told by a code and harms no other.
``FIELDS`` is all there is to know of a message's fields: this module reads by it, and the interface's description is
written from it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, get_args

from kuulo.hear.connector import Form, Gone, Item, Post
from kuulo.hear.instant import instant

MOST_ITEMS = 500
LARGEST_BODY = 5 * 2**20
LONGEST_TEXT = 50_000
MOST_TAGS, MOST_BACKGROUND = 30, 50

Schema = dict[str, Any]


class BadBody(Exception):
    """A whole body that cannot be read: "not-json", "not-an-array", "too-deep" or "too-many-messages"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class BadItem:
    """A message that was not taken: its place in the array, what was wrong, and with which field ("" with all)."""

    index: int
    code: str
    field: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pushed:
    """What a body holds: the messages in their order, and those that could not be read."""

    items: tuple[Item, ...]
    bad: tuple[BadItem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PushField:
    """A field of a message: the JSON Schema of its value, and how that is read. Without one ``needed`` it is none."""

    name: str
    schema: Schema
    read: Callable[[Any], Any]
    needed: bool = False


class _Bad(Exception):
    """A value that cannot be read."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_pushed(body: bytes) -> Pushed:
    """Read a body. Raises BadBody where it is no array of at most 500 messages."""
    items: list[Item] = []
    bad: list[BadItem] = []
    for index, told in enumerate(_array(body)):
        item = _read(told)
        if isinstance(item, tuple):
            bad.append(BadItem(index=index, code=item[0], field=item[1]))
        else:
            items.append(item)
    return Pushed(items=tuple(items), bad=tuple(bad))


def _array(body: bytes) -> list[Any]:
    try:
        told = json.loads(body, parse_constant=_no_number)
    except RecursionError:
        raise BadBody("too-deep") from None
    except ValueError:
        raise BadBody("not-json") from None
    if not isinstance(told, list):
        raise BadBody("not-an-array")
    if len(told) > MOST_ITEMS:
        raise BadBody("too-many-messages")
    return told


def _no_number(_told: str) -> NoReturn:
    raise ValueError


def _read(told: Any) -> Item | tuple[str, str]:  # noqa: ANN401
    """Give the message, or what is wrong with it and with which field."""
    if not isinstance(told, dict):
        return "not-an-object", ""
    values: dict[str, Any] = {}
    for name, value in told.items():
        if name not in _BY_NAME:
            return "unknown-field", ""
        if value is not None:
            try:
                values[name] = _BY_NAME[name].read(value)
            except _Bad as bad:
                return bad.code, name
    missing = [one.name for one in FIELDS if one.needed and one.name not in values]
    return ("missing", missing[0]) if missing else _item(values)


def _item(values: dict[str, Any]) -> Item | tuple[str, str]:
    if values.pop("deleted", False):
        return Gone(id=values["id"])
    return Post(**values) if "text" in values else ("missing", "text")


def _text(most: int, *, least: int = 0, more: Mapping[str, str] | None = None) -> Schema:
    return {"type": "string", "maxLength": most} | ({"minLength": least} if least else {}) | dict(more or {})


def _of_text(most: int, *, least: int = 0) -> Callable[[Any], str]:
    def read(value: Any) -> str:  # noqa: ANN401
        if not isinstance(value, str):
            raise _Bad("wrong-type")
        if len(value) > most:
            raise _Bad("too-long")
        if len(value.strip()) < least:
            raise _Bad("empty")
        return value

    return read


def _text_field(name: str, most: int, *, least: int = 0, needed: bool = False) -> PushField:
    return PushField(name=name, schema=_text(most, least=least), read=_of_text(most, least=least), needed=needed)


def _time(value: Any) -> Any:  # noqa: ANN401
    moment = instant(_of_text(64)(value))
    if moment is None:
        raise _Bad("no-time")
    return moment


def _address(value: Any) -> str:  # noqa: ANN401
    address = _of_text(500)(value)
    if not address.startswith(("https://", "http://")):
        raise _Bad("no-address")
    return address


def _form(value: Any) -> str:  # noqa: ANN401
    if value not in get_args(Form):
        raise _Bad("no-such-choice")
    return str(value)


def _number(value: Any, limit: int) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Bad("wrong-type")
    if not -limit <= value <= limit:
        raise _Bad("out-of-range")
    return float(value)


def _place(value: Any) -> tuple[float, float]:  # noqa: ANN401
    if not isinstance(value, dict) or value.keys() != {"latitude", "longitude"}:
        raise _Bad("wrong-type")
    return _number(value["latitude"], 90), _number(value["longitude"], 180)


def _tags(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list):
        raise _Bad("wrong-type")
    if len(value) > MOST_TAGS:
        raise _Bad("too-many")
    tags = (_of_text(100)(tag).lstrip("#").strip() for tag in value)
    return tuple(filter(None, tags))


def _background(value: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise _Bad("wrong-type")
    if len(value) > MOST_BACKGROUND:
        raise _Bad("too-many")
    return tuple((_of_text(200)(name), _of_text(2_000)(told)) for name, told in value.items())


def _deleted(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise _Bad("wrong-type")
    return value


FIELDS: tuple[PushField, ...] = (
    _text_field("id", 500, least=1, needed=True),
    _text_field("text", LONGEST_TEXT),
    PushField(name="time", schema=_text(64, more={"format": "date-time"}), read=_time),
    _text_field("title", 300),
    _text_field("author", 200),
    _text_field("language", 35),
    _text_field("channel", 60),
    _text_field("thread", 200),
    _text_field("parent", 500),
    PushField(name="url", schema=_text(500, more={"format": "uri", "pattern": "^https?://"}), read=_address),
    PushField(name="form", schema={"type": "string", "enum": list(get_args(Form))}, read=_form),
    PushField(
        name="place",
        schema={
            "type": "object",
            "properties": {
                "latitude": {"type": "number", "minimum": -90, "maximum": 90},
                "longitude": {"type": "number", "minimum": -180, "maximum": 180},
            },
            "required": ["latitude", "longitude"],
            "additionalProperties": False,
        },
        read=_place,
    ),
    PushField(name="tags", schema={"type": "array", "maxItems": MOST_TAGS, "items": _text(100)}, read=_tags),
    PushField(
        name="background",
        schema={
            "type": "object",
            "maxProperties": MOST_BACKGROUND,
            "propertyNames": {"maxLength": 200},
            "additionalProperties": _text(2_000),
        },
        read=_background,
    ),
    PushField(name="deleted", schema={"type": "boolean"}, read=_deleted),
)
_BY_NAME = {one.name: one for one in FIELDS}
# What may be wrong with a message, and with a whole body.
ITEM_CODES = (
    *("not-an-object", "unknown-field", "missing", "wrong-type", "too-long", "empty", "no-time", "no-address"),
    *("no-such-choice", "out-of-range", "too-many"),
)
BODY_CODES = ("not-json", "not-an-array", "too-deep", "too-many-messages")


def message_schema() -> Schema:
    """Give the JSON Schema of a message: without ``deleted`` it needs a text. Null is the same as not there."""
    properties = {one.name: one.schema if one.needed else _or_null(one.schema) for one in FIELDS}
    deleted = {"properties": {"deleted": {"const": True}}, "required": ["deleted"]}
    said = {"properties": {"text": {"type": "string"}}, "required": ["text"]}
    return {
        "type": "object",
        "properties": properties,
        "required": [one.name for one in FIELDS if one.needed],
        "anyOf": [deleted, said],
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [schema["type"], "null"]} | more

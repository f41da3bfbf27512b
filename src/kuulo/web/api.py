"""The interface for programs: what its codes and fields mean, in plain English, and its OpenAPI document.

Fields, their limits and the codes come from kuulo.hear.push, which reads by them: what is told here is what holds.
"""

from typing import Any

from django.http import JsonResponse

from kuulo import __version__
from kuulo.desk.push import MOST_WAITING
from kuulo.hear.push import FIELDS, ITEM_CODES, LARGEST_BODY, MOST_ITEMS, message_schema

# What refuses a whole request: its status and sentence, by code.
REFUSALS: dict[str, tuple[int, str]] = {
    "not-json": (400, "The body is not JSON in UTF-8."),
    "not-an-array": (400, "The body has to be an array of messages."),
    "too-deep": (400, "The body is nested too deeply."),
    "too-many-messages": (400, f"The body holds more than {MOST_ITEMS} messages."),
    "long-key": (400, "The Idempotency-Key is longer than 255 characters, or holds more than visible ASCII."),
    "no-key": (401, "Show a key that is in force: Authorization: Bearer KEY."),
    "other-body": (409, "This Idempotency-Key was used within a day, with another body."),
    "no-length": (411, "Say how long the body is: Content-Length."),
    "too-large": (413, f"The body is larger than {LARGEST_BODY} bytes."),
    "other-type": (415, "The body has to be application/json, not compressed."),
    "too-often": (429, "Too many requests with wrong keys. Try again after Retry-After seconds."),
    "drowning": (429, "Too many messages wait to be grouped. Keep these, and try again after Retry-After seconds."),
}
ERRORS: dict[str, str] = {
    "not-an-object": "A message has to be an object.",
    "unknown-field": "The message has a field that is not known.",
    "missing": "The field is missing.",
    "wrong-type": "The field's value is of another type.",
    "too-long": "The field's value is too long.",
    "empty": "The field's value is empty.",
    "no-time": "The field's value is no moment.",
    "no-address": "The field's value is no http or https address.",
    "no-such-choice": "The field's value is none of the choices.",
    "out-of-range": "A number is out of its range.",
    "too-many": "The field holds too many things.",
}
TOLD: dict[str, str] = {
    "id": "The message's name at the source. The same id again is the same message: with another text it is an edit.",
    "text": "What was said, in full. Personal data is masked before it is stored for work.",
    "time": "When it was said. Without a zone it is the time of Helsinki; without a time, that of arrival.",
    "title": "What it is called, where it has a title.",
    "author": "Any name of who wrote it, the same for the same person. Only a keyed hash of it is kept.",
    "language": "The language, such as fi, sv, nb, nn or en. Without one it is recognised.",
    "channel": "How it came, such as form or phone. Without one it is the channel of the source.",
    "thread": "The name of the discussion that it belongs to.",
    "parent": "The id of the message that it replies to, whichever of the two comes first.",
    "url": "Where people can read it.",
    "form": "What it is where it comes from.",
    "place": "What place it is about, WGS 84.",
    "tags": "Words that mark it, with or without #.",
    "background": "What else is known, by name. No personal data.",
    "deleted": "true: it was taken back. Its text goes, and it never comes back. Such a message needs its id only.",
}


def refusal(code: str, *, wait: int = 0) -> JsonResponse:
    """Answer that a request is refused: its code and a sentence."""
    status, sentence = REFUSALS[code]
    answer = JsonResponse({"code": code, "message": sentence}, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def told_errors(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the errors of messages with a sentence each."""
    return [error | {"message": ERRORS[error["code"]]} for error in errors]


def document(address: str) -> dict[str, Any]:
    """Give the OpenAPI document of the interface that stands at ``address``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kuulo",
            "version": __version__,
            "description": "Bring residents' messages to the desk. Keys are made at the desk, under Keys.",
        },
        "servers": [{"url": address}],
        "paths": {"/api/messages": {"post": _push()}},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Message": _message(), "Answer": _answer(), "Refusal": _refusal()},
        },
    }


def _push() -> dict[str, Any]:
    told = f"Bring up to {MOST_ITEMS} messages, {LARGEST_BODY} bytes at most. What is wrong with one harms no other."
    body = {"type": "array", "maxItems": MOST_ITEMS, "items": {"$ref": "#/components/schemas/Message"}}
    return {
        "operationId": "bringMessages",
        "summary": "Bring messages",
        "description": f"{told} While more than {MOST_WAITING} messages wait to be grouped the answer is 429.",
        "security": [{"key": []}],
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The same key and body within a day are answered the same, and stored once.",
                "schema": {"type": "string", "maxLength": 255},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": _response("The messages are stored.", "Answer")} | _refusals(),
    }


def _refusals() -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for code, (status, sentence) in REFUSALS.items():
        by_status.setdefault(status, []).append(f"{code}: {sentence}")
    responses = {str(status): _response("\n".join(told), "Refusal") for status, told in by_status.items()}
    responses["429"]["headers"] = {"Retry-After": {"description": "in seconds", "schema": {"type": "integer"}}}
    return responses


def _response(told: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": told, "content": content}


def _message() -> dict[str, Any]:
    schema = message_schema()
    told = {one.name: schema["properties"][one.name] | {"description": TOLD[one.name]} for one in FIELDS}
    return schema | {"properties": told}


def _counts(**told: str) -> dict[str, Any]:
    return {name: {"type": "integer", "minimum": 0, "description": words} for name, words in told.items()}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties]}


def _answer() -> dict[str, Any]:
    counts = _counts(
        added="new messages",
        changed="messages that were edited",
        known="messages that were there before, or several times in this request",
        deleted="messages that were taken back",
        passed="what the municipality itself said",
        refused="messages with an error",
    )
    place = {"type": "integer", "minimum": 0, "description": "its place in the array, from 0"}
    code = {"type": "string", "enum": [*ITEM_CODES]}
    text = {"type": "string"}
    error = _object({"index": place, "code": code, "field": text, "message": text})
    seconds = {"type": "number", "minimum": 0, "description": "for how long the oldest has waited"}
    lag = _object(_counts(messages="messages that waited to be grouped") | {"oldest_seconds": seconds})
    return _object(counts | {"errors": {"type": "array", "items": error}, "waiting": lag})


def _refusal() -> dict[str, Any]:
    return _object({"code": {"type": "string", "enum": [*REFUSALS]}, "message": {"type": "string"}})

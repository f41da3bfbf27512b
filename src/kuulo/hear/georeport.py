"""Georeport: the answers of Open311 servers, XML and JSON in whichever dialect, as plain rows.

A row holds strings, "true" and "false" among them, None for what is empty, and further rows and lists of them.
Numbers stay as they were written: an id of 001 is not 1.
"""

import json
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from kuulo.hear.trouble import Trouble

Row = dict[str, Any]
DEEPEST = 8
# what wraps the rows, where something does
_WRAPPERS = (
    "service_requests",
    "requests",
    "request",
    "services",
    "service",
    "service_request_updates",
    "service_requests_updates",
    "request_update",
)
_ERRORS = {"errors", "error"}
# what tells a row of Open311 from other things that are written alike
_IDS = {"service_request_id", "update_id", "token", "service_code"}
_ROOT = re.compile("request|service|error")
# text in quotes, or a number with a zero before it, which JSON does not know and the specification's examples have
_ZEROS = re.compile(r'("(?:[^"\\]|\\.)*")|(?<![\w.+-])(0\d+)(?![\w.])')


def rows(body: bytes) -> list[Any]:
    """Give the rows of an answer. Raises Trouble: "not-open311" for another thing, else what the errors in it say."""
    text = _decoded(body).strip()
    try:
        found = _of_xml(text, body) if text.startswith("<") else _of_json(text)
    except (ValueError, RecursionError, StopIteration, ParseError, DefusedXmlException) as error:
        raise Trouble("broken", "not-open311") from error
    if found and all(map(_is_error, found)):
        raise refusal(found[0].get("code"))
    return found


def refusal(code: object) -> Trouble:
    """Give what a status means, that of HTTP or one in the body."""
    status = int(digits[0]) if (digits := re.findall(r"\d{3}", str(code or ""))) else 0
    if status in {401, 403}:
        return Trouble("auth", "not-let-in", status=status)
    if status == 429 or status >= 500:
        return Trouble("retry", "busy" if status == 429 else "server-error", status=status)
    return Trouble("refused", "refused", status=status)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _of_json(text: str) -> list[Any]:
    try:
        told = _loaded(text)
    except ValueError:
        told = _loaded(_ZEROS.sub(lambda found: found[1] or f'"{found[2]}"', text))
    if not isinstance(told, dict | list):
        raise ValueError(type(told))  # noqa: TRY004  what is no list is not Open311
    return _unwrapped(told)


def _loaded(text: str) -> Any:  # noqa: ANN401
    return _plain(json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _: None))


def _plain(told: Any, depth: int = 0) -> Any:  # noqa: ANN401
    """Give truth as a word and emptiness as None, and nothing of what is nested too deep."""
    if depth > DEEPEST:
        return None
    if isinstance(told, dict):
        return {name: _plain(value, depth + 1) for name, value in told.items()}
    if isinstance(told, list):
        return [_plain(value, depth + 1) for value in told]
    return str(told).lower() if isinstance(told, bool) else (told or "").strip() or None


def _unwrapped(told: Any, depth: int = 0) -> list[Any]:  # noqa: ANN401
    if told is None or depth > DEEPEST:
        return []
    if isinstance(told, list):
        return [inner for row in told for inner in (_unwrapped(row, depth + 1) if _wraps(row) else [row])]
    if not isinstance(told, dict):
        raise ValueError(type(told))  # noqa: TRY004
    if _IDS & {*told}:
        return [told]
    if (_ERRORS | {"code"}) & {*told}:
        inner = next((told[name] for name in _ERRORS if isinstance(told.get(name), list | dict)), told)
        return [
            {"code": None, **row} for row in (inner if isinstance(inner, list) else [inner]) if isinstance(row, dict)
        ]
    return _unwrapped(told[next(name for name in _WRAPPERS if name in told)], depth + 1)


def _wraps(row: object) -> bool:
    return isinstance(row, dict) and len(row) == 1 and next(iter(row)) in _WRAPPERS


def _of_xml(text: str, body: bytes) -> list[Any]:
    try:
        root = fromstring(body.strip(), forbid_dtd=True)
    except ParseError:  # what it says of its own encoding may be wrong
        root = fromstring(text, forbid_dtd=True)
    if not _ROOT.search(_name(root)):
        raise ValueError(root.tag)
    if _IDS & {_name(child) for child in root}:
        return [_value(root)]
    return [_value(child) for child in root]


def _value(element: Element, depth: int = 0) -> Any:  # noqa: ANN401
    children = list(element)
    if not children:
        return (element.text or "").strip() or None
    if depth > DEEPEST:
        return None
    names = [_name(child) for child in children]
    values = [_value(child, depth + 1) for child in children]
    if len({*names}) == 1 and _name(element).startswith(names[0]):
        return values  # <media_urls><media_url/>...
    together: dict[str, list[Any]] = {}
    for name, value in zip(names, values, strict=True):
        together.setdefault(name, []).append(value)
    return {name: several if len(several) > 1 else several[0] for name, several in together.items()}


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _is_error(row: object) -> bool:
    """Tell an error from a request: {code, description}, or {code, detail} of the servers of the six cities."""
    return isinstance(row, dict) and "code" in row and not _IDS & {*row}

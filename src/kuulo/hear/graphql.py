"""GraphQL: a question by POST, whose answer may hold data, errors, or both, under status 200."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kuulo.hear.http import Http
from kuulo.hear.trouble import Kind, Trouble

_KINDS: tuple[tuple[str, Kind, str], ...] = (
    ("AUTHORIZED", "auth", "not-let-in"),
    ("AUTHENTICATED", "auth", "not-let-in"),
    ("NOT_FOUND", "refused", "not-found"),
    ("VALIDATION", "refused", "not-valid"),
    ("THROTTLED", "retry", "busy"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """An error of an answer: its code, and the field that the server does not know. Messages are not kept."""

    code: str
    field: str = ""


def graphql(
    http: Http, address: str, query: str, variables: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Ask, and give the data (empty where there is none) and the faults. Raises Trouble."""
    body = {"query": query, "variables": dict(variables)}
    told = http.ask("POST", address, headers=headers, json_body=body, accept=[400, 422]).json()
    if not isinstance(told, dict) or not {"data", "errors"} & set(told):
        raise Trouble("broken", "not-graphql")
    errors = told.get("errors")
    faults = tuple(_fault(one) for one in errors if isinstance(one, dict)) if isinstance(errors, list) else ()
    data = told.get("data")
    return data if isinstance(data, dict) else {}, faults


def trouble_in(faults: Iterable[Fault]) -> Trouble:
    """Give the trouble that faults amount to; without any, the server said nothing because it may not be asked."""
    code = next((fault.code for fault in faults), "UNAUTHORIZED")
    for part, kind, name in _KINDS:
        if part in code.upper():
            return Trouble(kind, name, error=code)
    return Trouble("broken", "graphql-error", error=code)


def _fault(error: Mapping[str, Any]) -> Fault:
    extensions = error.get("extensions")
    told = extensions if isinstance(extensions, dict) else {}
    return Fault(code=str(told.get("code") or "error")[:60], field=str(told.get("fieldName") or "")[:60])

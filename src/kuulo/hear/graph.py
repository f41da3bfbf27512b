"""Graph: Meta's interface to pages and accounts and what is said on them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from kuulo.hear.http import Answer, Http
from kuulo.hear.trouble import Trouble

Node = dict[str, Any]
MOST_PAGES = 100
_TOKEN = {102, 190}
_BUSY = {4, 17, 32, 341, 368, 613}
_PASSING = {1, 2}
# an object that is not there, or that the token may not see
_GONE = {(100, 33), (803, 0)}
_SHARES = ("call_count", "total_time", "total_cputime")


class Graph:
    """What stands at ``address`` for who holds ``token``. ``used`` is the share of what may be asked, in percent."""

    def __init__(self, http: Http, *, address: str, token: str) -> None:
        self._http = http
        self._address = address.strip().rstrip("/")
        self._token = token
        self.used = 0

    def get(self, *path: str, **asked: str | int) -> Node:
        """Ask for a node, or the first page of an edge. Raises Trouble: code "gone" where there is no such thing."""
        return self._ask("GET", path, params={**asked, "access_token": self._token})

    def post(self, *path: str, **form: str) -> Node:
        """Make something. Raises Trouble, with the fact ``unsent`` where it was surely not made."""
        return self._ask("POST", path, form={**form, "access_token": self._token})

    def pages(self, *path: str, **asked: str | int) -> Iterator[list[Node]]:
        """Give what stands on an edge, a page at a time. Raises Trouble."""
        after: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            told = self.get(*path, **asked, **after)
            yield nodes(told)
            following = after_page(told)
            if not following or {"after": following} == after:
                return
            after = {"after": following}

    def exists(self, node: str) -> bool:
        """Tell whether a node is there. Raises Trouble."""
        try:
            self.get(node, fields="id")
        except Trouble as trouble:
            if trouble.kind != "refused":
                raise
            return trouble.code != "gone"
        return True

    def _ask(self, method: str, path: tuple[str, ...], **content: Any) -> Node:  # noqa: ANN401
        url = "/".join([self._address, *(quote(part, safe="") for part in path)])
        answer = self._http.ask(method, url, accept=[400, 401, 403, 404], **content)
        self.used, wait = _usage(answer.headers)
        told = _told(answer)
        if "error" in told or answer.status >= 400:
            raise _trouble(told.get("error"), answer.status, wait)
        return told


def nodes(told: Node) -> list[Node]:
    """Give the nodes of a page."""
    data = told.get("data")
    return [node for node in data if isinstance(node, dict)] if isinstance(data, list) else []


def after_page(told: Node) -> str:
    """Give what to go on after, "" where the page was the last."""
    paging = told.get("paging")
    cursors = paging.get("cursors") if isinstance(paging, dict) and paging.get("next") else None
    return text(cursors, "after")


def text(node: object, *names: str) -> str:
    """Give the text at the end of the names, an id as text too, and "" where there is none."""
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    if isinstance(node, int) and not isinstance(node, bool):
        return str(node)
    return node if isinstance(node, str) else ""


def _told(answer: Answer) -> Node:
    try:
        told = answer.json()
    except Trouble:
        if answer.status < 400:
            raise
        told = {}
    if not isinstance(told, dict):
        raise Trouble("broken", "not-graph", status=answer.status)
    return told


def _trouble(error: object, status: int, wait: float | None) -> Trouble:
    code, subcode = (_number(text(error, name)) for name in ("code", "error_subcode"))
    facts = {"status": status, "graph": code} | ({} if code in _PASSING else {"unsent": 1})
    if code in _TOKEN or (not code and status == 401):
        return Trouble("auth", "token-refused", **facts)
    if code in {3, 10} or 200 <= code <= 299 or (not code and status == 403):
        return Trouble("auth", "not-let-in", **facts)
    if code in _BUSY or 80_000 <= code <= 80_099:
        return Trouble("retry", "busy", wait=wait, **facts)
    if code in _PASSING:
        return Trouble("retry", "server-error", wait=wait, **facts)
    return Trouble("refused", "gone" if (code, subcode) in _GONE else "refused", **facts)


def _usage(headers: Mapping[str, str]) -> tuple[int, float | None]:
    """Give the greatest share in percent, and the seconds to wait where the headers tell them."""
    told = [_loaded(headers.get(name, "")) for name in ("x-app-usage", "x-business-use-case-usage")]
    counts = [count for part in told for count in _counts(part)]
    used = max((_number(text(count, name)) for count in counts for name in _SHARES), default=0)
    wait = max((_number(text(count, "estimated_time_to_regain_access")) for count in counts), default=0)
    return used, wait * 60.0 or None


def _counts(told: object) -> list[Node]:
    """Give the counts of one header: plain, or by the number of the business in lists."""
    if not isinstance(told, dict):
        return []
    lists = [value for value in told.values() if isinstance(value, list)]
    return [told, *(count for value in lists for count in value if isinstance(count, dict))]


def _loaded(header: str) -> object:
    try:
        return json.loads(header)
    except (ValueError, RecursionError):
        return None


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0

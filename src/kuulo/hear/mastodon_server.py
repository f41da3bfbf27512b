"""Mastodon server: what is asked of a server of the fediverse, and its answers as far as they can be trusted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from kuulo.hear.http import Answer, Http, Params, wait_told
from kuulo.hear.mastodon_status import id_of
from kuulo.hear.trouble import Trouble

PAGE = 40
_GONE = {404, 410}
# what a server answers that cannot be asked for many statuses at a time
_NOT_MANY = {400, 404, 405, 422}


class MastodonServer:
    """A server and, where there is a ``token``, the account that asks. Every question raises Trouble."""

    def __init__(self, http: Http, url: str, token: str) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._token = token
        self._wait: float | None = None
        self._gives_many = True
        self.asked_alone = 0

    def instance(self) -> dict[str, Any]:
        """Give what the server tells of itself."""
        return _mapping(self._ask("GET", "/api/v2/instance"))

    def account(self) -> dict[str, str]:
        """Give ``id`` and ``acct`` of the account that asks, empty without a token."""
        if not self._token:
            return {}
        told = _mapping(self._ask("GET", "/api/v1/accounts/verify_credentials"))
        if not id_of(told):
            raise Trouble("broken", "not-a-server")
        return {"id": id_of(told), "acct": str(told.get("acct", ""))}

    def page(self, path: str, params: Params) -> list[Any]:
        """Give a page of a timeline or of notifications, newest first; at least one entry has an id."""
        answer = self._ask("GET", path, params={"limit": PAGE, **params}, accept=[404])
        page = answer.json()
        if answer.status == 404:  # a hashtag that nobody used yet
            return []
        if not isinstance(page, list) or (page and not any(map(id_of, page))):
            raise Trouble("broken", "not-a-timeline")
        return page

    def status(self, origin: str) -> dict[str, Any] | None:
        """Give a status, None where it is gone."""
        self.asked_alone += 1
        answer = self._ask("GET", f"/api/v1/statuses/{quote(origin, safe='')}", accept=_GONE)
        return None if answer.status in _GONE else _mapping(answer)

    def statuses(self, ids: Sequence[str]) -> dict[str, Any]:
        """Give those that stand, by id, as far as the server can be asked for many: what is missing may stand."""
        if not self._gives_many:
            return {}
        answer = self._ask("GET", "/api/v1/statuses", params={"id[]": list(ids)}, accept=_NOT_MANY)
        found = answer.json() if answer.status == 200 else None
        self._gives_many = isinstance(found, list)
        return {id_of(status): status for status in found or ()}

    def replies(self, origin: str) -> list[Any]:
        """Give what was replied to a status, and to those replies."""
        answer = self._ask("GET", f"/api/v1/statuses/{quote(origin, safe='')}/context", accept=_GONE)
        return [] if answer.status in _GONE else list(_mapping(answer).get("descendants") or ())

    def post(self, form: Mapping[str, str], *, key: str) -> dict[str, Any]:
        """Post a status; of two with the same key within an hour the server makes one."""
        return _mapping(self._ask("POST", "/api/v1/statuses", form=form, headers={"Idempotency-Key": key}))

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Iterable[int] = (),
    ) -> Answer:
        """Ask, unless the last answer said that there were enough questions for now."""
        if self._wait:
            raise Trouble("retry", "busy", wait=self._wait, unsent=1)
        asked = {**(headers or {}), **({"Authorization": f"Bearer {self._token}"} if self._token else {})}
        answer = self._http.ask(method, self._url + path, params=params, form=form, headers=asked, accept=accept)
        self._wait = wait_told(answer.headers)
        return answer


def _mapping(answer: Answer) -> dict[str, Any]:
    told = answer.json()
    if not isinstance(told, dict):
        raise Trouble("broken", "not-a-server")
    return told

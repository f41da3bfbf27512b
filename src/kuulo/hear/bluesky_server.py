"""Bluesky server: what is asked of a server of the AT Protocol, signed in or not, and what it answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from kuulo.hear.bluesky_post import POST, uri_of
from kuulo.hear.http import Answer, Http, Params, wait_told
from kuulo.hear.trouble import Trouble

PAGE, MOST_TOGETHER = 100, 25
# what is said of the record or of the whole account that holds it
_GONE = {"RecordNotFound", "RepoNotFound", "RepoTakendown", "RepoDeactivated"}
_NOT_LET_IN = {"AuthMissing", "AuthenticationRequired", "ExpiredToken", "InvalidToken", "AccountTakedown"}


class BlueskyServer:
    """A server and, where there is a ``handle``, the account that asks. Every question raises Trouble.

    It signs in once at most, however long it lives: a server lets in thirty times in five minutes.
    """

    def __init__(self, http: Http, url: str, handle: str, password: str) -> None:
        self._http = http
        self._url = url.rstrip("/")
        account = {"identifier": handle.removeprefix("@"), "password": password}
        self._account = account if all(account.values()) else None
        self._session: dict[str, Any] = {}
        self._wait: float | None = None

    @property
    def signs_in(self) -> bool:
        """Whether there is an account."""
        return self._account is not None

    def account(self) -> dict[str, str]:
        """Give ``did`` and ``handle`` of the account, empty where there is none."""
        if self._account and not self._session:
            self._session = self._opened("com.atproto.server.createSession", self._account)
        return {name: str(self._session.get(name, "")) for name in ("did", "handle")} if self._session else {}

    def search(self, params: Params) -> tuple[list[Any], str]:
        """Give a page of posts, newest first, and the cursor to the next; "" at the end."""
        told = self._ask("GET", "app.bsky.feed.searchPosts", params={"sort": "latest", "limit": PAGE, **params})
        return _page(told, "posts")

    def notifications(self, params: Params) -> tuple[list[Any], str]:
        """Give a page of what concerns the account, newest first, and the cursor to the next."""
        return _page(self._ask("GET", "app.bsky.notification.listNotifications", params=params), "notifications")

    def posts(self, uris: Sequence[str]) -> set[str]:
        """Give those that are shown now, of MOST_TOGETHER at most."""
        return {*map(uri_of, _page(self._ask("GET", "app.bsky.feed.getPosts", params={"uris": [*uris]}), "posts")[0])}

    def record(self, uri: str) -> dict[str, Any] | None:
        """Give a record, None where there is none."""
        repo, collection, rkey = uri.removeprefix("at://").split("/")
        params = {"repo": repo, "collection": collection, "rkey": rkey}
        answer = self._answered("GET", "com.atproto.repo.getRecord", params=params)
        if answer.status == 200:
            return _mapping(answer)
        told = _mapping(answer)
        if told.get("error") in _GONE or str(told.get("message")).startswith("Could not "):
            return None
        raise _refusal(answer)

    def put(self, rkey: str, record: Mapping[str, object]) -> dict[str, Any]:
        """Let this be the account's post of this key: put twice it is there once."""
        body = {"repo": self.account()["did"], "collection": POST, "rkey": rkey, "record": record}
        return self._ask("POST", "com.atproto.repo.putRecord", body=body)

    def _ask(self, method: str, name: str, *, params: Params | None = None, body: object = None) -> dict[str, Any]:
        answer = self._answered(method, name, params=params, body=body)
        if answer.status != 200:
            raise _refusal(answer)
        return _mapping(answer)

    def _answered(self, method: str, name: str, *, params: Params | None = None, body: object = None) -> Answer:
        """Ask, signed in where there is an account, and once more where the session had run out."""
        self.account()
        answer = self._sent(method, name, params=params, body=body, token=str(self._session.get("accessJwt", "")))
        if answer.status == 200 or not self._session or _error(answer) != "ExpiredToken":
            return answer
        self._session = self._opened("com.atproto.server.refreshSession", token=str(self._session["refreshJwt"]))
        return self._sent(method, name, params=params, body=body, token=str(self._session["accessJwt"]))

    def _opened(self, name: str, body: object = None, *, token: str = "") -> dict[str, Any]:
        answer = self._sent("POST", name, body=body, token=token)
        if answer.status != 200:
            raise _refusal(answer)
        session = _mapping(answer)
        if not {"accessJwt", "refreshJwt", "did"} <= session.keys():
            raise Trouble("broken", "not-a-server")
        return session

    def _sent(
        self,
        method: str,
        name: str,
        *,
        params: Params | None = None,
        body: object = None,
        token: str = "",
    ) -> Answer:
        """Ask, unless the last answer said that there were enough questions for now."""
        if self._wait:
            raise Trouble("retry", "busy", wait=self._wait, unsent=1)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self._url}/xrpc/{name}"
        answer = self._http.ask(method, url, params=params, json_body=body, headers=headers, accept=[400, 401])
        self._wait = wait_told(answer.headers)
        return answer


def _refusal(answer: Answer) -> Trouble:
    error = _error(answer)
    if answer.status == 401 or error in _NOT_LET_IN:
        return Trouble("auth", "not-let-in", status=answer.status, error=error)
    return Trouble("refused", "refused", status=answer.status, error=error)


def _error(answer: Answer) -> str:
    try:
        return str(_mapping(answer).get("error", ""))[:60]
    except Trouble:
        return ""


def _page(told: Mapping[str, Any], name: str) -> tuple[list[Any], str]:
    page = told.get(name)
    if not isinstance(page, list):
        raise Trouble("broken", "not-a-server")
    return page, str(told.get("cursor") or "")


def _mapping(answer: Answer) -> dict[str, Any]:
    told = answer.json()
    if not isinstance(told, dict):
        raise Trouble("broken", "not-a-server")
    return told

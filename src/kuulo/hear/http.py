"""Http: the one way to ask another machine by HTTP, polite, bounded, and only where it is allowed to go.

Redirects stay on the same host. An answer has a size and a time within which it must be whole. One request at a time
goes to a host, whoever asks. A refusal is told as Trouble, with the time to wait that the source named.
"""

import email.utils
import json
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpcore2
import httpx2

from kuulo import __version__
from kuulo.hear.outward import address_of
from kuulo.hear.trouble import Trouble

USER_AGENT = f"Kuulo/{__version__} (municipal listening desk)"
MOST_BYTES = 16 << 20
CONNECT, READ, WHOLE = 10.0, 30.0, 120.0
MOST_REDIRECTS = 5
LONGEST_WAIT = 6 * 3600.0
_REDIRECTS = {301, 302, 303, 307, 308}
_AUTH = {401, 403}
# when the request at hand has to be over, by the machine's own clock
_END: ContextVar[float] = ContextVar("end")
Params = Mapping[str, str | int | list[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back. Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:  # noqa: ANN401
        """Read the body as JSON. Raises Trouble."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Trouble("broken", "not-json", host=_host(self.url), status=self.status) from error

    def validators(self) -> dict[str, str]:
        """Give what to ask with next time, so that an unchanged answer need not be sent again; see ``unchanged``."""
        return {name: value for name in ("etag", "last-modified") if (value := self.headers.get(name))}


def unchanged(validators: Mapping[str, str]) -> dict[str, str]:
    """Give the headers that ask for an answer only where it changed since these validators (then status 304)."""
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {names[name]: value for name, value in validators.items() if name in names}


class Http:
    """Asks other machines. One for each source: ``own_network`` is what a person said about that source."""

    def __init__(self, *, own_network: bool = False, most_bytes: int = MOST_BYTES, whole: float = WHOLE) -> None:
        self.own_network = own_network
        self._most_bytes = most_bytes
        self._whole = whole
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            network_backend=_Outward(own_network=own_network),
            max_connections=4,
            keepalive_expiry=5.0,
        )

    def get(
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Iterable[int] = (),
    ) -> Answer:
        """Ask for what stands at an address; ``accept`` are statuses besides 2xx that are no trouble."""
        return self.ask("GET", url, params=params, headers=headers, accept=accept)

    def ask(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        json_body: object = None,
        form: Mapping[str, str | list[str]] | None = None,
        body: bytes | None = None,
        accept: Iterable[int] = (),
    ) -> Answer:
        """Send a request and give the whole answer. ``body`` goes out as it is, to the very byte.

        Raises Trouble: kind "retry" for no connection, too slow, 429 and 5xx, "auth" for 401 and 403, "refused" for
        any other status, "settings" for an address that may not be spoken to. ``Trouble.facts["unsent"]`` is 1
        where the request surely did not reach the other side.
        """
        asked = {"User-Agent": USER_AGENT, "Accept": "application/json, */*;q=0.5", **(headers or {})}
        content: dict[str, Any] = {"json": json_body, "data": form, "content": body}
        try:
            request = httpx2.Request(method, url, params=params, headers=asked, **content)
        except (httpx2.InvalidURL, ValueError, UnicodeError) as error:
            raise Trouble("settings", "not-an-address", unsent=1) from error
        with _one_at_a_time(request.url.host):
            answer = self._followed(request)
        return _checked(answer, accept)

    def close(self) -> None:
        """Let go of the connections that were kept."""
        self._pool.close()

    def _followed(self, request: httpx2.Request) -> Answer:
        end = time.monotonic() + self._whole
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._sent(request, end)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            request = _redirected(request, answer)
        raise Trouble("settings", "too-many-redirects", host=request.url.host)

    def _sent(self, request: httpx2.Request, end: float) -> Answer:
        host = request.url.host
        if request.url.scheme not in {"http", "https"} or not host:
            raise Trouble("settings", "not-an-address", unsent=1)
        told = _END.set(end)
        try:
            return self._answer(request)
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.UnsupportedProtocol) as error:
            code = "not-trusted" if isinstance(_root(error), ssl.SSLError) else "no-connection"
            raise Trouble("retry", code, host=host, unsent=1) from error
        except httpcore2.TimeoutException as error:
            raise Trouble("retry", "too-slow", host=host) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpx2.HTTPError) as error:
            raise Trouble("retry", "broken-off", host=host) from error
        finally:
            _END.reset(told)

    def _answer(self, request: httpx2.Request) -> Answer:
        asked = httpcore2.Request(
            request.method,
            str(request.url),
            headers=request.headers.raw,
            content=request.read(),
            extensions={"timeout": {"connect": CONNECT, "read": READ, "write": READ, "pool": READ}},
        )
        with closing(self._pool.handle_request(asked)) as came:
            response = httpx2.Response(came.status, headers=came.headers, stream=_Stream(came), request=request)
            body = self._body(response)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=came.status, headers=headers, body=body, url=str(request.url))

    def _body(self, response: httpx2.Response) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._most_bytes:
                raise Trouble("broken", "too-large", most=self._most_bytes)
        return b"".join(parts)


class _Stream(httpx2.SyncByteStream):
    """The bytes of an answer as they come, to be decoded."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()


class _Outward(httpcore2.SyncBackend):
    """Connects only where it is allowed to, to the very address that was checked."""

    def __init__(self, *, own_network: bool) -> None:
        self._own_network = own_network

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any) -> Any:  # noqa: ANN401
        try:
            address = address_of(host, port, own_network=self._own_network)
        except Trouble as trouble:
            trouble.facts["unsent"] = 1
            raise
        return _Ending(super().connect_tcp(address, port, _left(timeout), *rest, **more))


class _Ending(httpcore2.NetworkStream):
    """A connection whose every read and write ends when the whole request has to."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Ending(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float:
    """Give the seconds that may be waited now: what was asked for, or what is left of the whole."""
    left = _END.get() - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout
    return left if timeout is None else min(timeout, left)


def _redirected(request: httpx2.Request, answer: Answer) -> httpx2.Request:
    """Follow a redirect on the same host; a sending is never sent on."""
    target = request.url.join(answer.headers["location"])
    if request.method not in {"GET", "HEAD"}:
        raise Trouble("settings", "redirected", host=request.url.host, to=str(target)[:200])
    same = target.copy_with(path="/", query=None, fragment=None) == request.url.copy_with(
        path="/", query=None, fragment=None
    )
    upgraded = target.host == request.url.host and (request.url.scheme, target.scheme) == ("http", "https")
    if not (same or upgraded):
        raise Trouble("settings", "redirected", host=request.url.host, to=str(target)[:200])
    return httpx2.Request(request.method, target, headers=request.headers)


def _checked(answer: Answer, accept: Iterable[int]) -> Answer:
    status, host = answer.status, _host(answer.url)
    if 200 <= status < 300 or status in {*accept}:
        return answer
    wait = wait_told(answer.headers)
    if status == 429 or status >= 500:
        raise Trouble("retry", "busy" if status == 429 else "server-error", wait=wait, host=host, status=status)
    if status in _AUTH:
        raise Trouble("auth", "not-let-in", host=host, status=status)
    raise Trouble("refused", "refused", wait=wait, host=host, status=status)


def wait_told(headers: Mapping[str, str], *, now: float | None = None) -> float | None:
    """Give the seconds that a source asks to wait, None where it names none.

    Read are ``Retry-After`` (seconds or a date) and the reset of a used-up rate limit (seconds, an epoch or a time).
    """
    now = time.time() if now is None else now
    if "retry-after" in headers:
        return _seconds(headers["retry-after"], now)
    for prefix in ("x-ratelimit", "ratelimit"):
        if headers.get(f"{prefix}-remaining", "").strip() == "0" and f"{prefix}-reset" in headers:
            return _seconds(headers[f"{prefix}-reset"], now)
    return None


def _seconds(told: str, now: float) -> float | None:
    """Read a wait: seconds, seconds since 1970, a date of HTTP or of ISO 8601. A mad one is cut."""
    told = told.strip()
    try:
        number = float(told)
        seconds = number - now if number > 1e9 else number
    except ValueError:
        moment = _moment(told)
        if moment is None:
            return None
        seconds = moment - now
    return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else None  # noqa: PLR0124  not a number


def _moment(told: str) -> float | None:
    for read in (email.utils.parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read(told).timestamp()
        except (ValueError, TypeError, OverflowError):
            continue
    return None


class _Gates:
    """A lock for each host."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gates: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def __call__(self, host: str) -> threading.Lock:
        with self._lock:
            return self._gates[host]


_one_at_a_time = _Gates()


def _host(url: str) -> str:
    return httpx2.URL(url).host


def _root(error: BaseException) -> BaseException:
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error

"""A door: a small HTTP server on this machine, with a source behind it and faults on order."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urlsplit
from urllib.request import Request, urlopen

from kuulo.hear.contract import WAIT


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request: ``query`` and ``headers`` (names in small letters) with the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    queries: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Door:
    """Serves ``answer`` at ``url``; ``faults`` are met by the next requests, one each."""

    def __init__(self, answer: Callable[[Asked], Told]) -> None:
        self.faults: deque[str] = deque()
        self.asked: list[Asked] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                queries = parse_qs(parts.query, keep_blank_values=True)
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = {name: values[-1] for name, values in queries.items()}
                asked = Asked(
                    method=self.command, path=parts.path, query=query, headers=headers, body=body, queries=queries
                )
                door.asked.append(asked)
                told = faulty(door.faults.popleft(), self.path) if door.faults else answer(asked)
                self._tell(told)

            do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815

            def _tell(self, told: Told) -> None:
                self.send_response(told.status)
                for name, value in told.headers.items():
                    self.send_header(name, value)
                if not {"content-length", "transfer-encoding"} & {name.lower() for name in told.headers}:
                    self.send_header("Content-Length", str(len(told.body)))
                self.end_headers()
                self.wfile.write(told.body)
                if "Content-Length" in told.headers:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def faulty(fault: str, path: str) -> Told:
    """What a request meets that meets a fault."""
    match fault:
        case "no-right":
            return Told(status=401, body=b'{"error": "The access token is invalid"}')
        case "too-many":
            return Told(status=429, headers={"Retry-After": str(WAIT)})
        case "error":
            return Told(status=500, body=b"<h1>Internal Server Error</h1>")
        case "other-thing":
            return Told(body=b"<!doctype html><title>Tervetuloa</title>", headers={"Content-Type": "text/html"})
        case "breaks-off":
            return Told(body=b'[{"id": "1", "con', headers={"Content-Length": "4000"})
        case "redirect":
            return Told(status=302, headers={"Location": path})
    raise AssertionError(fault)


def passing_on(upstream: str) -> Callable[[Asked], Told]:
    """Behind the door stands a real server at ``upstream``."""

    def answer(asked: Asked) -> Told:
        query = "&".join(
            f"{name}={value}" for name, values in asked.queries.items() for value in map(_quoted, values)
        )
        headers = {name: value for name, value in asked.headers.items() if name not in {"host", "content-length"}}
        request = Request(f"{upstream}{asked.path}?{query}", asked.body or None, headers, method=asked.method)
        try:
            with urlopen(request, timeout=20) as came:
                return Told(status=came.status, body=came.read(), headers=_passed(came.headers))
        except HTTPError as error:
            return Told(status=error.code, body=error.read(), headers=_passed(error.headers))

    return answer


def _quoted(value: str) -> str:
    return quote(value, safe="")


def _passed(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in {"content-length", "transfer-encoding", "connection", "server", "date"}
    }

"""A service on this machine that speaks the protocol of chat completions and remembers what it was told."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Service:
    """What a service was asked: ``bodies`` and ``headers`` of its requests; ``answer`` makes the model's answer."""

    answer: Callable[[dict], object]
    status: int = 200
    more_headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    silent: bool = False
    trickle: bool = False
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    address: str = ""
    over: Event = field(default_factory=Event)

    def told(self) -> list[dict]:
        """The material of each request."""
        return [json.loads(json.loads(body)["messages"][1]["content"]) for body in self.bodies]


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            service.bodies.append(body)
            service.headers.append(dict(self.headers))
            service.paths.append(self.path)
            if service.silent:
                service.over.wait()
                return
            if service.trickle:
                self.send_response(200)
                self.end_headers()
                while not service.over.wait(0.05):
                    self.wfile.write(b" ")
                return
            content = service.raw if service.raw is not None else self.completion(body)
            self.send_response(service.status)
            for name, value in service.more_headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def completion(self, body):
            said = service.answer(json.loads(json.loads(body)["messages"][1]["content"]))
            text = said if isinstance(said, str) else json.dumps(said)
            return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()

        def log_message(self, *_):
            pass

        def handle(self):
            # a client that had enough hangs up
            try:
                super().handle()
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    service.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        thread.join()
        server.server_close()

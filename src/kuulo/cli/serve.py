"""Open the desk: a web server and a worker, as one."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kuulo.cli import FAILED
from kuulo.cli.desk import hold, is_one_file, make_ready, open_desk
from kuulo.cli.refusal import DeskRefused

LOOK, LONGEST_PAUSE, SECONDS_TO_END = 0.2, 60.0, 30.0
WEB = "import sys; from kuulo.web.server import serve; serve(sys.argv[1], int(sys.argv[2]), parent=int(sys.argv[3]))"
WORKER = "import sys; from kuulo.cli.work import child; child(int(sys.argv[1]))"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104


def run(asked: argparse.Namespace) -> int:
    """Serve the desk until SIGTERM or Ctrl-C; 1 where the web server ended by itself."""
    return serve(asked.data, asked.host, asked.port, welcome=first_link)


def serve(data: Path | None, host: str, port: int, *, welcome: Callable[[str], str | None]) -> int:
    """Open the desk; ``welcome`` gives, for its address, a link to print once it stands."""
    check_port(host, port)
    answer_to(host)
    folder = open_desk(data)
    lock = hold(folder, "desk") if is_one_file() else None
    make_ready()
    address = f"http://{'[' + host + ']' if ':' in host else '127.0.0.1' if host in EVERYWHERE else host}:{port}"
    print(address, flush=True)
    if link := welcome(address):
        print(link, flush=True)
    try:
        return Group(host, port).run()
    finally:
        if lock:
            lock.close()


def first_link(address: str) -> str | None:
    """Give the line with the one-time link for the first administrator; None where there is one already."""
    from django.conf import settings
    from django.db import connections

    from kuulo.desk.people import first_administrator_link

    path = first_administrator_link()
    connections.close_all()
    return f"Become the administrator: {settings.ADDRESS or address}{path}" if path else None


def check_port(host: str, port: int) -> None:
    """Raise DeskRefused where the port is taken: Granian would share it, and each would get half of the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # without it a port is called busy for a while after a stop
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DeskRefused("no-port", host=host, port=str(port), reason=error.strerror or "") from None


def answer_to(host: str) -> None:
    """Let the desk answer to the name that it is to be served under."""
    if host not in LOOPBACK | EVERYWHERE and "KUULO_HOSTS" not in os.environ:
        os.environ["KUULO_HOSTS"] = f"{host} 127.0.0.1 localhost [::1]"


class Group:
    """The web server and the worker: a worker that dies is started anew, and with the web server all ends."""

    def __init__(self, host: str, port: int) -> None:
        self._web = _start(WEB, host, str(port))
        self._worker = start_worker()
        self._stopped = False
        self._pause, self._start_at = 1.0, 0.0

    def run(self) -> int:
        """Run both until told to stop (0), or until the web server ends by itself (1)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self._stopped and self._web.poll() is None:
                self._keep_worker()
                time.sleep(LOOK)
        finally:
            end(self._web, self._worker)
        return 0 if self._stopped else FAILED

    def _stop(self, *_signal: object) -> None:
        self._stopped = True

    def _keep_worker(self) -> None:
        """Start a worker anew that died: soon, and a little later each time."""
        now = time.monotonic()
        if self._worker.poll() is None:
            return
        if not self._start_at:
            print("kuulo: the worker ended; it is started anew.", file=sys.stderr, flush=True)
            self._start_at = now + self._pause
        elif now >= self._start_at:
            self._worker, self._start_at = start_worker(), 0.0
            self._pause = min(2 * self._pause, LONGEST_PAUSE)


def start_worker() -> "subprocess.Popen[bytes]":
    """Start a worker that ends with this process. The desk's data are those that were opened here."""
    return _start(WORKER)


def _start(code: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """Start a child in a group of its own, so that Ctrl-C reaches it through us only. It is told who we are."""
    command = [sys.executable, "-P", "-c", code, *arguments, str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)


def end(*children: "subprocess.Popen[bytes]") -> None:
    """End children and whatever they started, in order where they can; wait until they are gone."""
    for child in children:
        child.terminate()
    end = time.monotonic() + SECONDS_TO_END
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(end - time.monotonic(), 0.1))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

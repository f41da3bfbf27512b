"""kuulo serve: a web server and a worker that live and end together."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from running import start

Serve = Callable[..., "Served"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(process: int) -> dict[int, str]:
    """The living processes that a process started, and what they were started as."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            told = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            if folder.name.isdecimal() and int(told[1]) == process and told[0] != "Z":
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def family(process: int) -> set[int]:
    own = set(children(process))
    return own.union(*(family(child) for child in own))


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_for(what: Callable[[], object]) -> object:
    """What it gives once it gives something; a minute is for a machine that is very busy."""
    for _ in range(600):
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen")


class Served:
    def __init__(self, process, port: int) -> None:
        self.process, self.port = process, port

    def answer(self) -> int | None:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/accounts/login/", timeout=30) as page:
                return page.status
        except HTTPError as error:
            return error.code
        except URLError:
            return None

    def worker(self) -> int | None:
        return next((child for child, told in children(self.process.pid).items() if "cli.work" in told), None)

    def web(self) -> int | None:
        return next((child for child, told in children(self.process.pid).items() if "web.server" in told), None)


@pytest.fixture
def serve(tmp_path, cache) -> Iterator[Serve]:
    started = []

    def begin(*options, data: str = "desk") -> Served:
        port = free_port()
        child = start("serve", "--data", data, "--port", port, *options, cwd=tmp_path, cache=cache)
        started.append(child)
        return Served(child, port)

    yield begin
    for child in started:
        child.terminate()
        child.communicate(timeout=60)


def test_the_desk_opens_and_says_where(serve):
    desk = serve()
    assert wait_for(desk.answer) == 200
    wait_for(desk.worker)
    first, second = desk.process.stdout.readline().decode(), desk.process.stdout.readline().decode()
    assert first == f"http://127.0.0.1:{desk.port}\n"
    assert f"http://127.0.0.1:{desk.port}/" in second  # the link for the first administrator


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_of_it_ends_when_told_to(serve, number):
    desk = serve()
    wait_for(desk.answer)
    wait_for(desk.worker)
    whole = family(desk.process.pid)
    assert len(whole) >= 3  # the server, its own worker, and ours
    desk.process.send_signal(number)
    _, err = desk.process.communicate(timeout=60)
    assert desk.process.returncode == 0, err
    assert b"rror" not in err
    assert not [process for process in whole if alive(process)]
    assert desk.answer() is None


def test_a_worker_that_is_killed_is_started_anew(serve):
    desk = serve()
    wait_for(desk.answer)
    first = wait_for(desk.worker)
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: (worker := desk.worker()) and worker != first)
    assert desk.answer() == 200


def test_without_its_web_server_all_ends_with_an_error(serve):
    desk = serve()
    wait_for(desk.answer)
    wait_for(desk.worker)
    whole = family(desk.process.pid)
    os.kill(desk.web(), signal.SIGKILL)
    desk.process.communicate(timeout=60)
    assert desk.process.returncode == 1
    assert not [process for process in whole if alive(process)]


def test_nothing_outlives_the_command_even_where_that_is_killed(serve):
    desk = serve()
    wait_for(desk.answer)
    wait_for(desk.worker)
    whole = family(desk.process.pid)
    desk.process.kill()
    wait_for(lambda: not [process for process in whole if alive(process)])


def test_a_port_that_is_taken_is_refused(refused, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused("serve", "--data", "desk", "--port", port, code=1)
    assert str(port) in said
    assert "--port" in said
    assert not (tmp_path / "desk").exists()


def test_two_do_not_serve_the_same_data(serve, refused, tmp_path):
    desk = serve()
    wait_for(desk.answer)
    wait_for(desk.worker)
    assert "already" in refused("serve", "--data", "desk", "--port", free_port(), code=1)
    assert "already" in refused("work", "--data", "desk", code=1)
    assert "already" in refused("restore", "x.zip", "--data", "desk", code=1)

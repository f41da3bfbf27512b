"""kuulo practice: a training copy of a desk, in which its storm is told once, whatever is killed; the desk is untouched."""

import http.cookiejar
import json
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from running import environment, start

MESSAGES, EVERY = 14, 3  # minutes of the storm


def rows(desk: Path, question: str) -> list[tuple]:
    database = sqlite3.connect(desk / "kuulo.sqlite3")
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()


@pytest.fixture
def desk(tmp_path, cache) -> Path:
    """A desk with a storm of two days ago."""
    command = [
        sys.executable,
        Path(__file__).with_name("stormy_desk.py"),
        tmp_path / "desk",
        f"{MESSAGES}",
        f"{EVERY}",
    ]
    subprocess.run(command, env=environment(cache), check=True, stderr=subprocess.DEVNULL)
    return tmp_path / "desk"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Practice:
    """A running training copy, and a browser of its leader."""

    def __init__(self, process, port: int) -> None:
        self.process, self.at = process, f"http://127.0.0.1:{port}"
        self.browser = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def link(self) -> str:
        """The link for the leader, as it is printed."""
        assert self.process.stdout.readline().decode().strip() == self.at
        assert self.process.stdout.readline().decode().strip() == f"The clock: {self.at}/practice/"
        return self.process.stdout.readline().decode().split()[-1]

    def open(self, address: str, **form: str) -> str:
        """Give a page, or what comes of a form on it."""
        for _ in range(600):
            try:
                page = self.browser.open(address, timeout=30).read().decode()
                break
            except URLError:
                time.sleep(0.1)
        if not form:
            return page
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        to = form.pop("to", address)
        return (
            self.browser.open(to, urlencode(form | {"csrfmiddlewaretoken": token}).encode(), timeout=30)
            .read()
            .decode()
        )

    def come_in(self) -> None:
        told = {"email": "leader@example.org", "name": "Leena"}
        self.open(self.link(), password="kolme vihreää omenaa", **told)

    def press(self, act: str) -> None:
        self.open(f"{self.at}/practice/", to=f"{self.at}/practice/{act}/")

    def told(self) -> int:
        found = json.loads(self.browser.open(f"{self.at}/practice/?format=json", timeout=30).read())
        return next(row["messages"] for row in found if row["what"] == "now")


@pytest.fixture
def practise(tmp_path, cache):
    started = []

    def begin(*options) -> Practice:
        port = free_port()
        given = ("practice", "--data", "training", "--port", port, "--speed", 60, *options)
        with (tmp_path / "said.txt").open("ab") as said:
            child = start(*given, cwd=tmp_path, cache=cache, stderr=said)
        started.append(child)
        return Practice(child, port)

    yield begin
    for child in started:
        child.terminate()
        child.communicate(timeout=60)


def wait_for(what, every: float = 0.1) -> None:
    for _ in range(int(90 / every)):
        if what():
            return
        time.sleep(every)
    raise AssertionError("it did not happen")


def test_the_storm_of_a_desk_is_told_once_in_a_copy_also_where_all_is_killed(practise, desk, tmp_path):
    before = rows(desk, "SELECT count(*), max(arrived) FROM kuulo_message")
    first = practise("--from", "desk", "--storm", 7)
    first.come_in()
    assert first.told() == 0
    first.press("go")
    wait_for(lambda: first.told() >= 2)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()

    again = practise()
    again.browser = first.browser
    again.process.stdout.readline()
    again.open(f"{again.at}/practice/")
    there = again.told()
    assert 2 <= there < MESSAGES  # the clock stood still meanwhile
    again.press("go")
    wait_for(lambda: again.told() == MESSAGES)
    copy = tmp_path / "training"
    told = rows(copy, "SELECT origin_id, text FROM kuulo_message WHERE origin_id != '' ORDER BY arrived, id")
    assert [one[0] for one in told] == [f"practice-{n + 1}" for n in range(MESSAGES)]
    assert [one[1].split(" Viesti ")[1] for one in told] == [f"{n}." for n in range(MESSAGES)]
    assert rows(copy, "SELECT count(*) FROM kuulo_apikey") == [(0,)]
    assert rows(copy, "SELECT count(*) FROM kuulo_storm WHERE id = 7") == [(0,)]
    assert rows(desk, "SELECT count(*), max(arrived) FROM kuulo_message") == before
    assert rows(desk, "SELECT count(*) FROM kuulo_apikey") == [(1,)]
    assert (copy / "secret.key").read_text() != (desk / "secret.key").read_text()
    again.process.terminate()
    assert again.process.wait(60) == 0

    anew = practise("--again")
    anew.browser = first.browser
    anew.process.stdout.readline()
    assert "Leena" in anew.open(f"{anew.at}/practice/")  # who leads is known as before
    assert anew.told() == 0


def test_killed_as_soon_as_it_holds_anything_the_copy_holds_no_secret(practise, desk, tmp_path):
    copy = tmp_path / "training"
    first = practise("--from", "desk")
    wait_for(lambda: holds_messages(copy), every=0.002)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    assert rows(copy, "SELECT count(*) FROM kuulo_apikey") == [(0,)]
    (copy / ".practice-copy.zip.part").write_bytes(b"half a backup of a start that was killed")
    again = practise("--from", "desk")
    again.come_in()
    assert not list(copy.glob("*practice-copy*"))


def holds_messages(copy: Path) -> bool:
    try:
        return rows(copy, "SELECT count(*) FROM kuulo_message") != [(0,)]
    except sqlite3.OperationalError:  # it is not there yet, or locked
        return False


def test_a_desk_of_ones_own_is_never_a_training_copy(refused, desk):
    assert "something else" in refused("practice", "--data", "desk", "--port", free_port(), code=2)
    assert not (desk / "practice.json").exists()


def test_what_cannot_be_told_is_refused(kuulo, refused, desk, tmp_path):
    port = free_port()
    assert "--from" in refused("practice", "--data", "new", "--storm", 7, "--port", port, code=2)
    (tmp_path / "empty").mkdir()
    assert "no desk" in refused("practice", "--data", "new", "--from", "empty", "--port", port, code=2)
    assert "no such storm" in refused(
        "practice", "--data", "new", "--from", "desk", "--storm", 8, "--port", port, code=2
    )
    shutil.rmtree(tmp_path / "new")
    assert "from 1 to 60" in kuulo("practice", "--speed", 61).err

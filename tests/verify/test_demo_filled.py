"""kuulo demo fills an empty folder by the real way of a message, once, and opens the desk."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(folder: Path, question: str) -> list[tuple]:
    database = sqlite3.connect(folder / "kuulo.sqlite3")
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()


def opened(folder: Path, port: int) -> None:
    """Open the demo, look at a page, and end it."""
    command = [sys.executable, "-m", "kuulo", "demo", "--stage", "answered", "--data", folder, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ, text=True) as desk:
        try:
            assert desk.stdout is not None
            assert desk.stdout.readline() == f"http://127.0.0.1:{port}\n"
            link = desk.stdout.readline().split()[-1]
            for _ in range(600):  # a minute, for a machine that is very busy
                try:
                    with urlopen(link, timeout=30) as page:
                        assert page.status == 200
                    break
                except OSError:
                    time.sleep(0.1)
        finally:
            desk.terminate()
    assert desk.returncode == 0


def test_it_is_filled_once(tmp_path, port):
    opened(tmp_path / "town", port)
    statuses = dict(ask(tmp_path / "town", "SELECT status, count(*) FROM kuulo_message GROUP BY 1"))
    assert sum(statuses.values()) == 1268
    assert "new" not in statuses
    assert (
        ask(tmp_path / "town", "SELECT count(*) FROM kuulo_event WHERE kind IN ('rename', 'tags-merged')")[0][0] >= 4
    )
    events = ask(tmp_path / "town", "SELECT count(*) FROM kuulo_event WHERE kind LIKE 'intake%'")
    opened(tmp_path / "town", port)
    assert ask(tmp_path / "town", "SELECT count(*) FROM kuulo_event WHERE kind LIKE 'intake%'") == events

"""A run that is stopped, killed, or has another one beside it."""

import os
import pty
import random
import shutil
import signal
import termios
import time

import pytest
from running import TOWN, content, run, start

SENTENCE = "kuulo: stopped; nothing was changed."


@pytest.fixture
def many(tmp_path):
    """Answers enough to be understood for a second or two, so that there is a middle to stop in."""
    dice, words = random.Random(5), TOWN.replace(";", " ").split()
    lines = [" ".join(dice.choices(words, k=30)) for _ in range(700)]
    (tmp_path / "many.txt").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "many.txt"


@pytest.mark.parametrize("step", ["Opening", "Understanding"])
def test_ctrl_c_stops_at_once_and_leaves_the_old_result(cache, town, tmp_path, many, step):
    shutil.copytree(town, tmp_path / "out")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(ours, (24, 80))
    child = start(
        "group",
        many,
        "--delimiter",
        "none",
        "--out",
        "out",
        "--no-cache",
        cwd=tmp_path,
        cache=cache,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = read_until(ours, step.encode())
    os.killpg(child.pid, signal.SIGINT)
    stopped = time.monotonic()
    out, _ = child.communicate(timeout=60)
    assert time.monotonic() - stopped < 10
    shown += read_until(ours, None)
    assert (child.returncode, out) == (130, b""), shown
    assert shown.decode().rstrip().endswith(SENTENCE)
    assert b"Traceback" not in shown
    assert content(tmp_path / "out") == content(town)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["many.txt", "out"]


def read_until(terminal: int, awaited: bytes | None) -> bytes:
    """Read from a terminal until it shows what is awaited, or to its end."""
    shown = b""
    try:
        while awaited is None or awaited not in shown:
            shown += os.read(terminal, 65_536)
    except OSError:  # the other end was closed
        os.close(terminal)
    return shown


def test_ctrl_c_while_the_word_tables_are_made_shows_one_sentence(cache, tmp_path):
    fresh = tmp_path / "cache"
    (fresh / "words").mkdir(parents=True)
    for path in cache.glob("encoder-*"):
        shutil.copy(path, fresh)
    child = start("prepare", cwd=tmp_path, cache=fresh, start_new_session=True)
    time.sleep(2.5)
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out.decode(), err.decode()) == (130, "", SENTENCE + "\n")


def test_a_run_that_is_killed_while_it_writes_leaves_the_old_result_whole(cache, town, tmp_path):
    shutil.copytree(town, tmp_path / "out")
    (tmp_path / "new.csv").write_text("id;palaute\n1;Lumivalli\n2;Bussi on myöhässä\n", encoding="utf-8")
    child = start("group", "new.csv", "--out", "out", cwd=tmp_path, cache=cache)
    while child.poll() is None and not list(tmp_path.glob(".out.kuulo-new-*/*")):
        time.sleep(0.0002)
    child.kill()
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    left = content(tmp_path / "out")
    assert left == content(town) or left["messages.csv"].startswith(b"file,row")
    assert set(left) == set(content(town))
    done = run("group", "new.csv", "--out", "out", cwd=tmp_path, cache=cache)
    assert done.code == 0, done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.csv", "out"]


def test_two_runs_may_fill_one_cache_at_once(cache, town, tmp_path):
    fresh = tmp_path / "cache"
    shutil.copytree(cache / "words", fresh / "words")
    shutil.copy(town.parent / "town.csv", tmp_path)
    children = [start("group", "town.csv", "--out", f"out{n}", cwd=tmp_path, cache=fresh) for n in range(2)]
    told = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0, 0], told
    assert content(tmp_path / "out0") == content(tmp_path / "out1") == content(town)
    assert all(path.name.startswith(("encoder-", "vectors.sqlite3", "words")) for path in fresh.iterdir())


def test_two_runs_may_write_one_result_at_once(cache, town, tmp_path):
    shutil.copy(town.parent / "town.csv", tmp_path)
    children = [start("group", "town.csv", "--out", "out", cwd=tmp_path, cache=cache) for _ in range(2)]
    told = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0, 0], told
    assert content(tmp_path / "out") == content(town)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "town.csv"]

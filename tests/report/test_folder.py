"""A result on disk is the old one whole or the new one whole, whatever happens."""

import errno
import random
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from kuulo.report.folder import FolderRefused, check_replaceable, exchange, recover_result, write_result

OLD = {"ledger.json": b'{"kuulo": {"format": 1}}', "report.html": b"old"}
NEW = {"state/vectors": b"1", "ledger.json": b'{"kuulo": {"format": 1}, "new": 1}', "themes.json": b"new"}


def content(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("prepare", ["missing", "empty", "result", "deep"])
def test_a_result_takes_the_whole_folder(tmp_path, prepare):
    folder = tmp_path / "a" / "b" if prepare == "deep" else tmp_path / "result"
    if prepare == "empty":
        folder.mkdir()
    if prepare == "result":
        write_result(folder, OLD)
    write_result(folder, NEW)
    assert content(folder) == NEW
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"sun")
    for ask in (check_replaceable, lambda folder: write_result(folder, NEW)):
        with pytest.raises(FolderRefused) as refused:
            ask(tmp_path)
        assert refused.value.code == "not-a-result"
    assert content(tmp_path) == {"holiday.jpg": b"sun"}


@pytest.mark.parametrize("ledger", [b"", b"[]", b'"kuulo"', b'{"other": 1}', b"\xff", b"[" * 100_000])
def test_a_ledger_of_another_program_does_not_open_the_door(tmp_path, ledger):
    (tmp_path / "ledger.json").write_bytes(ledger)
    with pytest.raises(FolderRefused, match="not-a-result"):
        write_result(tmp_path, NEW)
    assert content(tmp_path) == {"ledger.json": ledger}


def test_a_file_in_the_way_is_left_alone(tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "result"):
        with pytest.raises(FolderRefused, match="is-file"):
            write_result(folder, NEW)
    assert content(tmp_path) == {"file": b"mine"}


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to("real")
    write_result(link, NEW)
    assert link.is_symlink()
    assert content(tmp_path / "real") == NEW


def test_the_folder_stays_as_closed_as_it_was(tmp_path):
    write_result(tmp_path / "result", OLD)
    (tmp_path / "result").chmod(0o700)
    write_result(tmp_path / "result", NEW)
    assert (tmp_path / "result").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["../escape", "a/b/c", "/etc/x", "a/..", "..", ""])
def test_only_names_inside_the_folder_are_written(tmp_path, name):
    with pytest.raises(ValueError, match="plain"):
        write_result(tmp_path / "result", {name: b""})
    assert list(tmp_path.iterdir()) == []


def in_child(code, *args):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_place_where_one_may_not_write_is_refused():
    code = """
        import os, sys
        from pathlib import Path
        from kuulo.report.folder import FolderRefused, check_replaceable, write_result
        if os.geteuid() == 0:  # whom nothing is closed to
            os.setgroups([]); os.setgid(65534); os.setuid(65534)
        for ask in (check_replaceable, lambda folder: write_result(folder, {})):
            try:
                ask(Path(sys.argv[1]))
            except FolderRefused as refused:
                print(refused.code, refused.facts["reason"])
    """
    with tempfile.TemporaryDirectory() as above:
        closed = Path(above, "closed")
        closed.mkdir()
        closed.chmod(0o555)
        Path(above).chmod(0o755)
        shown, problem = in_child(code, closed / "result").communicate(timeout=30)
    assert shown.decode().splitlines() == ["not-writable Permission denied"] * 2, problem.decode()


def test_a_full_disk_leaves_the_old_result_whole(tmp_path):
    write_result(tmp_path / "result", OLD)
    code = """
        import resource, signal, sys
        from pathlib import Path
        from kuulo.report.folder import FolderRefused, write_result
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_result(Path(sys.argv[1]), {"ledger.json": b"{}", "big": b"x" * 2000})
        except FolderRefused as refused:
            print(refused.code)
    """
    shown, problem = in_child(code, tmp_path / "result").communicate(timeout=30)
    assert shown.decode().strip() == "no-space", problem.decode()
    assert content(tmp_path / "result") == OLD
    assert len(list(tmp_path.iterdir())) == 1


def test_leftovers_of_a_killed_run_are_cleaned(tmp_path):
    write_result(tmp_path / "result", OLD)
    for role in ("new", "old"):
        (tmp_path / f".result.kuulo-{role}-1234").mkdir()
    (tmp_path / ".other.kuulo-new-1234").mkdir()
    write_result(tmp_path / "result", NEW)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.kuulo-new-1234", "result"]


def test_a_result_that_a_killed_run_moved_aside_comes_back(tmp_path):
    write_result(tmp_path / ".result.kuulo-old-1234", OLD)
    recover_result(tmp_path / "result")
    assert content(tmp_path / "result") == OLD


def test_folders_are_exchanged_in_one_step_on_this_system(tmp_path):
    write_result(tmp_path / "a", OLD)
    write_result(tmp_path / "b", NEW)
    if not exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this disk cannot exchange folders")
    assert (content(tmp_path / "a"), content(tmp_path / "b")) == (NEW, OLD)
    with pytest.raises(OSError) as problem:  # noqa: PT011
        exchange(tmp_path / "a", tmp_path / "missing")
    assert problem.value.errno == errno.ENOENT


WRITER = """
    import sys
    from pathlib import Path
    from kuulo.report import folder
    if sys.argv[2] == "two renames":
        folder.exchange = lambda one, other: False
    print("ready", flush=True)
    turn = 0
    while True:
        turn += 1
        files = {f"file{at}": b"%d" % turn * 20_000 for at in range(4)}
        folder.write_result(Path(sys.argv[1]), {"ledger.json": b'{"kuulo": %d}' % turn, **files})
"""


def whole_turn(folder):
    """The turn that wrote the folder; fails if its files are of different turns or cut short."""
    files = content(folder)
    turn = files.pop("ledger.json").removeprefix(b'{"kuulo": ').removesuffix(b"}")
    assert files == {f"file{at}": turn * 20_000 for at in range(4)}
    return int(turn)


@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_a_run_killed_at_any_moment_leaves_a_whole_result(tmp_path, way):
    if way == "exchange" and not exchange_works(tmp_path):
        pytest.skip("this disk cannot exchange folders")
    folder = tmp_path / "result"
    dice = random.Random(5)
    existed = False
    for _ in range(6):
        child = in_child(WRITER, folder, way)
        assert child.stdout.readline() == b"ready\n"
        time.sleep(0.03 + dice.random() * 0.08)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        if way == "two renames":
            recover_result(folder)
        assert folder.exists() or not existed
        existed = folder.exists()
        if existed:
            whole_turn(folder)
    write_result(folder, NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


def exchange_works(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    works = exchange(one, other)
    one.rmdir()
    other.rmdir()
    return works


def test_a_reader_always_finds_the_folder_whole(tmp_path):
    folder = tmp_path / "result"
    if not exchange_works(tmp_path):
        pytest.skip("this disk cannot exchange folders")
    child = in_child(WRITER, folder, "exchange")
    try:
        assert child.stdout.readline() == b"ready\n"
        while not folder.exists():
            time.sleep(0.001)
        until = time.monotonic() + 0.7
        while time.monotonic() < until:
            assert ledger_as_read(folder).startswith(b'{"kuulo": ')
            for _ in range(500):
                assert folder.stat().st_ino
    finally:
        child.kill()
        child.communicate()


def ledger_as_read(folder):
    try:
        return (folder / "ledger.json").read_bytes()
    except FileNotFoundError:  # the folder was exchanged between finding it and finding the file in it
        return (folder / "ledger.json").read_bytes()


def test_two_runs_at_once_do_not_disturb_each_other(tmp_path):
    children = [in_child(WRITER, tmp_path / "result", "exchange") for _ in range(2)]
    time.sleep(0.8)
    assert [child.poll() for child in children] == [None, None]
    for child in children:
        child.kill()
        child.communicate()
    whole_turn(tmp_path / "result")

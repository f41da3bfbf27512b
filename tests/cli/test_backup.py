"""kuulo backup and kuulo restore say plainly what they did and why not."""

import sqlite3

import pytest


@pytest.fixture
def desk(kuulo, tmp_path):
    """A desk that knows one person."""
    (tmp_path / "empty.zip").write_bytes(b"")
    kuulo("restore", "empty.zip", "--data", "desk")
    with sqlite3.connect(tmp_path / "desk/kuulo.sqlite3") as database:
        database.execute(
            "INSERT INTO kuulo_person (email, name, language, is_active, joined, password)"
            " VALUES ('a@example.org', '', '', 1, '2026-01-01', '')"
        )
    database.close()
    return tmp_path / "desk"


def people(desk) -> int:
    database = sqlite3.connect(desk / "kuulo.sqlite3")
    try:
        return database.execute("SELECT count(*) FROM kuulo_person").fetchone()[0]
    finally:
        database.close()


def test_there_and_back(kuulo, desk, tmp_path):
    done = kuulo("backup", "b.zip", "--data", desk)
    assert (done.code, done.err) == (0, "")
    assert "b.zip" in done.out
    assert "secret" in done.out
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    done = kuulo("restore", "b.zip", "--data", "other")
    assert (done.code, done.err) == (0, "")
    assert people(tmp_path / "other") == 1


def test_what_is_there_goes_only_when_that_is_said(kuulo, refused, desk):
    kuulo("backup", "b.zip", "--data", desk)
    assert "--replace" in refused("restore", "b.zip", "--data", desk, code=2)
    assert kuulo("restore", "b.zip", "--replace", "--data", desk).code == 0
    assert people(desk) == 1


def test_a_file_that_is_no_backup_is_refused(refused, desk):
    assert "town.csv" in refused("restore", "town.csv", "--data", desk, code=2)
    assert "no-such.zip" in refused("restore", "no-such.zip", "--data", desk, code=1)
    assert people(desk) == 1


def test_a_backup_into_a_folder_that_is_not_there_leaves_nothing(refused, desk, tmp_path):
    assert "missing" in refused("backup", "missing/b.zip", "--data", desk, code=1)
    assert not (tmp_path / "missing").exists()


def test_nobody_else_can_read_what_the_desk_keeps(kuulo, tmp_path):
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "empty.zip").write_bytes(b"")
    kuulo("restore", "empty.zip", "--data", "open")
    kept = [path for path in (tmp_path / "open").rglob("*") if path.is_file()]
    assert tmp_path / "open/kuulo.sqlite3" in kept
    assert {path.name for path in kept if path.stat().st_mode & 0o077} == set()

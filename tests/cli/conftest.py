"""One cache for all tests of the command, and an invented town that wrote to its council."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from running import TOWN, Done, run

Run = Callable[..., Done]


@pytest.fixture(scope="session")
def cold(tmp_path_factory) -> tuple[Path, Path]:
    """The town grouped with an empty cache: its folder (town.csv, out) and the cache, which is then warm.

    Made once, also where several workers run the tests side by side.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "town/out").exists():
            (shared / "town").mkdir()
            (shared / "town/town.csv").write_text(TOWN, encoding="utf-8")
            done = run("group", "town.csv", "--out", "out", cwd=shared / "town", cache=shared / "cache")
            assert done.code == 0, done.err
    return shared / "town", shared / "cache"


@pytest.fixture(scope="session")
def cache(cold) -> Path:
    return cold[1]


@pytest.fixture(scope="session")
def town(cold) -> Path:
    """The town's result; not to be changed."""
    return cold[0] / "out"


@pytest.fixture
def kuulo(cache, tmp_path) -> Run:
    """Run the command in an empty folder that holds town.csv."""
    (tmp_path / "town.csv").write_text(TOWN, encoding="utf-8")

    def in_folder(*arguments, **options) -> Done:
        return run(*arguments, **{"cwd": tmp_path, "cache": cache} | options)

    return in_folder


@pytest.fixture
def refused(kuulo) -> Callable[..., str]:
    """Run the command, which must say no in one plain sentence and with this exit code; give the sentence."""

    def sentence(*arguments, code: int, **options) -> str:
        done = kuulo(*arguments, **options)
        *_, said = done.err.splitlines()
        assert (done.code, said[:7]) == (code, "kuulo: "), done
        assert said.endswith((".", "!")), said
        assert "?" not in said, said
        assert done.out == ""
        assert all(line == said or ": " in line for line in done.err.splitlines())
        return said

    return sentence

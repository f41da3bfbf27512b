"""Run the real command in a child process, and read what it wrote."""

import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = (sys.executable, "-m", "kuulo")
FILES = {
    "ledger.json",
    "messages.csv",
    "report.html",
    "themes.json",
    "state/check.json",
    "state/grouping.json",
    "state/messages.jsonl",
    "state/vectors.npy",
}
# an invented town: five matters in several languages, three letters of a campaign, two who say nothing
TOWN = (Path(__file__).parent / "town.csv").read_text("utf-8")


@dataclass(frozen=True)
class Done:
    """What a run gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def environment(cache: Path, **more: str) -> dict[str, str]:
    """The environment of a child: no settings of the person who runs the tests but where programs are."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KUULO_", "LC_", "PYTHONUNBUF"))
    }
    return kept | {"KUULO_CACHE": str(cache), "LANG": "C.UTF-8", "COLUMNS": "100", **more}


def run(*arguments, cwd: Path, cache: Path, stdin=b"", program=PROGRAM, env=None, timeout=180, **options) -> Done:
    """Run the command to its end. Whatever happens, nobody sees a traceback or a raw control character."""
    done = subprocess.run(
        [*program, *map(str, arguments)],
        cwd=cwd,
        env=environment(cache, **(env or {})),
        timeout=timeout,
        check=False,
        **{"input": stdin, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options,
    )
    out, err = (done.stdout or b"").decode(errors="replace"), done.stderr.decode(errors="replace")
    assert "Traceback" not in err, err
    assert "Exception ignored" not in err, err
    assert "\x1b" not in out + err
    return Done(done.returncode, out, err)


def start(*arguments, cwd: Path, cache: Path, **options) -> subprocess.Popen[bytes]:
    """Begin a run that the test itself will watch and end."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env=environment(cache),
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options,
    )


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its name in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def rows(folder: Path) -> list[dict[str, str]]:
    """The rows of messages.csv."""
    with (folder / "messages.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def groups(folder: Path, level: str) -> set[frozenset[str]]:
    """The ids of the messages that stand together in a theme or subtheme."""
    together: dict[str, set[str]] = {}
    for row in rows(folder):
        if row["status"] == "grouped":
            together.setdefault(row[level], set()).add(row["id"])
    return {frozenset(ids) for ids in together.values()}

"""Practise a storm: make a training copy, of the invented town or of a desk, and open it with a storm to be told."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from kuulo.cli.demo import fill, look_back
from kuulo.cli.demo_town import SOURCES, ferry_storm
from kuulo.cli.desk import hold, make_ready, open_desk, told_plainly
from kuulo.cli.prepare import ready
from kuulo.cli.progress import ProgressLine
from kuulo.cli.refusal import DeskRefused
from kuulo.cli.serve import check_port, first_link, serve
from kuulo.desk.practice.marker import Marker, mark, marker_of

COPY = "practice-copy.zip"


def run(asked: argparse.Namespace) -> int:
    """Prepare the training copy where that was not done before, and open it."""
    folder = (asked.data or Path(platformdirs.user_data_dir("kuulo-practice", appauthor=False))).resolve()
    check_port(asked.host, asked.port)
    check_asked(asked, folder)
    forget_copies(folder)
    copy = copied(asked.desk, folder) if asked.desk else None
    begun = marker_of(folder) or Marker(asked.speed, _now())
    mark(folder, replace(begun, speed=asked.speed))
    if not is_prepared(folder):
        prepare(folder, copy, asked.storm)
    if asked.again:
        begin_anew(folder)
    settle(folder)
    code = serve(folder, asked.host, asked.port, welcome=welcome)
    settle(folder)
    return code


def check_asked(asked: argparse.Namespace, folder: Path) -> None:
    """Raise DeskRefused where it cannot be: above all where the folder is anything else than a training copy."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if marker_of(folder):
        hold(folder, "desk").close()
    elif any(folder.iterdir()):
        raise DeskRefused("not-a-practice", folder=str(folder))
    if asked.storm and not asked.desk:
        raise DeskRefused("storm-of-nothing")
    if asked.desk and is_prepared(folder):
        raise DeskRefused("practice-there", folder=str(folder))


def is_prepared(folder: Path) -> bool:
    """Tell whether the training copy has its storm, which comes last."""
    return (folder / "practice-storm.json").exists()


def copied(desk: Path, folder: Path) -> Path:
    """Give a backup of a desk, which may be in use: the file that was named, or one made of the data folder."""
    if desk.is_file():
        return desk
    if not (desk / "kuulo.sqlite3").exists() and not ("DATABASE_URL" in os.environ and desk.is_dir()):
        raise DeskRefused("no-such-desk", folder=str(desk))
    file = folder / COPY
    mark(folder, Marker(1, _now()))  # from now on the folder is one of ours
    # a program of its own: this one is to open the training copy, with none of the desk's settings
    command = [sys.executable, "-P", "-m", "kuulo", "backup", str(file), "--data", str(desk)]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        raise DeskRefused("no-copy", folder=str(desk))
    return file


def forget_copies(folder: Path) -> None:
    """Remove the backup of a desk, secrets and all, that a start which was killed left behind, whole or in part."""
    for file in folder.glob(f"*{COPY}*"):
        file.unlink()


def prepare(folder: Path, copy: Path | None, storm: int | None) -> None:
    """Fill the training copy and give it its storm."""
    if copy:
        restore(folder, copy, storm)
    else:
        fill(folder, "quiet")
        from kuulo.desk.practice.storm import write_storm

        write_storm(folder, [(at, SOURCES[row["channel"]], _post(row)) for at, row in ferry_storm()])


def restore(folder: Path, copy: Path, storm: int | None) -> None:
    """Put a desk's backup into the training copy, without its secrets, and take out the storm to be told anew."""
    open_desk(folder)
    from kuulo.desk.not_now import NotNow
    from kuulo.desk.practice.copy import strip, take_storm

    put_back(folder, copy, then=strip)
    forget_copies(folder)
    with told_plainly():
        try:
            take_storm(storm)
        except NotNow as refusal:
            raise DeskRefused(refusal.code) from None
        look_back()
    ready(None, ProgressLine(0))


def put_back(folder: Path, file: Path, *, then: Callable[[], None] = lambda: None) -> None:
    """Put a backup in the place of all that the training copy holds, with what is ``then`` done to it, at once."""
    open_desk(folder)
    from kuulo.desk.backup import restore_backup

    locks = [hold(folder, name) for name in ("desk", "worker")]
    make_ready()
    with told_plainly():
        restore_backup(file, uploads=folder / "uploads", replace=True, then=then)
    for lock in locks:
        lock.close()


def begin_anew(folder: Path) -> None:
    """Have the desk as it was before the first message of the storm was told, if one was."""
    before = folder / "practice-before.zip"
    if before.exists():
        put_back(folder, before)
    if marker := marker_of(folder):
        mark(folder, replace(marker, since=_now()))


def settle(folder: Path) -> None:
    """Stop the clock where it still goes: nothing is told while the desk is closed."""
    lock = hold(open_desk(folder), "desk")
    make_ready()
    from kuulo.desk.practice.clock import settle as stop_clock

    with told_plainly():
        stop_clock()
    lock.close()


def welcome(address: str) -> str:
    """Give the lines to print: where to practise, and the link for the first administrator."""
    return "\n".join(filter(None, (f"The clock: {address}/practice/", first_link(address))))


def _post(row: dict[str, str]) -> dict[str, object]:
    told = {name: row[name] for name in ("id", "author", "thread")}
    return told | {"text": row["message"], "background": [["area", row["area"]]] if row["area"] else []}


def _now() -> str:
    return datetime.now(UTC).isoformat()

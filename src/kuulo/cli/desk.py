"""The desk's data: which folder, who holds it, and how it is made ready."""

import fcntl
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from kuulo.cli.refusal import DeskRefused

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# any number will do that no other program takes for its own lock in the same database
MIGRATING = 0x6B75756C6F


def open_desk(data: Path | None) -> Path:
    """Start Django on the data in this folder (None: KUULO_DATA or the user's own); give the folder.

    Whatever this process and its children write from now on is its owner's alone to read.
    """
    os.umask(0o077)
    if data is not None:
        os.environ["KUULO_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "kuulo.settings"
    import django
    from django.conf import settings

    django.setup()
    return Path(settings.DATA_DIR)


def is_one_file() -> bool:
    """Tell whether the database is a file in the data folder, which one server and one worker share."""
    from django.db import connection

    return connection.vendor == "sqlite"


def make_ready() -> None:
    """Check what must be right and bring the tables up to date. Raises DeskRefused."""
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError
    from django.db import connection

    from kuulo.desk.backup import settle_uploads

    try:
        with told_plainly():
            call_command("check", databases=["default"], stdout=io.StringIO())
            with _one_at_a_time(connection):
                call_command("migrate", verbosity=0, interactive=False)
            settle_uploads(settings.DATA_DIR / "uploads")
    except SystemCheckError as error:
        raise DeskRefused("desk-check", reason=" ".join(str(error).split())) from None


@contextmanager
def told_plainly() -> Iterator[None]:
    """Use the database, and leave it; where it fails, say so as DeskRefused."""
    from django.db import DatabaseError, connections

    try:
        yield
    except DatabaseError as error:
        raise DeskRefused("no-database", reason=" ".join(str(error).split())) from error
    finally:
        connections.close_all()


@contextmanager
def _one_at_a_time(connection: "BaseDatabaseWrapper") -> Iterator[None]:
    """Let two programs that start at once on one PostgreSQL change its tables one after the other."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def hold(folder: Path, name: str) -> TextIO:
    """Take the lock of this name in the data folder; it is let go with the file. Raises DeskRefused."""
    file = (folder / f"{name}.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise DeskRefused("desk-in-use", folder=str(folder)) from None
    return file

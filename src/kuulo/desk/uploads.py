"""Uploads: files on their way in lie on disk until their intake is over, and not a day longer."""

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import IO

from django.conf import settings

from kuulo.hear.reading import Limits
from kuulo.hear.refused import Refused

MOST = Limits().file
_CHUNK = 1 << 20
_FORGOTTEN = 24 * 3600.0


def folder() -> Path:
    """Give the folder of uploads, made where it is missing; nobody else may look into it."""
    path = Path(settings.DATA_DIR) / "uploads"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def place(number: int) -> Path:
    """Give where the file of the intake with this number lies."""
    return folder() / str(number)


def keep(file: IO[bytes], *, most: int = MOST) -> tuple[Path, str, int]:
    """Copy a file to disk; give its place for now, its SHA-256 and its size in bytes.

    Raises Refused for an empty file and for one of more than ``most`` bytes.
    """
    handle, name = tempfile.mkstemp(prefix="new-", dir=folder())
    try:
        with os.fdopen(handle, "wb") as kept:
            digest, size = _copy(file, kept, most)
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name), digest, size


def _copy(file: IO[bytes], kept: IO[bytes], most: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise Refused("too-large", {"limit": most})
        digest.update(chunk)
        kept.write(chunk)
    if not size:
        raise Refused("empty-file")
    return digest.hexdigest(), size


def remove(number: int) -> None:
    """Remove the file of an intake that is over."""
    place(number).unlink(missing_ok=True)


def sweep(wanted: set[int]) -> None:
    """Remove what a crash left behind: files of a day ago or more that no ``wanted`` intake needs."""
    for path in folder().iterdir():
        old = time.time() - path.stat().st_mtime > _FORGOTTEN
        if old and not (path.name.isdecimal() and int(path.name) in wanted):
            path.unlink(missing_ok=True)

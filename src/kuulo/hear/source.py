"""Open what is to be read, a path or standard input, as a seekable file of bounded size."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

from kuulo.hear.refused import Refused

_CHUNK = 1 << 20


@contextmanager
def opened(path: str, *, stdin: BinaryIO | None, most: int) -> Iterator[BinaryIO]:
    """Yield a seekable binary file of at most ``most`` bytes; pipes and standard input are copied to disk."""
    if path == "-":
        if stdin is None:
            raise Refused("no-such-file")
        with _copied(stdin, most=most) as copy:
            yield copy
        return
    with _open(path) as raw:
        if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
            with _copied(raw, most=most) as copy:
                yield copy
        else:
            _check_size(os.fstat(raw.fileno()).st_size, most=most)
            yield raw


def shown(path: str) -> str:
    """Give a path as text that can be written anywhere, also where its bytes are not UTF-8."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _open(path: str) -> BinaryIO:
    try:
        if Path(path).is_dir():
            raise Refused("is-directory")
        return Path(path).open("rb")
    except (OSError, ValueError) as problem:
        _refuse(problem)


def _refuse(problem: Exception) -> NoReturn:
    # ValueError: a NUL in the path. The rest of the first group are names that no file can have.
    missing = isinstance(problem, ValueError) or getattr(problem, "errno", 0) in {
        errno.ENOENT,
        errno.ENOTDIR,
        errno.ENAMETOOLONG,
        errno.ELOOP,
        errno.ENXIO,
    }
    code = "no-such-file" if missing else "not-permitted"
    raise Refused(code) from problem


@contextmanager
def _copied(raw: BinaryIO, *, most: int) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as copy:
        total = 0
        while chunk := raw.read(_CHUNK):
            total += len(chunk)
            if total > most:
                raise Refused("too-large", {"limit": most})
            copy.write(chunk)
        _check_size(total, most=most)
        copy.seek(0)
        yield copy


def _check_size(size: int, *, most: int) -> None:
    if size == 0:
        raise Refused("empty-file")
    if size > most:
        raise Refused("too-large", {"size": size, "limit": most})

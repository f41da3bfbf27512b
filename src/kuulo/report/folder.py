"""Put a result on disk so that a reader finds the old one whole or the new one whole, never a mixture.

The files are written to a hidden folder beside the result, flushed to the disk, and put in its place by one
rename. Where the system can exchange two folders in one step (Linux), no moment is without a result.
Elsewhere the old result is moved aside first, and moved back at the next start if the run died between the
two steps.
"""

import ctypes
import errno
import fcntl
import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_CANNOT_EXCHANGE = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}


class FolderRefused(Exception):
    """A folder that a result cannot go to.

    ``code`` is not-a-result, not-writable, no-space or is-file; ``facts`` name the folder and, where the
    system said no, its reason.
    """

    def __init__(self, code: str, facts: dict[str, str | int]) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def write_result(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace the folder by one that holds exactly these files (plain names); all of them or nothing.

    Allowed where the folder does not exist, is empty or holds a result of Kuulo. Raises FolderRefused.
    """
    folder = folder.resolve()
    with _refusing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone_beside(folder):
            _recover(folder)
            check_replaceable(folder)
            new = _beside(folder, "new")
            try:
                _write_all(new, files, mode=_mode_of(folder))
                _put_in_place(new, folder)
            finally:
                shutil.rmtree(new, ignore_errors=True)


def recover_result(folder: Path) -> None:
    """Bring back a result that a run which was killed had moved aside; call before reading a folder."""
    folder = folder.resolve()
    if folder.parent.is_dir():
        with _refusing(folder), _alone_beside(folder):
            _recover(folder)


def check_replaceable(folder: Path) -> None:
    """Refuse a folder that write_result would refuse; to be asked before the work begins, too."""
    with _refusing(folder):
        if not folder.exists():
            _check_writable(folder.parent)
        elif not folder.is_dir():
            raise FolderRefused("is-file", {"folder": str(folder)})
        elif any(folder.iterdir()) and not _is_result(folder):
            raise FolderRefused("not-a-result", {"folder": str(folder)})
        else:
            _check_writable(folder.resolve().parent)


def _check_writable(parent: Path) -> None:
    while not parent.exists():
        parent = parent.parent
    if not os.access(parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(parent))


def _is_result(folder: Path) -> bool:
    try:
        ledger = json.loads((folder / "ledger.json").read_bytes())
    except (FileNotFoundError, IsADirectoryError, ValueError, RecursionError):
        return False
    return isinstance(ledger, dict) and "kuulo" in ledger


@contextmanager
def _refusing(folder: Path) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError) as problem:
        raise FolderRefused("is-file", {"folder": str(folder), "path": str(problem.filename)}) from problem
    except OSError as problem:
        code = "no-space" if problem.errno in _NO_SPACE else "not-writable"
        raise FolderRefused(code, {"folder": str(folder), "reason": problem.strerror or ""}) from problem


@contextmanager
def _alone_beside(folder: Path) -> Iterator[None]:
    """Let one run at a time work beside the folder, so that what it finds there is of no living run."""
    parent = os.open(folder.parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network disks cannot lock a folder
            fcntl.flock(parent, fcntl.LOCK_EX)
        yield
    finally:
        os.close(parent)


def _beside(folder: Path, role: str) -> Path:
    return folder.with_name(f".{folder.name}.kuulo-{role}-{secrets.token_hex(4)}")


def _left_beside(folder: Path, role: str) -> list[Path]:
    prefix = f".{folder.name}.kuulo-{role}-"
    return sorted(path for path in folder.parent.iterdir() if path.name.startswith(prefix))


def _recover(folder: Path) -> None:
    for old in _left_beside(folder, "old"):
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(folder)
    for new in _left_beside(folder, "new"):
        shutil.rmtree(new, ignore_errors=True)


def _mode_of(folder: Path) -> int | None:
    """Residents' words stay as closed as the folder that they stood in."""
    return stat.S_IMODE(folder.stat().st_mode) if folder.exists() else None


def _write_all(folder: Path, files: Mapping[str, bytes], *, mode: int | None) -> None:
    folder.mkdir()
    if mode is not None:
        folder.chmod(mode | stat.S_IRWXU)
    for name, content in files.items():
        parts = name.split("/")
        if len(parts) > 2 or any(part in {"", ".", ".."} or Path(part).name != part for part in parts):
            raise ValueError(f"not a plain file name, nor one in one folder: {name!r}")
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    for inner in {(folder / name).parent for name in files} | {folder}:
        _sync(inner)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _put_in_place(new: Path, folder: Path) -> None:
    """Rename; what stood in the folder before ends under the name ``new`` and is removed with it."""
    if not folder.exists() or not any(folder.iterdir()):
        new.rename(folder)
    elif not exchange(new, folder):
        old = _beside(folder, "old")
        folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        _sync(folder.parent)
        shutil.rmtree(old, ignore_errors=True)
    _sync(folder.parent)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system or the disk cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    done = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    problem = ctypes.get_errno()
    if done != 0 and problem not in _CANNOT_EXCHANGE:
        raise OSError(problem, os.strerror(problem), str(other))
    return bool(done == 0)

"""Have a workbook read by a child process with limits, and take its rows."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import kuulo
from kuulo.hear.reading import Limits
from kuulo.hear.refused import Refused

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A sheet that is being read; ``rows`` are as in the sheet, empty ones are empty lists."""

    format: str
    name: str
    others: tuple[str, ...]
    width: int
    rows: Iterator[list[str]]


@contextmanager
def opened(stream: BinaryIO, *, order: str, limits: Limits) -> Iterator[Sheet]:
    """Read one sheet (the ordered one, else the one with the most words) of a workbook in a child process."""
    # what the child tells is kept on disk first: whoever takes the rows may take longer than it may
    with tempfile.TemporaryFile() as kept:
        status, late = _keep(stream, kept, order=order, limits=limits)
        told = _told(kept, status=status, late=late)
        first = next(told)
        yield Sheet(
            format=first["format"],
            name=first["sheet"],
            others=tuple(first["others"]),
            width=first["width"],
            rows=told,
        )


def _keep(stream: BinaryIO, kept: BinaryIO, *, order: str, limits: Limits) -> tuple[int, bool]:
    """Keep all that the child tells; give the status that it ended with, and whether it took too long."""
    late = threading.Event()
    with _child(stream, order=order, limits=limits) as child:
        clock = threading.Timer(limits.seconds, _stop, (child, late))
        clock.start()
        try:
            _copy(child.stdout, kept, most=limits.unpacked)
            child.wait()
        finally:
            clock.cancel()
            child.kill()
    return child.wait(), late.is_set()


def _copy(pipe: IO[bytes] | None, kept: BinaryIO, *, most: int) -> None:
    while pipe is not None and (piece := pipe.read(_CHUNK)):
        kept.write(piece)
        if kept.tell() > most:
            raise Refused("too-large", {"limit": most})
    kept.seek(0)


def _child(stream: BinaryIO, *, order: str, limits: Limits) -> subprocess.Popen[bytes]:
    """Start the child on the open file itself, so that no name is looked up twice."""
    stream.seek(0)
    numbers = (limits.memory, limits.seconds, limits.unpacked)
    # -P: nothing in the working directory, which may be full of foreign files, is ever imported.
    command = [sys.executable, "-P", "-m", "kuulo.hear.workbook", order.replace("\0", ""), *map(str, numbers)]
    places = [str(Path(kuulo.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        command,
        stdin=stream,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places)), "RUST_BACKTRACE": "0"},
    )


def _stop(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _told(kept: BinaryIO, *, status: int, late: bool) -> Iterator[Any]:
    """Yield what the child told until its end, or raise Refused: for it, or for how it died."""
    while (line := kept.readline()).endswith(b"\n"):
        told = json.loads(line)
        if isinstance(told, dict) and "refused" in told:
            raise Refused(told["refused"], told["facts"])
        if isinstance(told, dict) and "end" in told:
            return
        yield told
    raise Refused(_cause(status, late=late))


def _cause(status: int, *, late: bool) -> str:
    if late or status == -signal.SIGXCPU:
        return "parse-timeout"
    # Rust aborts when it gets no memory; a kill that was not ours is the system's, short of memory.
    return "out-of-memory" if status in {-signal.SIGABRT, -signal.SIGKILL} else "bad-workbook"

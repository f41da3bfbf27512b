"""Have a workbook read by a child process with limits, and take its rows."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import kuulo
from kuulo.hear.reading import Limits
from kuulo.hear.refused import Refused


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
    with _child(stream, order=order, limits=limits) as child:
        late = threading.Event()
        clock = threading.Timer(limits.seconds, _stop, (child, late))
        clock.start()
        try:
            told = _told(child, late=late, limits=limits)
            first = next(told)
            yield Sheet(
                format=first["format"],
                name=first["sheet"],
                others=tuple(first["others"]),
                width=first["width"],
                rows=told,
            )
        finally:
            clock.cancel()
            child.kill()


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


def _told(child: subprocess.Popen[bytes], *, late: threading.Event, limits: Limits) -> Iterator[Any]:
    """Yield what the child tells until its end, or raise Refused: for it, or for how it died."""
    pipe: IO[bytes] | None = child.stdout
    left = limits.unpacked
    while pipe is not None and (line := pipe.readline(left + 1)):
        left -= len(line)
        if left < 0:
            raise Refused("too-large", {"limit": limits.unpacked})
        if not line.endswith(b"\n"):
            break
        told = json.loads(line)
        if isinstance(told, dict) and "refused" in told:
            raise Refused(told["refused"], told["facts"])
        if isinstance(told, dict) and "end" in told:
            return
        yield told
    raise Refused(_cause(child.wait(), late=late.is_set()))


def _cause(status: int, *, late: bool) -> str:
    if late or status == -signal.SIGXCPU:
        return "parse-timeout"
    # Rust aborts when it gets no memory; a kill that was not ours is the system's, short of memory.
    return "out-of-memory" if status in {-signal.SIGABRT, -signal.SIGKILL} else "bad-workbook"

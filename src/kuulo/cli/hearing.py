"""Read the files that were named, and note of each what the ledger tells."""

import argparse
import hashlib
import io
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from kuulo.cli.guesses import guessed
from kuulo.cli.refusal import InputInResult, NothingToGroup
from kuulo.hear.files import read
from kuulo.hear.reading import Orders, Reading
from kuulo.message import Message
from kuulo.report.ledger import InputFile

_STDIN = "-"


def hear(asked: argparse.Namespace) -> tuple[list[Message], list[InputFile]]:
    """Read all files as ordered, saying on standard error how each was understood. Raises Refused."""
    orders = Orders(
        text=tuple(asked.text),
        id=asked.id,
        time=asked.time,
        author=asked.author,
        language=asked.language,
        actor=asked.actor,
        encoding=asked.encoding,
        delimiter=asked.delimiter,
        header=asked.header,
        sheet=asked.sheet,
    )
    messages: list[Message] = []
    inputs = []
    for path in asked.files:
        reading, digest = _read(path, orders)
        print(guessed(path, reading), file=sys.stderr)
        messages += reading.messages
        rows = len({message.row for message in reading.messages})
        inputs.append(InputFile(file=reading.messages[0].file, sha256=digest, rows=rows, guess=asdict(reading.guess)))
    if not messages:
        raise NothingToGroup
    return messages, inputs


def check_apart(files: list[str], folder: Path) -> None:
    """Refuse a file in the folder that the result replaces: it would be gone."""
    whole = os.path.realpath(folder)
    for file in files:
        if Path(file).is_file() and Path(os.path.realpath(file)).is_relative_to(whole):
            raise InputInResult(file, str(folder))


def _read(path: str, orders: Orders) -> tuple[Reading, str]:
    """Give what was read and its SHA-256; what can be read only once is summed while it is read."""
    if path == _STDIN:
        return _read_once(sys.stdin.buffer if sys.stdin else io.BytesIO(), orders)
    if Path(path).is_fifo() or Path(path).is_char_device():
        with Path(path).open("rb") as pipe:
            return _read_once(pipe, orders)
    reading = read(path, orders=orders)
    with Path(path).open("rb") as file:
        return reading, hashlib.file_digest(file, "sha256").hexdigest()


def _read_once(stream: BinaryIO, orders: Orders) -> tuple[Reading, str]:
    summed = _Summed(stream)
    reading = read(_STDIN, orders=orders, stdin=io.BufferedReader(summed))
    return reading, summed.digest.hexdigest()


class _Summed(io.RawIOBase):
    """A stream that sums up what is read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.digest = hashlib.sha256()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self._stream.read(len(buffer))
        self.digest.update(content)
        buffer[: len(content)] = content
        return len(content)

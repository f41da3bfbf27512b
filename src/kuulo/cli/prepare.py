"""Ready what later runs need: the encoder's graph and the word tables, each built once."""

import argparse
import subprocess
import sys
from pathlib import Path

from kuulo.cli.progress import ProgressLine
from kuulo.cli.refusal import NotPrepared
from kuulo.group.describe import word_tables
from kuulo.group.encoder_file import check_model, find_model
from kuulo.group.encoder_store import GraphStore, PieceStore
from kuulo.lang.words import LANGUAGES, has_table


def run(asked: argparse.Namespace) -> int:
    """Build what is missing and say what is ready."""
    ready(asked.model, ProgressLine(0))
    print(f"Ready. Everything is kept in {word_tables().parent}.")
    return 0


def ready(model: str | None, line: ProgressLine) -> None:
    """Build the graph and the word tables where they are missing.

    Each table is built in a process of its own: the Finnish one needs 700 MB for some seconds, which this
    process would otherwise hold for the rest of its life.
    """
    path, folder = find_model(model), word_tables()
    # also where the graph stands ready: the word rows are still read from the file
    check_model(path)
    for store in (GraphStore(), PieceStore()):
        if not store.is_ready():
            line.step("open")
            store.ready(path)
    for language in LANGUAGES:
        if not has_table(folder, language):
            line.step("prepare")
            _build_apart(folder, language)
    line.close()


def _build_apart(folder: Path, language: str) -> None:
    code = (
        "import sys, pathlib; from kuulo.lang.words import build_table; "
        "build_table(pathlib.Path(sys.argv[1]), sys.argv[2])"
    )
    # -P: nothing in the working directory, which may be full of foreign files, is ever imported
    command = [sys.executable, "-P", "-c", code, str(folder), language]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode:
        raise NotPrepared(str(folder))

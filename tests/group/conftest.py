"""One cache folder, one encoder and one grouping of the golden set for all tests of grouping."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kuulo.group.describe import word_tables
from kuulo.group.embed import Encoder
from kuulo.group.pipeline import group
from kuulo.lang.services import LANGUAGES, concepts
from kuulo.message import Message

ROOT = Path(__file__).parents[2]
BUILD = "import sys, pathlib; from kuulo.lang.words import build_table; build_table(pathlib.Path(sys.argv[1]), sys.argv[2])"


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """The user's own cache stays untouched."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUULO_CACHE", str(folder))
        patch.delenv("KUULO_MODEL", raising=False)
        yield folder


@pytest.fixture(scope="session")
def encoder(cache):
    return Encoder.open()


@pytest.fixture(scope="session")
def uncached(cache):
    return Encoder.open(cache=False, threads=1)


@pytest.fixture(scope="session")
def tables(cache):
    """The word tables, each built by a process of its own as the command does."""
    folder = word_tables()
    commands = {language: [sys.executable, "-c", BUILD, str(folder), language] for language in LANGUAGES}
    # the Finnish one takes longer than all others together
    with subprocess.Popen(commands.pop("fi")) as finnish:
        for command in commands.values():
            subprocess.run(command, check=True, timeout=120)
    assert finnish.returncode == 0
    return folder


@pytest.fixture(scope="session")
def parallel(encoder):
    """The raw vectors (languages, sentences, 768) of every third sentence of the vocabulary."""
    return np.stack([encoder.raw_vectors([c.wording[lang].sentence for c in concepts()[::3]]) for lang in LANGUAGES])


@pytest.fixture(scope="session")
def messages():
    """The golden set's messages as they come from the file."""
    with (ROOT / "src/kuulo/demo/messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [
        Message(
            text=row["message"], file="messages.csv", row=at, id=row["id"], time=row["time"], author=row["author"]
        )
        for at, row in enumerate(rows, start=1)
    ]


@pytest.fixture(scope="session")
def labels():
    """The golden set's labels by message id."""
    with (ROOT / "tests/golden/labels.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def golden(messages, encoder, tables):
    """The state that grouping the golden set gives."""
    return group(messages, encoder)


@pytest.fixture
def child():
    """Starts a Python program in a process of its own; ``finish`` gives what it printed."""
    running = []

    def start(code, *arguments, user=None, **environment):
        settings = os.environ | {name: str(value) for name, value in environment.items()}
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            user=user,
        )
        running.append(process)

        def finish():
            out, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors
            return out.strip()

        return finish

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
            process.communicate()

"""The house is in order: rooms know only what they may, and papers say what the code does."""

import argparse
import configparser
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kuulo.cli.arguments import parser
from kuulo.report.messages_csv import HEADER

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs/reference"
SLOW_TO_LOAD = {"numpy", "scipy", "onnxruntime", "onnx", "sknetwork", "simplemma", "py3langid", "jinja2", "tqdm"}


def verbs() -> dict[str, argparse.ArgumentParser]:
    (chosen,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(chosen.choices)


def section(text: str, heading: str) -> str:
    """The part of a page under a heading."""
    return text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]


def test_the_rooms_keep_their_contracts():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


def test_the_architecture_tells_the_same_order_as_the_contracts():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    layers = contracts["importlinter:contract:rooms"]["layers"].split("\n")
    order = section((ROOT / "ARCHITECTURE.md").read_text("utf-8"), "## The import order")
    told = re.search(r"```text\n(.*?)```", order, re.DOTALL)
    assert told is not None
    assert told[1].split("\n")[:-1] == [layer.strip() for layer in layers if layer.strip()]


def test_the_architecture_names_every_room():
    told = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for path in (ROOT / "src/kuulo").iterdir():
        if not path.name.startswith("_") and path.suffix in {"", ".py"}:
            assert f"`{path.name}/`" in told or f"`{path.name}`" in told, path.name


def test_the_reference_has_every_verb_and_option_and_no_other():
    page = (REFERENCE / "command.md").read_text("utf-8")
    told = {verb: section(page, f"## kuulo {verb}") for verb in verbs()}
    for verb, words in verbs().items():
        options = {option for action in words._actions for option in action.option_strings} - {"-h", "--help"}
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", told[verb])) == options, verb
        for action in words._actions:
            if not action.option_strings:
                assert str(action.metavar) in told[verb], (verb, action.metavar)
    assert {f"## kuulo {verb}" for verb in verbs()} == set(re.findall(r"^## kuulo \w+$", page, re.MULTILINE))


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "nn", "en"])
def test_the_reference_names_the_languages(language):
    assert f"`{language}`" in section((REFERENCE / "command.md").read_text("utf-8"), "## kuulo group")


def test_the_reference_has_the_columns_of_messages_csv_in_order():
    told = section((REFERENCE / "result-folder.md").read_text("utf-8"), "## messages.csv")
    assert re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE) == list(HEADER)


def test_every_variable_that_is_read_is_in_the_reference():
    told = section((REFERENCE / "command.md").read_text("utf-8"), "## Environment variables")
    read = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"\bKUULO_[A-Z_]+", path.read_text("utf-8"))
    }
    assert read == set(re.findall(r"^\| `(KUULO_[A-Z_]+)`", told, re.MULTILINE))


def shipped() -> Iterator[Path]:
    """Every file of the project but the licence, the tests and what tools leave."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name != "LICENSE" and path.name != ".git")
    for folder in ("src", "docs", "benchmarks", "requirements", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def test_no_file_names_a_place_on_somebodys_machine():
    place = re.compile(rb"(?<![\w.~/])/(?:work|root|home|tmp|Users|private|mnt)/\w")
    found = {path.relative_to(ROOT): place.findall(path.read_bytes()) for path in shipped()}
    assert {path: places for path, places in found.items() if places} == {}


def test_locks_hold_hashes_and_no_address():
    address = re.compile(r"https?:|//|--index|--extra|--find|(?:^|\s)-[if]\s|@", re.MULTILINE)
    locks = sorted((ROOT / "requirements").iterdir())
    assert {path.name for path in locks} >= {"run.txt", "test.txt", "verify.txt"}
    for path in locks:
        text = path.read_text("utf-8")
        assert not address.search(text), path.name
        if path.suffix == ".txt":
            assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\w)", text.strip())), path.name
    assert not list(ROOT.glob("*.lock"))


def test_the_version_is_told_without_loading_what_is_slow():
    command = [sys.executable, "-X", "importtime", "-m", "kuulo", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert re.fullmatch(r"kuulo \d+\.\d+\.\d+\n", done.stdout)
    assert "kuulo" in loaded
    assert loaded & SLOW_TO_LOAD == set()


def test_only_the_outbound_door_can_open_a_connection():
    fetching = re.compile(
        r"^\s*(?:import|from)\s+(?:socket|ssl|http|urllib\.request|requests|httpx2?|httpcore2?|imaplib|smtplib|ftplib)\b",
        re.MULTILINE,
    )
    found = [path for path in (ROOT / "src").rglob("*.py") if fetching.search(path.read_text("utf-8"))]
    # the one that opens the desk asks whether its port is free: it binds, and connects to nothing
    asks_for_a_port = ROOT / "src/kuulo/cli/serve.py"
    door = [ROOT / "src/kuulo/hear" / name for name in ("http.py", "outward.py")]
    assert sorted(found) == sorted([ROOT / "src/kuulo/cli/propose.py", asks_for_a_port, *door])
    assert not re.search(r"\.connect(_ex)?\(|create_connection", asks_for_a_port.read_text("utf-8"))


def test_ci_runs_what_a_change_must_pass():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    ordered = " ".join(re.findall(r"^make (.+)$", script.read_text("utf-8"), re.MULTILINE)).split()
    assert {"test", "verify", "lint", "types"} <= set(ordered)

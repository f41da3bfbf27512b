"""Read an earlier result back."""

import json
from pathlib import Path

from kuulo.cli.arguments import DEFAULT_LANGUAGE, LANGUAGES
from kuulo.group.state import State, StateRefused, unpack_state
from kuulo.report.folder import recover_result
from kuulo.report.ledger import InputFile


def read_state(folder: Path) -> State:
    """Read the state of a result. Raises StateRefused where it is missing or damaged."""
    recover_result(folder)
    inner = folder / "state"
    if not (inner / "check.json").is_file():
        raise StateRefused("missing-state", str(folder))
    files = {path.name: path.read_bytes() for path in sorted(inner.iterdir()) if path.is_file()}
    return unpack_state(files)


def read_settings(folder: Path) -> dict[str, str]:
    """Read how an earlier result is shown: its ``names`` (a language, English where it is not told) and ``title``."""
    try:
        stored = json.loads((folder / "ledger.json").read_text("utf-8"))["settings"]
        names, title = str(stored.get("names", "")), str(stored.get("title", ""))
    except (OSError, ValueError, KeyError, AttributeError):
        names, title = "", ""
    return {"names": names if names in LANGUAGES else DEFAULT_LANGUAGE, "title": title}


def read_inputs(folder: Path) -> tuple[InputFile, ...]:
    """Read which files an earlier result was made from."""
    try:
        stored = json.loads((folder / "ledger.json").read_text("utf-8"))["inputs"]
        return tuple(InputFile(**entry) for entry in stored)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateRefused("damaged-state", "ledger.json") from error

"""What a result's folder holds, and how it is read back."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from kuulo.cli.arguments import DEFAULT_LANGUAGE, LANGUAGES
from kuulo.group.result import Grouping
from kuulo.group.similar import similar_messages
from kuulo.group.state import State, StateRefused, pack, unpack_state
from kuulo.report.folder import recover_result
from kuulo.report.ledger import InputFile, Ledger, ledger_json
from kuulo.report.messages_csv import messages_csv
from kuulo.report.page import pages
from kuulo.report.page_data import EMBED_ALL
from kuulo.report.themes_json import themes_json


def result_files(state: State, ledger: Ledger) -> dict[str, bytes]:
    """Give every file of the folder, shown as the ledger's settings say: the same state gives the same bytes."""
    messages, grouping = state.messages, state.grouping
    language, title = str(ledger.settings["names"]), str(ledger.settings["title"])
    similar = similar_messages(state) if len(messages) <= EMBED_ALL else {}
    shown = pages(messages, grouping, ledger=ledger, language=language, title=title, similar=similar)
    files = {
        "messages.csv": messages_csv(messages, grouping, language=language).encode(),
        "themes.json": themes_json(messages, grouping).encode(),
        "ledger.json": ledger_json(ledger).encode(),
    }
    files |= {name: content.encode() for name, content in shown.items()}
    return files | {f"state/{name}": content for name, content in pack(state).items()}


def main_language(grouping: Grouping) -> str:
    """Give the language that most messages are in: it names the themes where nobody chose another."""
    spoken = Counter(placement.language for placement in grouping.placements)
    return max((DEFAULT_LANGUAGE, *LANGUAGES), key=lambda language: spoken[language])


def how_grouped(state: State) -> dict[str, str | float]:
    """Give what a grouping depends on beside the texts, for the ledger."""
    told: dict[str, str | float] = {"recipe": state.recipe, "distance": round(state.distance, 4)}
    if state.proposed_by:
        themes = sum(theme.named_by == "model" for theme in state.grouping.themes)
        told |= {"names_proposed_by": state.proposed_by, "themes_with_proposed_names": themes}
    return told


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
        stored = _stored(folder)["settings"]
        names, title = str(stored.get("names", "")), str(stored.get("title", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        names, title = "", ""
    return {"names": names if names in LANGUAGES else DEFAULT_LANGUAGE, "title": title}


def read_inputs(folder: Path) -> tuple[InputFile, ...]:
    """Read which files an earlier result was made from."""
    try:
        return tuple(InputFile(**entry) for entry in _stored(folder)["inputs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateRefused("damaged-state", "ledger.json") from error


def read_versions(folder: Path) -> dict[str, str]:
    """Read which versions an earlier result was made by."""
    try:
        return {str(name): str(version) for name, version in _stored(folder)["versions"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateRefused("damaged-state", "ledger.json") from error


def _stored(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "ledger.json").read_text("utf-8")))

"""Tell where one message went."""

import argparse

from kuulo.cli.refusal import UnknownMessage
from kuulo.cli.result import read_settings, read_state
from kuulo.group.result import Placement
from kuulo.group.state import State
from kuulo.report.encoding import visible
from kuulo.report.names import name_of


def run(asked: argparse.Namespace) -> int:
    """Print a line for each message of this id (several answers of one row share it)."""
    state = read_state(asked.folder)
    language = asked.names or read_settings(asked.folder)["names"]
    found = [i for i, m in enumerate(state.messages) if asked.id in {m.id, f"{m.file}:{m.row}"}]
    if not found:
        raise UnknownMessage(asked.id)
    for index in found:
        message = state.messages[index]
        stood = f"{visible(message.file)}, row {message.row}, column {visible(message.column)}"
        print(f"{stood}: {_told(state, index, language)}")
    return 0


def _told(state: State, index: int, language: str) -> str:
    place = state.grouping.placements[index]
    named = {theme.id: visible(name_of(theme, language).value) for theme in state.grouping.themes}
    if place.status in {"empty", "unreadable"}:
        return f"{place.status} ({place.reason})"
    nearest = f"{place.theme} {named.get(place.theme, '')}".strip()
    if place.status == "uncertain":
        return f"uncertain; nearest is {nearest}, where it is not counted"
    return f"{nearest} > {place.subtheme} {named.get(place.subtheme, '')}{_copied(state, place)}"


def _copied(state: State, place: Placement) -> str:
    if place.copy_of < 0:
        return ""
    first = state.messages[place.copy_of]
    return f"; the same text as {visible(first.file)}, row {first.row}"

"""The ledger: every message accounted for, and a fingerprint of the result."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kuulo.group.result import Grouping
from kuulo.message import Message
from kuulo.report.encoding import json_text
from kuulo.report.messages_csv import messages_csv
from kuulo.report.origin import file_name, origin
from kuulo.report.themes_json import themes_json

FORMAT = 1


class DoesNotAddUpError(ValueError):
    """A count of the result contradicts another: something was lost or counted twice.

    ``code`` says which (statuses, placements, theme, rows); ``facts`` hold what was expected and found.
    """

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, kw_only=True, slots=True)
class InputFile:
    """One file that was read: its SHA-256 in hex, its data rows, and what was guessed of its form."""

    file: str
    sha256: str
    rows: int
    guess: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """What was read and where it went; a ledger that does not add up cannot be made.

    ``copies`` are counted apart: each stands in one of the four sums too. ``apart`` names every message
    that is not grouped, with its status and reason. ``fingerprint`` is the SHA-256 of messages.csv,
    themes.json and the settings (as compact JSON, sorted keys), one after another.
    """

    read: int
    grouped: int
    uncertain: int
    empty: int
    unreadable: int
    copies: int
    apart: tuple[Mapping[str, str | int], ...]
    inputs: tuple[InputFile, ...]
    settings: Mapping[str, object]
    versions: Mapping[str, str]
    fingerprint: str
    run: int = 1

    def __post_init__(self) -> None:
        """Refuse sums that differ."""
        found = self.grouped + self.uncertain + self.empty + self.unreadable
        if found != self.read:
            raise DoesNotAddUpError("statuses", expected=self.read, found=found)
        if len(self.apart) != self.read - self.grouped:
            raise DoesNotAddUpError("apart", expected=self.read - self.grouped, found=len(self.apart))


def draw_up_ledger(
    messages: Sequence[Message],
    grouping: Grouping,
    *,
    inputs: Sequence[InputFile] = (),
    settings: Mapping[str, object],
    versions: Mapping[str, str],
    language: str = "en",
) -> Ledger:
    """Count where every message went and check each sum; ``language`` is that of messages.csv.

    Raises DoesNotAddUpError where a message has no placement, a theme's count differs from its members, or
    a row of an input file gave no message.
    """
    _check_placements(messages, grouping)
    _check_themes(grouping)
    _check_rows(messages, inputs)
    statuses = Counter(placement.status for placement in grouping.placements)
    return Ledger(
        read=len(messages),
        grouped=statuses["grouped"],
        uncertain=statuses["uncertain"],
        empty=statuses["empty"],
        unreadable=statuses["unreadable"],
        copies=sum(placement.copy_of >= 0 for placement in grouping.placements),
        apart=_apart(messages, grouping),
        inputs=tuple(inputs),
        settings=settings,
        versions=versions,
        fingerprint=_fingerprint(messages, grouping, settings=settings, language=language),
        run=grouping.run,
    )


def ledger_json(ledger: Ledger) -> str:
    """Write the ledger; the key ``kuulo`` marks a folder as a result of Kuulo."""
    counts = ("read", "grouped", "uncertain", "empty", "unreadable", "copies")
    inputs = [
        {"file": file_name(file.file), "sha256": file.sha256, "rows": file.rows, "guess": file.guess}
        for file in ledger.inputs
    ]
    content = {
        "kuulo": {"format": FORMAT, "run": ledger.run},
        "counts": {name: getattr(ledger, name) for name in counts},
        "apart": ledger.apart,
        "inputs": inputs,
        "settings": ledger.settings,
        "versions": ledger.versions,
        "fingerprint": ledger.fingerprint,
    }
    return json_text(content) + "\n"


def _apart(messages: Sequence[Message], grouping: Grouping) -> tuple[dict[str, str | int], ...]:
    return tuple(
        origin(message) | {"status": placement.status, "reason": placement.reason or message.unreadable}
        for message, placement in zip(messages, grouping.placements, strict=True)
        if placement.status != "grouped"
    )


def _fingerprint(
    messages: Sequence[Message], grouping: Grouping, *, settings: Mapping[str, object], language: str
) -> str:
    digest = hashlib.sha256()
    digest.update(messages_csv(messages, grouping, language=language).encode())
    digest.update(themes_json(messages, grouping).encode())
    digest.update(json_text(settings, indent=None).encode())
    return digest.hexdigest()


def _check_placements(messages: Sequence[Message], grouping: Grouping) -> None:
    if len(messages) != len(grouping.placements):
        raise DoesNotAddUpError("placements", expected=len(messages), found=len(grouping.placements))


def _check_themes(grouping: Grouping) -> None:
    members: Counter[str] = Counter()
    for placement in grouping.placements:
        if placement.status == "grouped":
            members.update({placement.theme, placement.subtheme} - {""})
            members[""] += not placement.theme
    claimed = {theme.id: theme.messages for theme in grouping.themes} | {"": 0}
    for theme in sorted(claimed.keys() | members.keys()):
        if claimed.get(theme, 0) != members[theme]:
            raise DoesNotAddUpError("theme", theme=theme, expected=claimed.get(theme, 0), found=members[theme])


def _check_rows(messages: Sequence[Message], inputs: Sequence[InputFile]) -> None:
    heard: dict[str, set[int]] = {}
    for message in messages:
        heard.setdefault(file_name(message.file), set()).add(message.row)
    times_named = Counter(file_name(file.file) for file in inputs)
    for file in inputs:
        name = file_name(file.file)
        found = len(heard.get(name, ()))
        # Two files of one name cannot be told apart by their messages.
        if found != file.rows and times_named[name] == 1:
            raise DoesNotAddUpError("rows", file=name, expected=file.rows, found=found)

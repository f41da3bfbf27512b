"""Say in one line how a file was understood, and what is worth knowing about it."""

from kuulo.hear.columns import ALONE
from kuulo.hear.reading import Note, Reading
from kuulo.report.encoding import visible

_NOTES = {
    "encoding-guessed": "its encoding was guessed as {encoding}; --encoding orders another",
    "no-header": "no header was found; --header takes the first row as one",
    "rows-above-header": "{rows} above the header skipped",
    "other-sheets": "sheet {sheet} was read, not {sheets}; --sheet orders another",
    "duplicate-ids": "{rows} with an id that an earlier row has; the first is row {row} (id {id})",
    "ragged-rows": "{rows} with more or fewer cells than the {columns} columns; the first is row {row} ({cells})",
    "extra-cells": "{rows} with cells beyond the last column, which were not read; the first is row {row}: {text}",
    "broken-rows": "{rows} that cannot be read, counted as unreadable; the first is row {row}",
    "joined-cells": "{rows} with cells beyond the last column, read as a part of {column}; the first is row {row}",
    "stray-quotes": "{rows} with a stray quotation mark, read as it stands",
    "encoding-repaired": "{rows} with bytes that do not fit the encoding, so unreadable; the first is row {row}",
    "control": "{rows} of mostly control characters, so unreadable; the first is row {row}",
    "control-replaced": "{rows} with characters that cannot be written, shown as \ufffd; the first is row {row}",
    "too-long": "{rows} with more than 100,000 characters in an answer, so unreadable; the first is row {row}",
}
_ROLES = {"unread": "not read"}
_PARTS = ("text", *ALONE, "background", "unread")
_MOST_LISTED = 12
_SIGNS = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", " ": "spaces"}


def guessed(path: str, reading: Reading) -> str:
    """Give the line for standard error."""
    guess = reading.guess
    parts = [_count(len(reading.messages), "answer"), guess.format]
    parts += [part for part in (guess.encoding, _delimiter(guess.delimiter)) if part]
    for role in _PARTS:
        named = getattr(guess, role)
        named = _listed(named) if isinstance(named, tuple) else named
        if named:
            parts.append(f"{_ROLES.get(role, role)}: {visible(named)}")
    lines = [f"{visible(path)}: {'; '.join(parts)}"]
    return "\n".join([*lines, *(f"  note: {_said(note)}" for note in reading.notes)])


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_LISTED
    return ", ".join(names[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _delimiter(sign: str) -> str:
    return f"cells parted by {_SIGNS.get(sign, visible(sign))}" if sign else ""


def _said(note: Note) -> str:
    shape = _NOTES.get(note.code)
    facts = {name: visible(str(value)) for name, value in note.facts.items()}
    if shape is None:
        named = ", ".join(f"{name} {value}" for name, value in facts.items())
        return f"{note.code.replace('-', ' ')} ({named})"
    counted = {name: _count(int(facts[name]), name[:-1]) for name in ("rows", "cells") if name in facts}
    return shape.format(**facts | counted)


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"

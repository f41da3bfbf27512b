"""Say in one line how a file was understood, and what is worth knowing about it."""

from kuulo.hear.reading import Note, Reading
from kuulo.report.encoding import visible

_NOTES = {
    "encoding-guessed": "its encoding was guessed as {encoding}; --encoding orders another",
    "no-header": "no header was found; --header takes the first row as one",
    "rows-above-header": "{rows} rows above the header were skipped",
    "other-sheets": "sheet {sheet} was read, not {sheets}; --sheet orders another",
    "duplicate-ids": "{rows} rows repeat an earlier id",
    "ragged": "{rows} rows have more or fewer cells than the header",
}


def guessed(path: str, reading: Reading) -> str:
    """Give the line for standard error."""
    guess = reading.guess
    parts = [f"{len(reading.messages)} answers", guess.format]
    parts += [part for part in (guess.encoding, _delimiter(guess.delimiter)) if part]
    for role in ("text", "id", "time", "author", "language"):
        named = getattr(guess, role)
        named = ", ".join(named) if isinstance(named, tuple) else named
        if named:
            parts.append(f"{role}: {visible(named)}")
    lines = [f"{visible(path)}: {'; '.join(parts)}"]
    return "\n".join([*lines, *(f"  note: {_said(note)}" for note in reading.notes)])


def _delimiter(sign: str) -> str:
    return {"": "", "\t": "cells parted by tab"}.get(sign, f"cells parted by {sign}")


def _said(note: Note) -> str:
    shape = _NOTES.get(note.code)
    facts = {name: visible(str(value)) for name, value in note.facts.items()}
    return shape.format(**facts) if shape else f"{note.code.replace('-', ' ')} ({', '.join(facts.values())})"

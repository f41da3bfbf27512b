"""Make messages of a table's rows: one for each row and text column, whatever state the row is in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kuulo.hear.columns import ALONE, Roles
from kuulo.hear.lines import BrokenRow
from kuulo.hear.reading import Note
from kuulo.hear.refused import Fact
from kuulo.lang.actors import actor_of
from kuulo.lang.mask import tells_who
from kuulo.message import Message

TOO_LONG = 100_000
KEPT = 1_000
REPLACEMENT = "\ufffd"
_ODD = re.compile(r"[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd]")
_LOST = re.compile(r"[\ud800-\udfff]")
_REPLACED = re.compile(r"[\0\ud800-\udfff]")
_LISTED = 200
_REMEMBERED = 10_000
Background = tuple[tuple[str, str], ...]
# What a note calls it; a text with a NUL or two is readable, so it has no code of its own.
_REPAIRS = {"encoding": "encoding-repaired", "": "control-replaced"}


@dataclass(slots=True)
class Tally:
    """Counts, while rows go by, what a person should know: for each code the rows and the first of them."""

    rows: dict[str, int] = field(default_factory=dict)
    facts: dict[str, dict[str, Fact]] = field(default_factory=dict)

    def add(self, code: str, *, row: int, **facts: Fact) -> None:
        """Count one row for this code; the facts of the first one are kept."""
        self.rows[code] = self.rows.get(code, 0) + 1
        self.facts.setdefault(code, {"row": row, **facts})

    def notes(self) -> tuple[Note, ...]:
        """Give one note a code."""
        return tuple(Note(code=code, facts={"rows": rows, **self.facts[code]}) for code, rows in self.rows.items())


def clean(text: str) -> tuple[str, str]:
    """Give the text without what cannot be written, and why it is unreadable ("" where it is not).

    Text stays exactly as it came but for this: NUL and undecodable bytes become U+FFFD, and of a text over
    100,000 characters the first 1,000 are kept.
    """
    cut = text[:KEPT] if len(text) > TOO_LONG else text
    odd = len(_ODD.findall(cut))
    code = ""
    if odd:
        code = "encoding" if _LOST.search(cut) else "control" if odd * 2 >= len(cut) else ""
        cut = _REPLACED.sub(REPLACEMENT, cut)
    return cut, "too-long" if len(text) > TOO_LONG else code


def from_rows(
    rows: Iterator[list[str]], *, names: tuple[str, ...], roles: Roles, file: str, delimiter: str, tally: Tally
) -> Iterator[Message]:
    """Yield the messages in row order, then column order; where rows are of any length, with their ``delimiter``."""
    ids: set[str] = set()
    titles = {place: clean(names[place])[0] for place in (*roles.text, *roles.background)}
    told: dict[Background, Background] = {}
    for number, cells in enumerate(rows, 1):
        if isinstance(cells, BrokenRow):
            tally.add("broken-rows", row=number)
            yield from _broken(titles, roles, file=file, row=number)
            continue
        uneven = delimiter and len(cells) != len(names)
        row = _evened(cells, delimiter, number=number, names=names, roles=roles, tally=tally) if uneven else cells
        about = {role: _cell(row, place) for role, place in _beside(roles)}
        _note_duplicate(about["id"], ids, number=number, tally=tally)
        actor = actor_of(_cell(row, roles.actor))
        background = _background(row, roles, titles)
        # rows that tell the same share it
        background = told.setdefault(background, background)
        for place in roles.text:
            raw = row[place] if place < len(row) else ""
            text, code = clean(raw)
            if code or text != raw:
                tally.add(_REPAIRS.get(code, code), row=number)
            yield Message(
                text=text,
                file=file,
                row=number,
                column=titles[place],
                unreadable=code,
                actor=actor,
                background=background,
                **about,
            )


def _beside(roles: Roles) -> tuple[tuple[str, int | None], ...]:
    return tuple((role, getattr(roles, role)) for role in ALONE if role != "actor")


def _broken(titles: Mapping[int, str], roles: Roles, *, file: str, row: int) -> Iterator[Message]:
    """Yield what stands for a row that could not be read, so that it is counted and found again."""
    for place in roles.text:
        yield Message(text="", file=file, row=row, column=titles[place], unreadable="broken-row")


def _background(row: list[str], roles: Roles, titles: Mapping[int, str]) -> Background:
    pairs = ((titles[place], _cell(row, place)[:_LISTED]) for place in roles.background)
    return tuple((name, value) for name, value in pairs if value and not _leads_to_person(value))


@lru_cache(maxsize=_REMEMBERED)
def _leads_to_person(value: str) -> bool:
    """Tell a value that must not stand beside an answer: far down a column may hold what its beginning did not."""
    return tells_who(value)


def _cell(row: list[str], place: int | None) -> str:
    return clean(row[place])[0].strip() if place is not None and place < len(row) else ""


def _evened(
    row: list[str], delimiter: str, *, number: int, names: tuple[str, ...], roles: Roles, tally: Tally
) -> list[str]:
    """Note a row that is too short or too long; in an answer at its end the delimiter is taken as it stands."""
    last = len(names) - 1
    extra = " | ".join(filter(None, row[last + 1 :]))
    if extra and last in roles.text:
        tally.add("joined-cells", row=number, column=names[last][:_LISTED])
        return [*row[:last], delimiter.join(row[last:]).rstrip(delimiter)]
    if extra or len(row) <= last:
        tally.add("ragged-rows", row=number, cells=len(row), columns=len(names))
    if extra:
        tally.add("extra-cells", row=number, text=clean(extra)[0][:_LISTED])
    return row


def _note_duplicate(name: str, ids: set[str], *, number: int, tally: Tally) -> None:
    if name in ids:
        tally.add("duplicate-ids", row=number, id=name[:_LISTED])
    elif name:
        ids.add(name)

"""What goes into reading a file (orders, limits) and what comes out of it (messages, guess, notes)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kuulo.hear.refused import Fact, Refused
from kuulo.message import Message

# As many as a sheet can have.
MOST_COLUMNS = 16_384


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """What a person decided; every empty field is left to Kuulo to guess.

    Columns are named by their header (case does not matter) or by their number from 1. ``header`` None
    means "look for one". ``delimiter`` is one character, "tab", or "none" for one answer a line.
    ``sheet`` is a sheet's name or its number from 1. With ``guess`` False the columns are as ordered and no
    other is read: then a role without an order has no column.
    """

    text: tuple[str, ...] = ()
    id: str = ""
    time: str = ""
    author: str = ""
    language: str = ""
    actor: str = ""
    channel: str = ""
    thread: str = ""
    background: tuple[str, ...] = ()
    guess: bool = True
    encoding: str = ""
    delimiter: str = ""
    header: bool | None = None
    sheet: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much a file may cost: bytes on disk, bytes unpacked, bytes of memory, seconds for a workbook."""

    file: int = 1 << 30
    unpacked: int = 1 << 30
    memory: int = 2 << 30
    seconds: float = 120.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """How the file was understood, so that a person can see it and order otherwise.

    ``format`` is csv, tsv, text, json, jsonl, xlsx or ods. ``header_row`` counts the file's records from 1
    (in a workbook: the sheet's row), 0 where there is no header. Columns are given by name; ``background`` are those
    that answers can be sorted by, ``unread`` those that play no part.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    header: bool = False
    header_row: int = 0
    text: tuple[str, ...] = ()
    id: str = ""
    time: str = ""
    author: str = ""
    language: str = ""
    actor: str = ""
    channel: str = ""
    thread: str = ""
    background: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    sheet: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Something to know about the file: a code, and facts such as how many rows and the first of them."""

    code: str
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearing:
    """A file that is being read: ``messages`` come one by one, ``notes()`` are complete when all have come."""

    guess: Guess
    messages: Iterator[Message]
    notes: Callable[[], tuple[Note, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """The beginning of a file as a table: the columns' names and the first rows of data.

    ``messages`` are those of more of its rows, and ``notes`` what is to be known of these. ``refused`` is why its
    columns could not be given their roles; ``guess`` then names no text.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    guess: Guess
    notes: tuple[Note, ...] = ()
    messages: tuple[Message, ...] = ()
    refused: Refused | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A file read: one message per data row and text column, in row order, then column order."""

    messages: tuple[Message, ...]
    guess: Guess
    notes: tuple[Note, ...] = ()

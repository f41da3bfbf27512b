"""Read a file of answers: the door through which every file comes in.

    reading = read("survey.csv", orders=Orders())

Bytes become text (``decode``), text becomes rows (``formats``), rows get headers (``table``), columns get
roles (``columns``), rows become messages (``messages``). Nothing but ``Refused`` is raised for a bad file.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO

from kuulo.hear import columns, formats, kinds, messages, source, table
from kuulo.hear.columns import Roles
from kuulo.hear.formats import Rows
from kuulo.hear.reading import Beginning, Guess, Hearing, Limits, Note, Orders, Reading
from kuulo.hear.refused import Refused
from kuulo.hear.table import Table
from kuulo.message import Message

__all__ = [
    "Beginning", "Guess", "Hearing", "Limits", "Note", "Orders", "Reading", "Refused", "beginning", "opened_reading",
    "read",
]  # fmt: skip

_DEFAULT = Limits()
# So much of a file is enough to judge it by, and so many of its rows are looked through for faults.
_BEGINNING = 4 << 20
_LOOKED_THROUGH = 2_000
_NOTHING = Roles(
    text=(), id=None, time=None, author=None, language=None, actor=None, channel=None, thread=None, background=()
)


def read(path: str, *, orders: Orders, stdin: BinaryIO | None = None, limits: Limits = _DEFAULT) -> Reading:
    """Read a file, or ``stdin`` where ``path`` is "-", into messages, or raise ``Refused``."""
    with opened_reading(path, orders=orders, stdin=stdin, limits=limits) as hearing:
        heard = tuple(hearing.messages)
        return Reading(messages=heard, guess=hearing.guess, notes=hearing.notes())


@contextmanager
def opened_reading(
    path: str, *, orders: Orders, name: str = "", stdin: BinaryIO | None = None, limits: Limits = _DEFAULT
) -> Iterator[Hearing]:
    """Open a file to read its messages one by one, however many they are; ``name`` is what it is called elsewhere.

    Raises ``Refused``, also later while the messages are taken.
    """
    file = name or source.shown(path)
    with ExitStack() as stack:
        with _refusing(file):
            stream = stack.enter_context(source.opened(path, stdin=stdin, most=limits.file))
            rows = stack.enter_context(formats.opened(stream, suffix=_suffix(file), orders=orders, limits=limits))
            hearing = _hearing(rows, orders=orders, file=file)
        yield hearing


def beginning(path: str, *, orders: Orders, name: str = "", limits: Limits = _DEFAULT, rows: int = 10) -> Beginning:
    """Look at a file's beginning (at all of a workbook) and give its first ``rows``, or raise ``Refused``.

    Where only the columns' roles cannot be told, the rows are given with the refusal.
    """
    file = name or source.shown(path)
    with _refusing(file), source.opened(path, stdin=None, most=limits.file) as stream:
        head, whole = _head(stream)
        with formats.opened(head, suffix=_suffix(file), orders=orders, limits=limits, whole=whole) as found:
            return _begun(found, orders=orders, file=file, rows=rows)


def _begun(found: Rows, *, orders: Orders, file: str, rows: int) -> Beginning:
    parted = table.part(found, order=orders.header)
    refused = None
    try:
        roles = columns.decide(parted.header, parted.sample, orders=orders)
    except Refused as problem:
        problem.facts["file"] = file
        roles, refused = _NOTHING, problem
    first = list(islice(parted.rows, _LOOKED_THROUGH))
    tally = messages.Tally()
    heard = messages.from_rows(
        iter(first), names=parted.header.names, roles=roles, file=file, delimiter=found.delimiter, tally=tally
    )
    return Beginning(
        names=tuple(messages.clean(name)[0] for name in parted.header.names),
        rows=tuple(tuple(messages.clean(cell)[0] for cell in row) for row in first[:rows]),
        guess=_guess(found, parted, roles),
        messages=tuple(heard),
        notes=(*found.notes, *parted.notes, *_mended(found), *tally.notes()),
        refused=refused,
    )


def _head(stream: BinaryIO) -> tuple[BinaryIO, bool]:
    """Give the beginning of a file, to its last whole line, and whether that is all of it."""
    if kinds.is_workbook(stream):
        return stream, True
    stream.seek(0)
    head = stream.read(_BEGINNING)
    if not stream.read(1):
        return io.BytesIO(head), True
    lines_end = 0 if b"\0" in head else head.rfind(b"\n") + 1
    return io.BytesIO(head[: lines_end or len(head)]), False


def _suffix(file: str) -> str:
    return PurePath(file).suffix.casefold()


@contextmanager
def _refusing(file: str) -> Iterator[None]:
    """Let only ``Refused`` out, with the file's name in it."""
    try:
        yield
    except Refused as refused:
        refused.facts["file"] = file
        raise
    except MemoryError as problem:
        raise Refused("out-of-memory", {"file": file}) from problem
    except OSError as problem:
        raise Refused("not-permitted", {"file": file, "reason": problem.strerror or ""}) from problem


def _hearing(rows: Rows, *, orders: Orders, file: str) -> Hearing:
    parted = table.part(rows, order=orders.header)
    roles = columns.decide(parted.header, parted.sample, orders=orders)
    tally = messages.Tally()
    heard = messages.from_rows(
        parted.rows,
        names=parted.header.names,
        roles=roles,
        # a result names the file, never the folder that it lay in
        file="stdin" if file == "-" else PurePath(file).name,
        delimiter=rows.delimiter,
        tally=tally,
    )
    return Hearing(
        guess=_guess(rows, parted, roles),
        messages=_guarded(heard, file=file),
        notes=lambda: (*rows.notes, *parted.notes, *_mended(rows), *tally.notes()),
    )


def _guarded(heard: Iterable[Message], *, file: str) -> Iterator[Message]:
    with _refusing(file):
        yield from heard


def _mended(rows: Rows) -> tuple[Note, ...]:
    return tuple(Note(code=code, facts={"rows": count}) for code, count in rows.repairs.items())


def _guess(rows: Rows, parted: Table, roles: Roles) -> Guess:
    names = parted.header.names
    return Guess(
        format=rows.format,
        encoding=rows.encoding,
        delimiter=rows.delimiter,
        header=parted.header.found,
        header_row=parted.header_row,
        text=tuple(names[place] for place in roles.text),
        **{role: _name(names, getattr(roles, role)) for role in columns.ALONE},
        background=tuple(names[place] for place in roles.background),
        unread=tuple(name for place, name in enumerate(names) if place not in roles.places),
        sheet=rows.sheet,
    )


def _name(names: tuple[str, ...], place: int | None) -> str:
    return "" if place is None else names[place]

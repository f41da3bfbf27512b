"""Read a file of answers: the door through which every file comes in.

    reading = read("survey.csv", orders=Orders())

Bytes become text (``decode``), text becomes rows (``formats``), rows get headers (``table``), columns get
roles (``columns``), rows become messages (``messages``). Nothing but ``Refused`` is raised for a bad file.
"""

from pathlib import PurePath
from typing import BinaryIO

from kuulo.hear import columns, formats, messages, source, table
from kuulo.hear.columns import Roles
from kuulo.hear.formats import Rows
from kuulo.hear.reading import Guess, Limits, Note, Orders, Reading
from kuulo.hear.refused import Refused
from kuulo.hear.table import Table

__all__ = ["Guess", "Limits", "Note", "Orders", "Reading", "Refused", "read"]

_DEFAULT = Limits()


def read(path: str, *, orders: Orders, stdin: BinaryIO | None = None, limits: Limits = _DEFAULT) -> Reading:
    """Read a file, or ``stdin`` where ``path`` is "-", into messages, or raise ``Refused``."""
    file = source.shown(path)
    suffix = PurePath(file).suffix.casefold()
    try:
        with (
            source.opened(path, stdin=stdin, most=limits.file) as stream,
            formats.opened(stream, suffix=suffix, orders=orders, limits=limits) as rows,
        ):
            # a result names the file, never the folder that it lay in
            return _read(rows, orders=orders, file="stdin" if file == "-" else PurePath(file).name)
    except Refused as refused:
        refused.facts["file"] = file
        raise
    except MemoryError as problem:
        raise Refused("out-of-memory", {"file": file}) from problem
    except OSError as problem:
        raise Refused("not-permitted", {"file": file, "reason": problem.strerror or ""}) from problem


def _read(rows: Rows, *, orders: Orders, file: str) -> Reading:
    parted = table.part(rows, order=orders.header)
    roles = columns.decide(parted.header, parted.sample, orders=orders)
    tally = messages.Tally()
    names = parted.header.names
    heard = messages.from_rows(
        parted.rows, names=names, roles=roles, file=file, delimiter=rows.delimiter, tally=tally
    )
    return Reading(
        messages=tuple(heard),
        guess=_guess(rows, parted, roles),
        notes=(*rows.notes, *parted.notes, *_mended(rows), *tally.notes()),
    )


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
        id=_name(names, roles.id),
        time=_name(names, roles.time),
        author=_name(names, roles.author),
        language=_name(names, roles.language),
        actor=_name(names, roles.actor),
        background=tuple(names[place] for place in roles.background),
        unread=tuple(name for place, name in enumerate(names) if place not in roles.places),
        sheet=rows.sheet,
    )


def _name(names: tuple[str, ...], place: int | None) -> str:
    return "" if place is None else names[place]

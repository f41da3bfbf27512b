"""Rows: find rows by what they are called, make those that are missing, and store messages many at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Manager

from kuulo.models import Message, Tag

T = TypeVar("T")
# PostgreSQL reads the rows out of one JSON text: as 42 values each, Django and psycopg spend more time on them than
# all else that is done with a message
_ADD = """
INSERT INTO kuulo_message ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::kuulo_message, %s)
ON CONFLICT DO NOTHING RETURNING identity, id
"""


def some_at_a_time(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give rows in lists of ``size`` at most."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def ids_of(manager: Manager[Any], name: str, values: set[str]) -> dict[str, int]:
    """Give the ids of authors or tags by their key or name, made where they are missing."""
    wanted = sorted(values - {""})
    found = manager.filter(**{f"{name}__in": wanted})
    known = dict(found.values_list(name, "pk"))
    if missing := [value for value in wanted if value not in known]:
        manager.bulk_create([manager.model(**{name: value}) for value in missing], ignore_conflicts=True)
        known = dict(found.all().values_list(name, "pk"))
    return known


def add_messages(rows: Sequence[Message]) -> list[Message]:
    """Store messages that are new to their source, all of one source and one intake.

    Give those that were stored, with their ids: what another source brought in this very moment is not among them.
    """
    ids = (_added if connection.vendor == "postgresql" else _added_by_django)(rows) if rows else {}
    came = [row for row in rows if row.identity in ids]
    for row in came:
        row.pk = ids[row.identity]
    return came


def _added(rows: Sequence[Message]) -> Mapping[str, int]:
    columns = _columns()
    told = [{column: row.__dict__[name] for column, name in columns.items()} for row in rows]
    with connection.cursor() as cursor:
        names = ", ".join(map(connection.ops.quote_name, columns))
        cursor.execute(_ADD.format(columns=names), [json.dumps(told, ensure_ascii=False, default=_as_text)])
        return dict(cursor.fetchall())


def _added_by_django(rows: Sequence[Message]) -> Mapping[str, int]:
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    stored = Message.objects.filter(source=rows[0].source_id, intake=rows[0].intake_id)
    return dict(stored.filter(identity__in=[row.identity for row in rows]).values_list("identity", "pk"))


@cache
def _columns() -> dict[str, str]:
    """Give the attribute that holds the value of each column; a new message has no vector."""
    stored = (one for one in Message._meta.concrete_fields if not one.primary_key and one.name != "vector")
    return {str(one.column): one.attname for one in stored}


def _as_text(value: datetime) -> str:
    """Give a moment as JSON can hold it. Raises AttributeError for what is none."""
    return value.isoformat()


def add_tags(tagged: Sequence[tuple[int, tuple[str, ...]]]) -> None:
    """Give messages, by id, their hashtags."""
    tags = ids_of(Tag.objects, "name", {tag for _, names in tagged for tag in names})
    bond = Message.tags.through
    bond.objects.bulk_create(
        [bond(message_id=message, tag_id=tags[tag]) for message, names in tagged for tag in names],
        ignore_conflicts=True,
    )

"""What must be right before the desk starts."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

LOCALE_HINT = (
    "Create the database with: CREATE DATABASE kuulo TEMPLATE template0 ENCODING utf8 "
    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
)


@register(Tags.database)
def letters_are_letters(*, databases: Sequence[str] | None = None, **_rest: Any) -> list[CheckMessage]:  # noqa: ANN401
    """Refuse a PostgreSQL database whose locale does not know Ä, Ö and Å."""
    return [
        Error(f"The database {alias} does not take Ä for a letter, so searches would miss words.", hint=LOCALE_HINT)
        for alias in databases or ()
        if connections[alias].vendor == "postgresql" and not _knows_letters(alias)
    ]


def _knows_letters(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT lower('Ä') = 'ä' AND 'ÄITI' ILIKE 'äiti'")
        row = cursor.fetchone()
    return bool(row and row[0])

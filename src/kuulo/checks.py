"""What must be right before the desk starts."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from kuulo.desk.outbox import BadMailSettings, outbox

LOCALE_HINT = (
    "Create the database with: CREATE DATABASE kuulo TEMPLATE template0 ENCODING utf8 "
    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
)

_MAIL = {
    "not-a-mail-url": "KUULO_MAIL_URL is no address of a mail server such as smtp+tls://user@mail.example:587.",
    "password-in-url": "KUULO_MAIL_URL holds a password; give it with KUULO_MAIL_PASSWORD_FILE instead.",
    "no-sender": "KUULO_MAIL_FROM has to be the address that mails come from, such as kuulo@example.fi.",
}


@register
def mail_goes_out(**_rest: Any) -> list[CheckMessage]:  # noqa: ANN401
    """Refuse settings of mail that cannot be right. Where there are none, the page of duties says so."""
    try:
        outbox()
    except BadMailSettings as bad:
        return [Error(_MAIL[bad.code])]
    return []


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

"""Hooks: sources that call by themselves when there is something new, each at an address of its own.

What such a call brings is stored as what was listened to is, together with the connection's counts. The end of the
address is known to the source alone, and its calls are signed besides where the source can sign.
"""

import logging
import secrets
from collections.abc import Mapping

from django.db import transaction

from kuulo.desk.listen import connector_of, count, open_connector
from kuulo.desk.receive import Received, receive
from kuulo.hear.connector import Batch, Receiving, Unread
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection

log = logging.getLogger("kuulo.hooks")


def give_address(connection: Connection) -> None:
    """Give a connection whose source calls by itself the end of its address, once; the row is not saved.

    Raises Trouble where there is no such connector."""
    if connection.token is None and issubclass(connector_of(connection.connector), Receiving):
        connection.token = secrets.token_urlsafe(32)


def called(token: str) -> Connection | None:
    """Give the connection that is called at this address; None for none, and for one that is switched off."""
    if not token.isprintable():  # no database looks for some of these signs
        return None
    found = Connection.objects.filter(token=token).exclude(state=Connection.State.OFF)
    return found.select_related("source").first()


def greet(connection: Connection, query: Mapping[str, str]) -> str:
    """Give what the source wants to hear before it calls. Raises Trouble where it is not the one expected."""
    connector = _receiving(connection)
    try:
        return connector.greet(query)
    finally:
        connector.http.close()


def take_call(connection: Connection, headers: Mapping[str, str], body: bytes) -> Received:
    """Store what a call brings, all or nothing. Raises Trouble of kind "auth" for a forged call, which is counted.

    A call that cannot be read is kept, sealed, like any item that cannot: the source need not send it again.
    """
    try:
        batch = _read(connection, headers, body)
    except Trouble as trouble:
        if trouble.kind == "auth":
            _store(connection, Batch(passed={"forged": 1}))
            raise
        batch = Batch(items=(Unread(code=trouble.code, raw=body),))
    return _store(connection, batch)


def _read(connection: Connection, headers: Mapping[str, str], body: bytes) -> Batch:
    connector = _receiving(connection)
    try:
        return connector.receive(headers, body)
    except Trouble:
        raise
    except Exception as error:  # noqa: BLE001  a connector that fails is that source's trouble and nobody else's
        # without the error's own words: they may quote a resident
        log.error("a connector failed: %s", f"{type(error).__name__} in {connection.connector}")  # noqa: TRY400
        raise Trouble("broken", "connector-failed", error=type(error).__name__) from None
    finally:
        connector.http.close()


def _store(connection: Connection, batch: Batch) -> Received:
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        told = receive(held.source, batch.items)
        heard_at = held.last_heard
        count(held, told, batch.passed)
        if not batch.items:  # a forged call is no sign of life
            held.last_heard = heard_at
        held.save(
            update_fields=[
                *("heard_count", "known_count", "gone_count", "unread_count", "passed", "last_heard", "last_news")
            ]
        )
    return told


def _receiving(connection: Connection) -> Receiving:
    connector = open_connector(connection)
    if not isinstance(connector, Receiving):
        raise Trouble("settings", "not-called", connector=connection.connector)
    return connector

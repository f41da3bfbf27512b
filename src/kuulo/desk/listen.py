"""Listen: ask a source what is new, store it batch by batch, and keep the source's health.

    listen(connection, stop=lambda: False)      # the worker, when it has made the row RUNNING

Every batch and the cursor after it are stored in one transaction, so this may be killed at any moment and called
again. What goes wrong with a source is told of that source and harms no other.
"""

import logging
import random
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kuulo.desk.discussions.told import keep_opened
from kuulo.desk.history import record
from kuulo.desk.receive import Received, receive
from kuulo.desk.seal import seal, unseal
from kuulo.hear.connector import Batch, Connector
from kuulo.hear.connectors import connectors
from kuulo.hear.http import Http
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection

State = Connection.State
# What a person has to put right is tried again by itself, but seldom.
_PERSON = timedelta(hours=6)
_FIRST_WAIT, _LONGEST_WAIT = 30.0, 15 * 60.0
log = logging.getLogger("kuulo.listen")


def open_connector(connection: Connection) -> Connector:
    """Give the connector with its settings. Raises Trouble where there is no such connector any more."""
    made = connector_of(connection.connector)
    settings = {field.name: field.default for field in made.fields}
    settings |= connection.settings | secrets_of(connection)
    http = Http(own_network=connection.own_network)
    return made(settings, http=http)


def connector_of(name: str) -> type[Connector]:
    """Give the connector of this name. Raises Trouble where there is none any more."""
    made = connectors().get(name)
    if made is None:
        raise Trouble("settings", "no-such-connector", connector=name)
    return made


def secrets_of(connection: Connection) -> dict[str, str]:
    """Give the secret settings. Raises Trouble where they were sealed by another desk."""
    if not connection.secrets:
        return {}
    told = unseal(connection.secrets, "connection")
    if told is None:
        raise Trouble("auth", "secrets-lost")
    return dict(line.partition("=")[::2] for line in told.split("\n"))


def keep_secrets(connection: Connection, secrets: Mapping[str, str]) -> None:
    """Seal the secret settings into the row, which is not saved. None of them may hold a line break."""
    told = "\n".join(f"{name}={' '.join(value.split())}" for name, value in secrets.items())
    connection.secrets = seal(told, "connection")


def listen(connection: Connection, *, stop: Callable[[], bool]) -> None:
    """Hear a RUNNING connection out, or until it is switched off or ``stop`` says so."""
    connection.refresh_from_db()
    Connection.objects.filter(pk=connection.pk).update(last_tried=timezone.now())
    try:
        connector = open_connector(connection)
        try:
            for batch in connector.listen(connection.cursor):
                if not store(connection, batch) or stop():
                    return
        finally:
            connector.http.close()
    except Trouble as trouble:
        _note(connection, trouble)
    except Exception as error:  # noqa: BLE001  a connector that fails is that source's trouble and nobody else's
        # without the error's own words: they may quote a resident
        where = f"{type(error).__name__} in {connection.connector}"
        log.error("a connector failed: %s", where)  # noqa: TRY400
        _note(connection, Trouble("broken", "connector-failed", error=type(error).__name__))
    else:
        _well(connection, every=timedelta(minutes=connector.every))


def store(connection: Connection, batch: Batch) -> bool:
    """Store a batch and its cursor, all or nothing; False where the connection is no longer ours to hear."""
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        if held.state != State.RUNNING or held.claimed_by != connection.claimed_by:
            return False
        count(held, receive(held.source, batch.items), batch.passed)
        keep_opened(held.source, batch.opened)
        held.cursor, held.beat = dict(batch.cursor), timezone.now()
        held.save()
    return True


def count(connection: Connection, told: Received, passed: Mapping[str, int]) -> None:
    """Add to the counts of a connection, which is not saved."""
    now = timezone.now()
    connection.heard_count += told.added
    connection.known_count += told.known + told.changed
    connection.gone_count += told.gone
    connection.unread_count += told.unread
    for counts in (passed, told.passed):
        for reason, number in counts.items():
            connection.passed[reason] = connection.passed.get(reason, 0) + number
    connection.last_heard = now
    if told.added:
        connection.last_news = now


def _well(connection: Connection, *, every: timedelta) -> None:
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        if held.claimed_by != connection.claimed_by:
            return  # somebody changed its settings meanwhile: what was heard with the old ones tells nothing
        if held.trouble:
            record("source-well", source=held.source_id)
        held.trouble, held.failures = {}, 0
        held.last_heard = timezone.now()
        if held.due == connection.due:  # else it was asked for meanwhile, and perhaps too late to be heard this time
            held.due = held.last_heard + every * random.uniform(0.9, 1.1)  # noqa: S311  so that not all ask at once
        held.save(update_fields=["trouble", "failures", "last_heard", "due"])


def _note(connection: Connection, trouble: Trouble) -> None:
    """Keep what went wrong, and ask again later: when the source says, else later each time."""
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        if held.claimed_by != connection.claimed_by:
            return
        if held.trouble.get("code") != trouble.code:
            record("source-trouble", source=held.source_id, code=trouble.code)
        held.trouble = {"code": trouble.code, "kind": trouble.kind, "facts": trouble.facts}
        held.failures = min(held.failures + 1, 1000)
        held.due = timezone.now() + _wait(trouble, held.failures)
        held.save(update_fields=["trouble", "failures", "due"])


def _wait(trouble: Trouble, failures: int) -> timedelta:
    if trouble.kind in {"auth", "settings"}:
        return _PERSON
    grown = min(_FIRST_WAIT * 2.0 ** min(failures - 1, 10), _LONGEST_WAIT) * random.uniform(0.75, 1.25)  # noqa: S311
    return timedelta(seconds=max(grown, trouble.wait or 0.0))

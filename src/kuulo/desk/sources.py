"""Sources: the register of channels, and how each is connected, switched on and off by people.

source = make(person, {"name": "Kommentit", "purpose": "...", "legal_basis": "..."}, Wiring("rss", {...}))
switch_on(person, source)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.hooks import give_address
from kuulo.desk.listen import connector_of, keep_secrets, secrets_of
from kuulo.desk.not_now import NotNow
from kuulo.desk.permissions import NotAllowed, may
from kuulo.desk.places import again
from kuulo.desk.seal import unseal
from kuulo.hear.connector import Found
from kuulo.hear.connectors import connectors
from kuulo.hear.http import Http
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection, Message, Person, Source, UnreadItem

# What people tell of a source, connected or only known of.
REGISTER = (
    "name", "channel", "address", "unit", "language", "owner", "run_by", "since", "until", "followers",
    "purpose", "legal_basis", "keep_days", "quotable", "by_name", "relevance_limit", "own_names", "home",
)  # fmt: skip
# A person waits for the answer of a test: so many seconds for each question that a connector asks.
TEST_SECONDS = 10.0
State = Connection.State


@dataclass(frozen=True, slots=True)
class Wiring:
    """How a source is to be connected: settings by field name. A secret that is not given stays as it is."""

    connector: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict)
    own_network: bool = False


def make(by: Person, told: Mapping[str, Any], wiring: Wiring | None = None) -> Source:
    """Add a source, connected where ``wiring`` says how, and not yet listened to."""
    return _kept(by, Source(), told, wiring, event="source-made")


def change(by: Person, source: Source, told: Mapping[str, Any], wiring: Wiring | None = None) -> Source:
    """Change what is told of a source and how it is connected; without ``wiring`` that stays.

    Raises NotNow where it is listened to and would lose its purpose or legal basis, and NotAllowed for who may not
    send Kuulo into the municipality's own network.
    """
    return _kept(by, source, told, wiring, event="source-changed")


@transaction.atomic
def _kept(by: Person, source: Source, told: Mapping[str, Any], wiring: Wiring | None, *, event: str) -> Source:
    changed = [name for name in REGISTER if name in told and getattr(source, name) != told[name]]
    for name in changed:
        setattr(source, name, told[name])
    source.save()
    held = Connection.objects.select_for_update().filter(source=source).first()
    if wiring:
        changed += _wire(by, source, held, wiring)
    if held and held.state != State.OFF:
        check_terms(source)
    if "home" in changed:
        first = Message.objects.filter(source=source).order_by("pk").values_list("pk", flat=True).first()
        if first:
            again.ask(since=first)
    if changed:
        record(event, person=by, source=source.pk, changed=changed)
    return source


def _wire(by: Person, source: Source, held: Connection | None, wiring: Wiring) -> list[str]:
    """Keep the settings; give the names of those that changed. What runs with the old ones is cut off."""
    connection = held or Connection(source=source, connector=wiring.connector)
    changed = _changed(connection, wiring)
    if held and not changed:
        return []
    check_may_reach(by, wiring)
    keep_secrets(connection, kept_secrets(held, wiring))
    if {*changed} - {*wiring.secrets}:
        connection.cursor = {}  # of another place: what is known there already is known again by its id
    connection.settings, connection.own_network = dict(wiring.settings), wiring.own_network
    give_address(connection)
    connection.due, connection.claimed_by = timezone.now(), ""
    if connection.state == State.RUNNING:
        connection.state = State.QUEUED
    connection.save()
    return changed


def check_may_reach(by: Person, wiring: Wiring) -> None:
    """Raise NotAllowed where this leads into the municipality's own network and somebody may not send Kuulo there."""
    if wiring.own_network and not may(by, "reach-own-network"):
        raise NotAllowed("reach-own-network")


def _changed(connection: Connection, wiring: Wiring) -> list[str]:
    names = [name for name, value in wiring.settings.items() if connection.settings.get(name) != value]
    names += [name for name, value in wiring.secrets.items() if value]
    return names + (["own_network"] if connection.own_network != wiring.own_network else [])


def kept_secrets(held: Connection | None, wiring: Wiring) -> dict[str, str]:
    """Give the secrets to go on with: those given now, else those kept before."""
    given = {name: value for name, value in wiring.secrets.items() if value}
    return (known_secrets(held) if held and not must_be_told_anew(held, wiring) else {}) | given


def known_secrets(held: Connection) -> dict[str, str]:
    """Give the secrets that this desk can still open: none where another sealed them."""
    try:
        return secrets_of(held)
    except Trouble:
        return {}


def must_be_told_anew(held: Connection, wiring: Wiring) -> bool:
    """Tell whether the secrets may not go where the settings lead now: whoever changes an address must know them."""
    return any(
        held.settings.get(one.name, one.default) != wiring.settings.get(one.name)
        for one in connector_of(wiring.connector).fields
        if one.kind in {"url", "text"}
    )


def missing_secrets(held: Connection | None, wiring: Wiring) -> list[str]:
    """Give the names of secrets that are needed and neither given nor kept."""
    there = kept_secrets(held, wiring)
    fields = connector_of(wiring.connector).fields
    return [one.name for one in fields if one.kind == "secret" and one.required and not there.get(one.name)]


def try_out(by: Person, held: Connection | None, wiring: Wiring) -> Found:
    """Test a connection as it is written, before anything is kept. Raises Trouble and NotAllowed."""
    check_may_reach(by, wiring)
    if settings.PRACTICE:
        raise Trouble("settings", "practice")
    made = connector_of(wiring.connector)
    http = Http(own_network=wiring.own_network, whole=TEST_SECONDS)
    defaults = {one.name: one.default for one in made.fields}
    try:
        return made(defaults | {**wiring.settings} | kept_secrets(held, wiring), http=http).test()
    except Trouble:
        raise
    except Exception as error:  # a connector that fails is no failure of the page
        raise Trouble("broken", "connector-failed", error=type(error).__name__) from error
    finally:
        http.close()


def check_terms(source: Source) -> None:
    """Raise NotNow where it was not told why and on what basis Kuulo may listen here."""
    for name in ("purpose", "legal_basis"):
        if not getattr(source, name).strip():
            raise NotNow(f"no-{name.replace('_', '-')}")


def check_can_listen(source: Source) -> Connection:
    """Give the connection of a source that may be listened to; raises NotNow where it may not or cannot."""
    held = Connection.objects.select_for_update().filter(source=source).first()
    if held is None:
        raise NotNow("not-connected")
    check_terms(source)
    if held.connector not in connectors():
        raise NotNow("no-such-connector", connector=held.connector)
    return held


@transaction.atomic
def switch_on(by: Person, source: Source) -> None:
    """Listen to a source from now on. Raises NotNow."""
    held = check_can_listen(source)
    if held.state == State.OFF:
        held.state, held.due, held.failures = State.QUEUED, timezone.now(), 0
        held.save(update_fields=["state", "due", "failures"])
        record("source-on", person=by, source=source.pk)


@transaction.atomic
def switch_off(by: Person, source: Source) -> None:
    """Listen no more, also in the middle of it; what was heard stays."""
    held = Connection.objects.select_for_update().filter(source=source).exclude(state=State.OFF).first()
    if held:
        held.state, held.claimed_by = State.OFF, ""
        held.save(update_fields=["state", "claimed_by"])
        record("source-off", person=by, source=source.pk)


@transaction.atomic
def listen_now(by: Person, source: Source) -> None:
    """Let it be the next that is listened to. Raises NotNow where it is switched off."""
    held = check_can_listen(source)
    if held.state == State.OFF:
        raise NotNow("switched-off")
    held.due = timezone.now()
    held.save(update_fields=["due"])
    record("source-asked", person=by, source=source.pk)


@transaction.atomic
def open_unread(by: Person, item: UnreadItem) -> str:
    """Give what could not be read, as it came; "" where nothing was kept. That somebody looked is recorded."""
    record("unread-opened", person=by, source=item.source_id, item=item.pk)
    return unseal(item.raw, "unread") or ""

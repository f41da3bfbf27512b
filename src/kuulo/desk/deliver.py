"""Deliver: send a reply to the message that it answers, once or not at all.

    delivery = plan(message, "Tie aurataan huomenna.", person=person)
    deliver(delivery)                         # the worker, when it has made the row RUNNING
    settle(delivery, sent=False, person=person)    # a person, where nobody knows whether it was sent

The row is written before anything is sent. Sent again by itself is only what surely was not sent, or what the source
itself knows by its key.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.listen import open_connector
from kuulo.desk.not_now import NotNow
from kuulo.hear.connector import Replying, Sent, Unknown
from kuulo.hear.connectors import connectors
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection, Delivery, Message, Person, Worker

State = Delivery.State
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
# Given up after so long: an answer that comes two days late is for a person to look at.
_LONGEST = timedelta(hours=48)


def plan(message: Message, text: str, *, person: Person | None) -> Delivery:
    """Queue a reply. Raises NotNow."""
    with transaction.atomic():
        held = Message.objects.select_for_update().get(pk=message.pk)
        check_can_reply(held)
        delivery = Delivery.objects.create(
            message=held, key=f"kuulo-{secrets.token_hex(16)}", text=text, person=person
        )
        record("reply-planned", person=person, message=held)
    return delivery


def check_can_reply(message: Message) -> None:
    """Raise NotNow: "gone", "no-way-to-reply", or "reply-on-its-way" while nobody knows how the last one ended."""
    if message.gone:
        raise NotNow("gone")
    connection = Connection.objects.filter(source=message.source_id).first()
    made = connectors().get(connection.connector) if connection else None
    if made is None or not issubclass(made, Replying) or not message.reply_to:
        raise NotNow("no-way-to-reply")
    if message.deliveries.filter(state__in=[State.QUEUED, State.RUNNING, State.UNKNOWN]).exists():
        raise NotNow("reply-on-its-way")


def deliver(delivery: Delivery) -> None:
    """Send a RUNNING delivery; whatever happens, its row then tells it."""
    try:
        connector = _opened(delivery)
    except Trouble as trouble:
        _again_or_refused(delivery, trouble)
        return
    try:
        sent = connector.reply(delivery.message.reply_to, delivery.text, key=delivery.key)
    except Trouble as trouble:
        _not_sent(delivery, connector, trouble)
    except Exception as error:  # noqa: BLE001  what fails in the middle may have been sent
        code = error.code if isinstance(error, Unknown) else "connector-failed"
        _look_for(delivery, connector, code)
    else:
        _sent(delivery, sent)
    finally:
        connector.http.close()


def settle(delivery: Delivery, *, sent: bool, person: Person | None) -> None:
    """Let a person say how an unknown delivery ended; what was not sent is queued anew. Raises NotNow."""
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get(pk=delivery.pk)
        check_can_settle(held)
        held.state = State.SENT if sent else State.QUEUED
        held.due = timezone.now()
        # a new key: the person knows that there is no other
        held.key, held.started_at = f"kuulo-{secrets.token_hex(16)}", None
        held.save(update_fields=["state", "due", "key", "started_at"])
        record("reply-settled", person=person, message=held.message_id, sent=sent)


def check_can_settle(delivery: Delivery) -> None:
    """Raise NotNow where it is known how the delivery ended."""
    if delivery.state != State.UNKNOWN:
        raise NotNow("not-unknown")


def settle_abandoned() -> int:
    """Deal with deliveries that a worker left in the middle; give how many there were."""
    rows = _abandoned().select_related("message__source__connection")
    for delivery in rows:
        try:
            connector = _opened(delivery)
        except Trouble:
            _set(delivery, State.UNKNOWN, {"code": "worker-died", "kind": "retry", "facts": {}})
            continue
        try:
            if _known_by_key(delivery, connector):
                _set(delivery, State.QUEUED, {})
            else:
                _look_for(delivery, connector, "worker-died")
        finally:
            connector.http.close()
    return len(rows)


def _abandoned() -> QuerySet[Delivery]:
    running = Delivery.objects.filter(state=State.RUNNING).exclude(claimed_by="")
    return running.exclude(claimed_by__in=Worker.objects.values("name"))


def _opened(delivery: Delivery) -> Replying:
    connection = Connection.objects.filter(source=delivery.message.source_id).first()
    if connection is None:
        raise Trouble("refused", "no-such-connector")
    connector = open_connector(connection)
    if not isinstance(connector, Replying):
        connector.http.close()
        raise Trouble("refused", "no-such-connector", connector=connection.connector)
    return connector


def _known_by_key(delivery: Delivery, connector: Replying) -> bool:
    """Tell whether the source would make one of this delivery and an earlier try of it."""
    first = delivery.started_at or delivery.made_at
    return connector.once and timezone.now() - first < connector.once_for


def _not_sent(delivery: Delivery, connector: Replying, trouble: Trouble) -> None:
    surely = trouble.kind != "retry" or trouble.facts.get("unsent") == 1 or trouble.code == "busy"
    if surely or _known_by_key(delivery, connector):
        _again_or_refused(delivery, trouble)
    else:
        _look_for(delivery, connector, trouble.code)


def _again_or_refused(delivery: Delivery, trouble: Trouble) -> None:
    """Try later what may yet be sent; what a person has to put right first waits as long as that takes."""
    told = {"code": trouble.code, "kind": trouble.kind, "facts": trouble.facts}
    late = timezone.now() - delivery.made_at > _LONGEST
    if trouble.kind in {"refused", "broken"} or late:
        _set(delivery, State.REFUSED, told)
        return
    grown = min(_FIRST_WAIT * 2 ** min(delivery.tries, 10), _LONGEST_WAIT)
    _set(delivery, State.QUEUED, told, wait=max(grown, timedelta(seconds=trouble.wait or 0)))


def _look_for(delivery: Delivery, connector: Replying, code: str) -> None:
    """Look whether the source has the reply; where that is not known either, a person decides."""
    try:
        sent = connector.find(delivery.message.reply_to, delivery.text, key=delivery.key)
    except Exception:  # noqa: BLE001  not to be found is not to be known
        sent = None
    if sent:
        _sent(delivery, sent)
    else:
        _set(delivery, State.UNKNOWN, {"code": code, "kind": "retry", "facts": {}})


def _sent(delivery: Delivery, sent: Sent) -> None:
    url = sent.url if len(sent.url) <= 500 else ""
    _set(delivery, State.SENT, {}, sent_at=timezone.now(), sent_id=sent.id[:500], sent_url=url)


def _set(
    delivery: Delivery, state: str, trouble: Mapping[str, object], *, wait: timedelta = timedelta(0), **told: object
) -> None:
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if held.state != State.RUNNING:
            return
        held.state, held.trouble, held.claimed_by = state, dict(trouble), ""
        held.due = timezone.now() + wait
        held.tries += 1
        for name, value in told.items():
            setattr(held, name, value)
        held.save()
        if state != State.QUEUED:
            record(f"reply-{state}", message=held.message_id)
    delivery.refresh_from_db()

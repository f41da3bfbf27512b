"""Deliver: send a reply to the message that it answers, once or not at all.

    delivery = plan(message, "Tie aurataan huomenna.", person=person)
    deliver(delivery)                         # the worker, when it has made the row RUNNING
    settle(delivery, "again", person=person)  # a person, where nobody knows whether it was sent, or it was not

The row is written before anything is sent. Sent again by itself is only what surely was not sent, or what the source
itself knows by its key.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

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
# What a person may say of a reply that needs one: it arrived, send it (again), or let it be.
Outcome = Literal["arrived", "again", "left"]
NEEDS_PERSON = (State.UNKNOWN, State.REFUSED, State.BOUNCED)


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


def check_can_reply(message: Message, *, again: Delivery | None = None) -> None:
    """Raise NotNow: "gone", "no-way-to-reply", or "reply-on-its-way" while nobody knows how the last one ended.

    ``again`` is the one that would be sent again. What is on the path of safety is gone for all but who looks there.
    """
    if message.gone or message.status == Message.Status.SAFETY:
        raise NotNow("gone")
    connection = Connection.objects.filter(source=message.source_id).first()
    made = connectors().get(connection.connector) if connection else None
    if made is None or not issubclass(made, Replying) or not message.reply_to:
        raise NotNow("no-way-to-reply")
    others = message.deliveries.exclude(pk=again.pk) if again else message.deliveries
    if others.filter(state__in=[State.QUEUED, State.RUNNING, State.UNKNOWN]).exists():
        raise NotNow("reply-on-its-way")


def deliver(delivery: Delivery) -> None:
    """Send a RUNNING delivery; whatever happens, its row then tells it."""
    try:
        connector = _opened(delivery)
    except Trouble as trouble:
        _again_or_refused(delivery, trouble)
        return
    _name(delivery, connector)
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


def _name(delivery: Delivery, connector: Replying) -> None:
    """Keep, before it is sent, what the reply will be known as, where that is known: what comes back names it so."""
    if name := connector.id_of(delivery.key)[:500]:
        Delivery.objects.filter(pk=delivery.pk).update(sent_id=name)
        delivery.sent_id = name


def settle(delivery: Delivery, outcome: Outcome, *, person: Person | None) -> None:
    """Let a person say how a reply ended, or what is to become of it. Raises NotNow."""
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get(pk=delivery.pk)
        check_can_settle(held, outcome)
        if outcome == "again":
            _queue_anew(held)
        else:
            held.state = State.SENT if outcome == "arrived" else State.LEFT
        held.save()
        if outcome == "left":
            record("reply-left", person=person, message=held.message_id)
        else:
            record("reply-settled", person=person, message=held.message_id, sent=outcome == "arrived")


def needing_person() -> QuerySet[Delivery]:
    """Give the replies that wait for a person to settle them, the latest first, with what they answer.

    Those to what is on the path of safety are not among them: nobody else is to read it.
    """
    rows = Delivery.objects.filter(state__in=NEEDS_PERSON, message__gone=None)
    rows = rows.exclude(message__status=Message.Status.SAFETY)
    rows = rows.select_related("message__source__connection", "person").order_by("-made_at", "-pk")
    return rows.defer("message__vector", "message__search_text")


def _queue_anew(held: Delivery) -> None:
    """Let it be sent as if for the first time, by a new key: the person knows that there is no other."""
    held.key, held.state, held.due = f"kuulo-{secrets.token_hex(16)}", State.QUEUED, timezone.now()
    held.started_at, held.tries, held.trouble = None, 0, {}


def check_can_settle(delivery: Delivery, outcome: Outcome) -> None:
    """Raise NotNow: "not-unknown" where it is known how it ended, or why it cannot be sent again."""
    if delivery.state not in (NEEDS_PERSON if outcome != "arrived" else (State.UNKNOWN,)):
        raise NotNow("not-unknown")
    if outcome == "again":
        check_can_reply(delivery.message, again=delivery)


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
    if delivery.message.gone:
        raise Trouble("refused", "gone")
    if delivery.message.status == Message.Status.SAFETY:
        raise Trouble("refused", "safety")
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
    late = timezone.now() - (delivery.started_at or delivery.made_at) > _LONGEST
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

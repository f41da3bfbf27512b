"""Send: bring alerts to whom they are for; whatever happens, their rows then tell it.

What may not have arrived is sent again, with the same key: an alert that comes twice does less harm than none.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.outbox import BadMailSettings, outbox
from kuulo.desk.permissions import may
from kuulo.desk.storm.call import call
from kuulo.desk.storm.letter import letter
from kuulo.hear.connector import Unknown
from kuulo.hear.mail_server import open_outbox
from kuulo.hear.mail_server import send as send_mail
from kuulo.hear.trouble import Trouble
from kuulo.models import Alert, Person, Storm

State = Alert.State
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=30)
# about three hours: an alert that comes later helps nobody
MOST_TRIES = 12
_OVER = {Storm.Mark.NOTHING, Storm.Mark.PLANNED}
_LATER = {"retry", "auth"}


def send(alerts: Sequence[Alert]) -> None:
    """Send a RUNNING alert, or several to one person in one mail; cancel those that came to nothing meanwhile."""
    due = []
    for alert in alerts:
        if code := _void(alert):
            _set([alert], State.CANCELLED, {"code": code})
        elif alert.tries > MOST_TRIES:
            _set([alert], State.FAILED, {"code": "gave-up", "kind": "retry", "facts": {}})
        else:
            due.append(alert)
    if due:
        _try(due)


def _try(alerts: Sequence[Alert]) -> None:
    try:
        _bring(alerts)
    except Trouble as trouble:
        _again_or_failed(alerts, trouble)
    except Unknown as unknown:
        _again_or_failed(alerts, Trouble("retry", unknown.code))
    except Exception:
        _again_or_failed(alerts, Trouble("retry", "alert-failed"))
        raise
    else:
        _set(alerts, State.SENT, {})


def _bring(alerts: Sequence[Alert]) -> None:
    first, *others = alerts
    if first.person:
        _mail(alerts, first.person)
    else:
        assert first.duty is not None
        assert not others
        call(first, first.duty)


def _mail(alerts: Sequence[Alert], person: Person) -> None:
    try:
        out = outbox()
    except BadMailSettings as bad:
        raise Trouble("settings", bad.code) from bad
    if out is None:
        raise Trouble("settings", "no-mail")
    written = letter(alerts, person, sender=out.sender)
    with open_outbox(out.server, out.user, out.password) as box:
        send_mail(box, written)


def _void(alert: Alert) -> str:
    """Give the code of why an alert is not to be sent any more, "" where it is."""
    if settings.PRACTICE:
        return "practice"
    if alert.storm and (alert.storm.closed or alert.storm.mark in _OVER):
        return "storm-over"
    if alert.duty is None and alert.kind != "mentor":
        return "off-duty"
    return "" if alert.person is None or may(alert.person, "read") else "off-duty"


def _again_or_failed(alerts: Sequence[Alert], trouble: Trouble) -> None:
    told = {"code": trouble.code, "kind": trouble.kind, "facts": trouble.facts}
    again = [alert for alert in alerts if trouble.kind in _LATER and alert.tries < MOST_TRIES]
    _set([alert for alert in alerts if alert not in again], State.FAILED, told)
    if again:
        # those that go together stay together, and none waits longer for another that was tried before
        grown = min(_FIRST_WAIT * 2 ** (min(alert.tries for alert in again) - 1), _LONGEST_WAIT)
        _set(again, State.QUEUED, told, wait=max(grown, timedelta(seconds=trouble.wait or 0)))


def _set(
    alerts: Sequence[Alert], state: str, trouble: Mapping[str, object], *, wait: timedelta | None = None
) -> None:
    """Write what became of alerts, of all or of none: what is sent again must be the same mail."""
    now = timezone.now()
    with transaction.atomic():
        for alert in alerts:
            changed = {"state": state, "trouble": dict(trouble), "due": now + wait if wait else alert.due}
            mine = Alert.objects.filter(pk=alert.pk, state=State.RUNNING, claimed_by=alert.claimed_by)
            if not mine.update(**changed, claimed_by="", sent_at=now if state == State.SENT else None):
                continue  # another worker has it, who took this one for dead
            if state in {State.SENT, State.FAILED}:
                record(f"alert-{state}", alert=alert.pk, storm=alert.storm_id, person_id=alert.person_id)
    for alert in alerts:
        alert.refresh_from_db()

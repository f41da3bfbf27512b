"""Send: bring an alert to whom it is for; whatever happens, its row then tells it.

What may not have arrived is sent again, with the same key: an alert that comes twice does less harm than none.
"""

from collections.abc import Mapping
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


def send(alert: Alert) -> None:
    """Send a RUNNING alert, or cancel one that came to nothing meanwhile."""
    if code := _void(alert):
        _set(alert, State.CANCELLED, {"code": code})
    elif alert.tries > MOST_TRIES:
        _set(alert, State.FAILED, {"code": "gave-up", "kind": "retry", "facts": {}})
    else:
        _try(alert)


def _try(alert: Alert) -> None:
    try:
        _bring(alert)
    except Trouble as trouble:
        _again_or_failed(alert, trouble)
    except Unknown as unknown:
        _again_or_failed(alert, Trouble("retry", unknown.code))
    except Exception:
        _again_or_failed(alert, Trouble("retry", "alert-failed"))
        raise
    else:
        _set(alert, State.SENT, {})


def _bring(alert: Alert) -> None:
    if alert.person:
        _mail(alert, alert.person)
    else:
        assert alert.duty is not None
        call(alert, alert.duty)


def _mail(alert: Alert, person: Person) -> None:
    try:
        out = outbox()
    except BadMailSettings as bad:
        raise Trouble("settings", bad.code) from bad
    if out is None:
        raise Trouble("settings", "no-mail")
    written = letter(alert, person, sender=out.sender)
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


def _again_or_failed(alert: Alert, trouble: Trouble) -> None:
    told = {"code": trouble.code, "kind": trouble.kind, "facts": trouble.facts}
    if trouble.kind not in _LATER or alert.tries >= MOST_TRIES:
        _set(alert, State.FAILED, told)
        return
    grown = min(_FIRST_WAIT * 2 ** (alert.tries - 1), _LONGEST_WAIT)
    _set(alert, State.QUEUED, told, wait=max(grown, timedelta(seconds=trouble.wait or 0)))


def _set(alert: Alert, state: str, trouble: Mapping[str, object], *, wait: timedelta | None = None) -> None:
    now = timezone.now()
    changed = {"state": state, "trouble": dict(trouble), "claimed_by": "", "due": now + wait if wait else alert.due}
    with transaction.atomic():
        mine = Alert.objects.filter(pk=alert.pk, state=State.RUNNING, claimed_by=alert.claimed_by)
        if not mine.update(**changed, sent_at=now if state == State.SENT else None):
            return  # another worker has it, who took this one for dead
        if state in {State.SENT, State.FAILED}:
            record(f"alert-{state}", alert=alert.pk, storm=alert.storm_id, person_id=alert.person_id)
    alert.refresh_from_db()

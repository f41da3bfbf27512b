"""Alert lines: who is on duty, what alerts went to whom and what became of them, in the reader's words."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from kuulo.desk.storm.letter import CARD
from kuulo.desk.storm.sentence import level_name, name_of
from kuulo.models import Alert, Duty
from kuulo.report.encoding import visible
from kuulo.web.hearing import moment, trouble
from kuulo.web.speech import spoken

SHOWN = 30
_MAIL_SETTINGS = {"not-a-mail-url", "password-in-url", "no-sender"}
_SOON = timedelta(seconds=30)
State = Alert.State


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert: what it is ``about`` and the address of its card ("" for a test), to whom, and where it stands."""

    about: str
    card: str
    to: str
    said: str
    is_moving: bool


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty by name, with the level from which on it is told."""

    duty: Duty
    name: str
    level: str


def latest_alerts() -> list[Alert]:
    """Give the latest alerts, the newest first."""
    related = ("duty", "person", "storm__theme", "storm__place")
    return list(Alert.objects.select_related(*related).order_by("-pk")[:SHOWN])


def alert_line(alert: Alert) -> AlertLine:
    """Give an alert as the page shows it."""
    name, card = spoken().say("duty.is_test"), ""
    if alert.storm:
        name, card = name_of(alert.storm, spoken().language), CARD.format(storm=alert.storm.pk)
    return AlertLine(name, card, to_whom(alert), said_of(alert), _is_moving(alert))


def duty_line(duty: Duty) -> DutyLine:
    """Give a duty as the page shows it."""
    name = str(duty.person) if duty.person else _host(duty.address)
    return DutyLine(duty, name, level_name(duty.least, spoken().language))


def to_whom(alert: Alert) -> str:
    """Name whom an alert goes to: a person, or the host of a program that is called."""
    if alert.person:
        return str(alert.person)
    return _host(alert.duty.address) if alert.duty else spoken().say("duty.program")


def said_of(alert: Alert) -> str:
    """Say where an alert stands."""
    say = spoken().say
    if alert.state == State.CANCELLED:
        return say(f"duty.cancelled.{alert.trouble.get('code')}")
    if alert.state == State.FAILED:
        return say("duty.state.failed", why=_why(alert))
    if alert.state == State.SENT and alert.sent_at:
        return say("duty.state.sent", when=moment(alert.sent_at))
    if alert.state == State.QUEUED and alert.trouble:
        return say("duty.state.again", why=_why(alert), when=moment(alert.due))
    if alert.state == State.QUEUED and not _is_moving(alert):
        return say("duty.state.waits", when=moment(alert.due))
    return say("duty.state.moving")


def _why(alert: Alert) -> str:
    code = str(alert.trouble.get("code", ""))
    own = "bad-mail" if code in _MAIL_SETTINGS else code
    if f"duty.trouble.{own}" in spoken().words:
        return spoken().say(f"duty.trouble.{own}")
    return trouble(code, alert.trouble.get("facts", {}))


def _is_moving(alert: Alert) -> bool:
    """Tell whether an alert is on its way just now."""
    return alert.state == State.RUNNING or (alert.state == State.QUEUED and alert.due < timezone.now() + _SOON)


def _host(address: str) -> str:
    """Give the host of an address: its path may be secret."""
    return visible(urlsplit(address).hostname or "")

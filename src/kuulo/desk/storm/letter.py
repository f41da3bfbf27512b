"""Letter: alerts as a mail, in its reader's language. It holds names and numbers, and no resident's words."""

import hashlib
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from kuulo.desk.storm.duty import LEVELS
from kuulo.desk.storm.sentence import level_name, name_of, sentence, speech
from kuulo.hear.trouble import Trouble
from kuulo.models import Alert, Person, Storm

# the address of a storm's card
CARD = "/storms/{storm}/"
_LONGEST_SUBJECT = 120


def card(storm: Storm) -> str:
    """Give the whole address of a storm's card; "" where nobody said at which address people use the desk."""
    return settings.ADDRESS + CARD.format(storm=storm.pk) if settings.ADDRESS else ""


def letter(alerts: Sequence[Alert], person: Person, *, sender: Address) -> EmailMessage:
    """Write one mail of one alert or several to somebody. Raises Trouble where their address is none.

    The Message-ID is the same at every try of the same alerts, so that programs for mail show one that came twice
    once.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["To"] = Address(display_name=person.name, addr_spec=person.email)
    except (ValueError, IndexError) as error:
        raise Trouble("refused", "not-an-address") from error
    told = sorted(alerts, key=lambda one: (-LEVELS.index(one.level) if one.level else 0, one.pk))
    mail["From"] = sender
    mail["Subject"] = f"Kuulo · {subject(told, person.language)}"
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = f"<{_key(alerts)}.kuulo@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = speech(person.language).language
    mail.set_content(text(told, person.language), charset="utf-8", cte="quoted-printable")
    return mail


def text(alerts: Sequence[Alert], language: str) -> str:
    """Give the text of the mail: each alert with its card, and at the end why it comes."""
    said = speech(language)
    why = dict.fromkeys(said.say("why.mentor" if one.kind == "mentor" else "why") for one in alerts)
    return "\n\n".join([*(_told(one, language) for one in alerts), *why]) + "\n"


def subject(alerts: Sequence[Alert], language: str) -> str:
    """Name the first alert, and how many more there are."""
    first, *others = alerts
    told = _subject(first, language)[:_LONGEST_SUBJECT]
    return speech(language).say("subject.more", subject=told, n=len(others)) if others else told


def _key(alerts: Sequence[Alert]) -> str:
    """Give the name of what is told: an alert's own, or that of just these alerts together."""
    keys = sorted(alert.key for alert in alerts)
    return keys[0] if len(keys) == 1 else hashlib.sha256(" ".join(keys).encode()).hexdigest()[:32]


def _told(alert: Alert, language: str) -> str:
    said = speech(language)
    if alert.storm is None:
        return said.say("test")
    where = f"{said.say('card')}\n{found}" if (found := card(alert.storm)) else said.say("card.by_hand")
    return "\n\n".join([said.say(alert.kind), sentence(alert.storm, language), where])


def _subject(alert: Alert, language: str) -> str:
    said = speech(language)
    if alert.storm is None:
        return said.say("subject.test")
    name = name_of(alert.storm, language)
    if alert.kind == "mentor":
        return said.say("subject.mentor", name=name)
    return said.say("subject", level=level_name(alert.storm.level, language), name=name)

"""Letter: an alert as a mail, in its reader's language. It holds names and numbers, and no resident's words."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from kuulo.desk.storm.sentence import level_name, name_of, sentence, speech
from kuulo.hear.trouble import Trouble
from kuulo.models import Alert, Person, Storm

# the address of a storm's card
CARD = "/storms/{storm}/"
_LONGEST_SUBJECT = 150


def card(storm: Storm) -> str:
    """Give the whole address of a storm's card; "" where nobody said at which address people use the desk."""
    return settings.ADDRESS + CARD.format(storm=storm.pk) if settings.ADDRESS else ""


def letter(alert: Alert, person: Person, *, sender: Address) -> EmailMessage:
    """Write an alert to somebody. Raises Trouble where their address is none.

    The Message-ID is the same at every try, so that programs for mail show one that came twice once.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["To"] = Address(display_name=person.name, addr_spec=person.email)
    except (ValueError, IndexError) as error:
        raise Trouble("refused", "not-an-address") from error
    mail["From"] = sender
    mail["Subject"] = f"Kuulo · {_subject(alert, person.language)}"[:_LONGEST_SUBJECT]
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = f"<{alert.key}.kuulo@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = speech(person.language).language
    mail.set_content(text(alert, person.language), charset="utf-8", cte="quoted-printable")
    return mail


def text(alert: Alert, language: str) -> str:
    """Give the text of the mail."""
    said = speech(language)
    why = said.say("why.mentor" if alert.kind == "mentor" else "why")
    if alert.storm is None:
        return f"{said.say('test')}\n\n{why}\n"
    where = f"{said.say('card')}\n{found}" if (found := card(alert.storm)) else said.say("card.by_hand")
    return "\n\n".join([said.say(alert.kind), sentence(alert.storm, language), where, f"{why}\n"])


def _subject(alert: Alert, language: str) -> str:
    said = speech(language)
    if alert.storm is None:
        return said.say("subject.test")
    name = name_of(alert.storm, language)
    if alert.kind == "mentor":
        return said.say("subject.mentor", name=name)
    return said.say("subject", level=level_name(alert.storm.level, language), name=name)

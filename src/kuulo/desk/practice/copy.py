"""Copy: make a restored backup fit for practice: without secrets and ways out, and with a storm to be told anew."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kuulo.desk.intake import OPEN
from kuulo.desk.not_now import NotNow
from kuulo.desk.practice.storm import write_storm
from kuulo.desk.storm.said import in_storm
from kuulo.desk.withdraw import remove
from kuulo.models import (
    Alert,
    ApiKey,
    Author,
    Connection,
    Delivery,
    Duty,
    Intake,
    Invitation,
    Membership,
    Message,
    Person,
    PushAnswer,
    RawText,
    Role,
    Storm,
    UnreadItem,
)

_SECRETS = (Connection, ApiKey, PushAnswer, UnreadItem, RawText, Alert)
_WAYS_IN = (Invitation, Authenticator, SocialAccount, EmailAddress)
MOST, _AT_A_TIME = 2_000, 500
Said = tuple[datetime, str, dict[str, Any]]


@transaction.atomic
def strip() -> None:
    """Take out all that leads out of the house, or in.

    People stay by name and role, but each needs a new link; who administers comes in by the first one.
    """
    for model in (*_SECRETS, *_WAYS_IN):
        model._base_manager.all().delete()
    Delivery.objects.exclude(state=Delivery.State.SENT).delete()
    Duty.objects.exclude(address="").delete()
    Author.objects.exclude(name=b"").update(name=b"", name_until=None)
    Intake.objects.filter(state__in=OPEN).update(state=Intake.State.CANCELLED, finished_at=timezone.now())
    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    Person.objects.update(password=make_password(None))


def take_storm(number: int | None) -> int:
    """Take a recorded storm out of the copy, the latest where none is named, to be told anew; give its messages.

    What the municipality itself said then is not told: that is for those who practise. Raises NotNow ("no-storm").
    """
    found = Storm.objects.filter(pk=number) if number else Storm.objects.filter(part_of=None).order_by("-opened")
    storm = found.first()
    if storm is None:
        raise NotNow("no-storm")
    said = _said(storm)
    if not said:
        raise NotNow("no-storm")
    held = list(in_storm(storm).values_list("pk", flat=True))
    with transaction.atomic():
        for at in range(0, len(held), _AT_A_TIME):
            remove(held[at : at + _AT_A_TIME], now=timezone.now())
        Storm.objects.filter(Q(pk=storm.pk) | Q(part_of=storm)).delete()
        return write_storm(settings.DATA_DIR, said)


def _said(storm: Storm) -> list[Said]:
    rows = in_storm(storm).exclude(actor="official").select_related("source").defer("vector", "search_text")
    return [(row.arrived, row.source.name, _post(row)) for row in rows.order_by("arrived", "pk")[:MOST]]


def _post(row: Message) -> dict[str, Any]:
    """Give a message as its source would tell it."""
    told = {name: getattr(row, name) for name in ("text", "title", "channel", "thread", "actor", "private", "form")}
    told |= {"background": row.background, "id": str(row.pk), "parent": str(row.parent_id or "")}
    here = [row.latitude, row.longitude] if row.latitude is not None and row.longitude is not None else None
    return told | {"author": str(row.author_id or ""), "place": here}

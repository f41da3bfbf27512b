"""Duty: who is told when messages pile up, people by e-mail and programs by a signed call.

put_on(by, person, least="storm", nights=False)
told = add_address(by, "https://chat.example/hook", least="storm", nights=False, own_network=False)
# the secret that calls are signed with, told once
"""

import base64
import secrets

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.permissions import NotAllowed, may
from kuulo.desk.seal import seal, unseal
from kuulo.models import Alert, Duty, Person, Storm

MANAGE = "manage-duty"
LEVELS = [level.value for level in Storm.Level]  # as they grow
_PURPOSE, _BEGINNING, _SECRET_BYTES = "alert", "whsec_", 32


def duties() -> QuerySet[Duty]:
    """Give where alerts can go: not to somebody whose account is closed or who has no role left."""
    reached = Q(person=None) | Q(person__is_active=True, person__memberships__isnull=False)
    return Duty.objects.filter(reached).distinct().order_by("pk")


@transaction.atomic
def put_on(by: Person, person: Person, *, least: str, nights: bool) -> Duty:
    """Put somebody on duty, or change what they are told of. Raises NotAllowed for others than oneself."""
    _check_may(by, person)
    duty, new = Duty.objects.update_or_create(person=person, defaults={"least": least, "nights": nights})
    kind = "duty-on" if new else "duty-changed"
    record(kind, person=by, person_id=person.pk, least=least, nights=nights)
    return duty


@transaction.atomic
def add_address(by: Person, address: str, *, least: str, nights: bool, own_network: bool) -> str:
    """Have a program called; give the secret that calls are signed with, which is told this once.

    Raises NotAllowed, also for an address of the own network by who may not reach into it.
    """
    _check_may(by, None)
    if own_network and not may(by, "reach-own-network"):
        raise NotAllowed("reach-own-network")
    told = base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    duty = Duty.objects.create(
        address=address, secret=seal(told, _PURPOSE), least=least, nights=nights, own_network=own_network
    )
    record("duty-address", person=by, duty=duty.pk, least=least, nights=nights)
    return _BEGINNING + told


def secret_of(duty: Duty) -> bytes | None:
    """Give the key that calls to an address are signed with; None where it was sealed by another desk."""
    told = unseal(duty.secret, _PURPOSE)
    return base64.b64decode(told) if told else None


@transaction.atomic
def remove(by: Person, duty: Duty) -> None:
    """Take somebody, or an address, off duty; what was on its way to them is not sent. Raises NotAllowed."""
    _check_may(by, duty.person)
    waiting = Alert.objects.filter(duty=duty, state=Alert.State.QUEUED)
    waiting.update(state=Alert.State.CANCELLED, trouble={"code": "off-duty"})
    record("duty-off", person=by, duty=duty.pk, person_id=duty.person_id)
    duty.delete()


@transaction.atomic
def try_out(by: Person, duty: Duty) -> Alert:
    """Send a test to a duty at once, as any alert is sent. Raises NotAllowed."""
    _check_may(by, duty.person)
    alert = Alert.objects.create(
        duty=duty, person=duty.person, kind="test", count=0, key=new_key(), due=timezone.now()
    )
    record("alert-tested", person=by, duty=duty.pk)
    return alert


def new_key() -> str:
    """Make the key by which a receiver knows an alert at every try."""
    return secrets.token_hex(16)


def _check_may(by: Person, whose: Person | None) -> None:
    """Raise NotAllowed: one's own duty is everybody's own matter, all others are the leaders'."""
    if whose != by and not may(by, MANAGE):
        raise NotAllowed(MANAGE)

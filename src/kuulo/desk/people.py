"""People: who is asked in, with which roles, and who leaves. Whatever is refused has a code (see NotNow)."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.not_now import NotNow
from kuulo.desk.permissions import NotAllowed, may
from kuulo.models import Invitation, Membership, Person, Role, Unit

LINK_LASTS = timedelta(days=7)
WELCOME = "/welcome/{token}/"


def first_administrator_link() -> str | None:
    """Give the path at which the first administrator comes in, or None where there is one.

    Each call makes the earlier link void, so only the newest opens the door.
    """
    with transaction.atomic():
        if _administrators():
            return None
        Invitation.objects.filter(made_by=None, used_at=None).delete()
        return WELCOME.format(token=_new_link(email="", role=Role.ADMINISTRATOR, unit=None, by=None))


def invite(by: Person, *, email: str, role: Role, unit: Unit | None) -> str:
    """Ask somebody in; give the token of their link, which is told once and not kept.

    Raises NotAllowed where ``by`` may not give that role, NotNow "known-already" where the person is here.
    """
    email = email.strip().lower()
    with transaction.atomic():
        check_may_give(by, unit)
        if Person.objects.filter(email=email).exists():
            raise NotNow("known-already")
        Invitation.objects.filter(email=email, used_at=None).delete()
        token = _new_link(email=email, role=role, unit=unit, by=by)
        record("person-invited", person=by, role=str(role), unit=unit.pk if unit else None)
    return token


def new_link(by: Person, person: Person) -> str:
    """Give the token of a link at which somebody who is here chooses a new password.

    Raises NotAllowed where ``by`` may not give all that the person has, NotNow "no-role" where they have nothing.
    """
    with transaction.atomic():
        held = list(person.memberships.select_related("unit"))
        for membership in held:
            check_may_give(by, membership.unit)
        if not held:
            raise NotNow("no-role")
        Invitation.objects.filter(email=person.email, used_at=None).delete()
        token = _new_link(email=person.email, role=Role(held[0].role), unit=held[0].unit, by=by)
        record("link-renewed", person=by, person_id=person.pk)
    return token


def invitation(token: str) -> Invitation:
    """Give the invitation that a link opens. Raises NotNow where it opens nothing (any more)."""
    found = Invitation.objects.select_for_update().filter(token_hash=_hash(token)).first()
    if found is None:
        raise NotNow("link-unknown")
    if found.made_by and not may_give(found.made_by, found.unit):
        raise NotNow("link-unknown")  # who asked them in could no longer do so
    if found.used_at or (found.made_by_id is None and _administrators()):
        raise NotNow("link-used")
    if found.expires <= timezone.now():
        raise NotNow("link-expired")
    return found


@transaction.atomic
def look_at(token: str) -> Invitation:
    """Give the invitation of a link that is only looked at. Raises NotNow as ``invitation`` does."""
    return invitation(token)


@transaction.atomic
def accept(token: str, *, email: str, name: str, password: str) -> Person:
    """Let in who followed the link: make the person, or give one who is here the new password.

    ``email`` counts only where the link names none. Raises NotNow.
    """
    link = invitation(token)
    address = link.email or email.strip().lower()
    known = Person.objects.filter(email=address).first()
    if known and not link.email:
        raise NotNow("known-already")
    person = known or Person(email=address)
    person.name = name
    person.set_password(password)
    person.save()
    _use(link, person)
    return person


@transaction.atomic
def claim(person: Person) -> bool:
    """Give somebody whom the municipality's own log-in vouches for the role that waits for their address, if any."""
    waiting = Invitation.objects.select_for_update().filter(
        email=person.email, used_at=None, expires__gt=timezone.now(), made_by__isnull=False
    )
    link = waiting.first()
    if link is None or not (link.made_by and may_give(link.made_by, link.unit)):
        return False
    _use(link, person)
    return True


@transaction.atomic
def give_role(by: Person, person: Person, *, role: Role, unit: Unit | None) -> None:
    """Give a role in a unit or (None) everywhere. Raises NotAllowed beyond what ``by`` holds."""
    check_may_give(by, unit)
    _, new = Membership.objects.get_or_create(person=person, role=role, unit=unit)
    if new:
        record("role-given", person=by, person_id=person.pk, role=str(role), unit=unit.pk if unit else None)


@transaction.atomic
def take_role(by: Person, membership: Membership) -> None:
    """Take a role away. Raises NotAllowed, or NotNow "last-administrator"."""
    check_may_give(by, membership.unit)
    _check_others_remain(membership.person, membership)
    # a link for a new password gives the role that it was made for, also once that is gone
    Invitation.objects.filter(email=membership.person.email, used_at=None).delete()
    membership.delete()
    record("role-taken", person=by, person_id=membership.person_id, role=membership.role, unit=membership.unit_id)


@transaction.atomic
def deactivate(by: Person, person: Person) -> None:
    """Close an account; what the person did stays told. Raises NotAllowed, or NotNow "last-administrator"."""
    _check_may_close(by, person)
    _check_others_remain(person, None)
    Invitation.objects.filter(email=person.email, used_at=None).delete()
    _set_active(by, person, active=False)


@transaction.atomic
def activate(by: Person, person: Person) -> None:
    """Open an account again. Raises NotAllowed."""
    _check_may_close(by, person)
    _set_active(by, person, active=True)


def may_give(by: Person, unit: Unit | None) -> bool:
    """Tell whether a person may give roles in a unit: administrators everywhere may, those of a unit within it."""
    if not may(by, "manage-people"):
        return False
    held = by.memberships.filter(role=Role.ADMINISTRATOR).values_list("unit_id", flat=True)
    return bool({None, unit.pk if unit else None}.intersection(held))


def check_may_give(by: Person, unit: Unit | None) -> None:
    """Raise NotAllowed where a person may not give roles in a unit or (None) everywhere."""
    if not may_give(by, unit):
        raise NotAllowed("manage-people")


def _check_may_close(by: Person, person: Person) -> None:
    """An account without roles belongs to the whole municipality."""
    units = [membership.unit for membership in person.memberships.select_related("unit")]
    for unit in units or [None]:
        check_may_give(by, unit)


def _administrators() -> list[Membership]:
    """Give the memberships of those who administer everything, held fast until the transaction ends."""
    found = Membership.objects.select_for_update(of=("self",)).filter(role=Role.ADMINISTRATOR, unit=None)
    return list(found.filter(person__is_active=True))


def _check_others_remain(person: Person, membership: Membership | None) -> None:
    """Raise NotNow where nobody would administer everything without this membership (None: any of the person)."""
    there = _administrators()
    leaving = [one for one in there if one.person_id == person.pk and membership in {None, one}]
    if leaving and len(leaving) == len(there):
        raise NotNow("last-administrator")


def _set_active(by: Person, person: Person, *, active: bool) -> None:
    person.is_active = active
    person.save(update_fields=["is_active"])
    record("account-opened" if active else "account-closed", person=by, person_id=person.pk)


def _use(link: Invitation, person: Person) -> None:
    Membership.objects.get_or_create(person=person, role=link.role, unit=link.unit)
    link.used_by, link.used_at = person, timezone.now()
    link.save(update_fields=["used_by", "used_at"])
    record("person-joined", person=person, role=link.role, unit=link.unit_id)


def _new_link(*, email: str, role: Role, unit: Unit | None, by: Person | None) -> str:
    token = secrets.token_urlsafe(32)
    expires = timezone.now() + LINK_LASTS
    Invitation.objects.create(token_hash=_hash(token), email=email, role=role, unit=unit, made_by=by, expires=expires)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

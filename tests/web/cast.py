"""The people of the tests, one for each role."""

from django.test import Client

from kuulo.models import Membership, Person, Role, Unit

PASSWORD = "kolme vihreää omenaa"


def person(role: Role | str | None = Role.OFFICIAL, *, name: str = "", unit: Unit | None = None) -> Person:
    """Store somebody with a role (None: with none), once."""
    name = name or (f"{role}" if role else "stranger").title()
    found = Person.objects.filter(email=f"{name.lower()}@example.org").first()
    made = found or Person.objects.create_user(f"{name}@example.org", PASSWORD, name=name)
    if role:
        Membership.objects.get_or_create(person=made, role=role, unit=unit)
    return made


def at_desk(role: Role | str | None, **options) -> Client:
    """Give a browser in which somebody with that role is logged in."""
    client = Client(**options)
    client.force_login(person(role), backend="django.contrib.auth.backends.ModelBackend")
    return client

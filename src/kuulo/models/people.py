"""People who work at the desk, the units that they belong to, what they may do there, and how they are asked in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class People(BaseUserManager["Person"]):
    """Make people; an address is the same whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **rest: Any) -> "Person":  # noqa: ANN401
        """Store a person; without a password one has to be set by a link, or a single sign-on used."""
        person = self.model(email=email.strip().lower(), **rest)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Give the person with this e-mail address. Raises Person.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who works at the desk. Residents have no account."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    def __str__(self) -> str:
        return self.name or self.email


class Unit(models.Model):
    """A part of the municipality that answers for something; ``names`` by language."""

    names = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(next(iter(self.names.values()), f"#{self.pk}"))


class Role(models.TextChoices):
    """What somebody is at the desk."""

    READER = "reader"
    OFFICIAL = "official"
    MENTOR = "mentor"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Membership(models.Model):
    """A person's role, in one unit or (without a unit) in the whole municipality."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=13, choices=Role)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "unit", "role"], name="membership_once"),
            models.UniqueConstraint(
                fields=["person", "role"], condition=models.Q(unit=None), name="membership_once_everywhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role}"


class Invitation(models.Model):
    """A one-time link that lets somebody in with a role. Only the link's hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=13, choices=Role)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="invitations")
    made_at = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    used_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.role} {self.email}"

"""Concern: one message that may be about something grave, whatever the others say; and the path of safety."""

from django.db import models
from django.utils import timezone

from kuulo.models.message import Message
from kuulo.models.people import Person


class Concern(models.Model):
    """The machine asks a person to look at a message: it may tell of a threat, a danger, a child, fire, an accident.

    ``kinds`` are codes of these; ``why`` the words that told so; ``likely`` or only possible. A person decides.
    """

    class Said(models.TextChoices):
        """What a person said."""

        REAL = "real"
        NOTHING = "nothing"

    message = models.OneToOneField(Message, models.CASCADE, related_name="concern")
    kinds = models.JSONField(default=list)
    why = models.JSONField(default=list)
    likely = models.BooleanField(default=True)
    seen = models.DateTimeField(default=timezone.now)
    said = models.CharField(max_length=7, choices=Said, blank=True)
    said_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(null=True)
    arrived = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["said", "-likely", "-arrived", "-message"], name="concern_waiting"),)

    def __str__(self) -> str:
        return f"concern about {self.message_id}"


class SafetyCase(models.Model):
    """A threat or harassment against somebody at work: the message is out of the open lists and kept as evidence.

    Supervisors see it. ``status_before`` is what the message's status was, for when the case is closed and it comes
    back; ``reason`` is a code, ``note`` what a person wrote.
    """

    message = models.OneToOneField(Message, models.PROTECT, related_name="safety_case")
    reason = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    status_before = models.CharField(max_length=10)
    opened_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"safety case {self.pk}"

"""Delivery: one reply on its way to one message, sent once or not at all."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.message import Message
from kuulo.models.people import Person


class Delivery(models.Model):
    """A reply to a message through its source. The row is written before anything is sent: it is the queue.

    ``key`` is what the source knows the delivery by at every try. One that a worker left behind in the middle, or
    that met an error which may have come after it was taken, has an UNKNOWN outcome: it is looked for, and where
    that finds nothing a person decides; it is never sent again by itself. One that came back is BOUNCED. LEFT is
    what is not sent, or not looked after any more. ``trouble`` holds the code, kind and facts of what went wrong.
    """

    class State(models.TextChoices):
        """Where the reply stands."""

        QUEUED = "queued"
        RUNNING = "running"
        SENT = "sent"
        REFUSED = "refused"
        UNKNOWN = "unknown"
        BOUNCED = "bounced"
        LEFT = "left"

    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")
    key = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED, db_index=True)
    due = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="deliveries")
    made_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, help_text="when it was first tried")
    sent_at = models.DateTimeField(null=True)
    sent_id = models.CharField(max_length=500, blank=True, db_index=True)
    sent_url = models.URLField(max_length=500, blank=True)
    trouble = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    beat = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due"], name="delivery_due")]

    def __str__(self) -> str:
        return f"reply {self.pk} ({self.state})"

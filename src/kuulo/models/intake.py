"""Intake: one file brought in, how it was understood, and what became of each of its rows."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.people import Person
from kuulo.models.source import Source


class Intake(models.Model):
    """A file on its way in. The row is the queue: a worker takes what is QUEUED.

    ``orders`` is what a person decided about the columns (the fields of kuulo.hear.reading.Orders), ``guess`` how
    the file was understood and ``notes`` what is to be known of it. ``rows_done`` counts the file's messages
    that were dealt with: taken in as new (``added``), known before (``known``) or not taken in (``rejected``).
    ``known_messages`` are those known before; one that the file holds twice stands among them once.
    """

    class State(models.TextChoices):
        """Where the intake stands."""

        PREVIEW = "preview"
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        REFUSED = "refused"

    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="intakes")
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the file's bytes")
    file_size = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.PREVIEW, db_index=True)
    orders = models.JSONField(default=dict)
    guess = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    refusal = models.JSONField(default=dict, help_text="code and facts of why the file could not be read")
    rows_total = models.BigIntegerField(null=True)
    rows_done = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    known_messages = models.ManyToManyField("kuulo.Message", related_name="known_in")
    brought_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="intakes")
    brought_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    beat = models.DateTimeField(null=True, help_text="when the worker last showed that it is at it")
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    rows_tried = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class RejectedRow(models.Model):
    """A row that could not be taken as it was: where, and why.

    ``message`` is None where the row was left out; else the message was taken in, without what was wrong.
    """

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="rejected_rows")
    row = models.BigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    message = models.ForeignKey("kuulo.Message", models.CASCADE, null=True, related_name="troubles")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["intake", "row"], name="rejected_by_row")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.code}"

"""Correction: a mistake put right by a person, kept as a rule that outlives every regrouping."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.message import Message
from kuulo.models.people import Person
from kuulo.models.theme import Theme


class Correction(models.Model):
    """A rule. It holds until it is undone.

    ``theme`` is what the rule is about, ``other`` the second theme of a merge, a split or a move, ``message`` the
    message that it speaks of. ``facts`` hold what the kind needs (names by language, ids, words), ``before`` what
    undoing puts back.
    """

    class Kind(models.TextChoices):
        """What was put right."""

        RENAME = "rename"
        MERGE = "merge"
        SPLIT = "split"
        MOVE = "move"
        NOT_ABOUT = "not-about"
        PIN = "pin"
        ALWAYS_HERE = "always-here"

    kind = models.CharField(max_length=11, choices=Kind)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="corrections")
    other = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="other_corrections")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="corrections")
    facts = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="corrections")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["undone_at", "kind"], name="correction_in_force")]

    def __str__(self) -> str:
        return f"{self.kind} {self.theme_id}"

"""Regroup: one look at all messages anew, in the background; and the proposals that it leaves to people."""

from django.db import models
from django.utils import timezone

from kuulo.models.people import Person
from kuulo.models.theme import Theme


class Regroup(models.Model):
    """One regrouping. The row is the queue. ``figures`` tell what it saw: moved, churn, kept, proposals by kind.

    ``claimed_by`` is the worker that has it, ``tries`` how often one began.
    """

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    state = models.CharField(max_length=7, choices=State, default=State.QUEUED, db_index=True)
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    beat = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"regroup {self.pk} ({self.state})"


class Proposal(models.Model):
    """A change of themes that the machine proposes and a person accepts or declines.

    ``reasons`` are codes with facts. ``messages`` are the ids of the messages that would change their theme,
    ``theme`` the theme that would be split or would take in ``other``; both None for a new theme.
    """

    class Kind(models.TextChoices):
        """What is proposed."""

        SPLIT = "split"
        MERGE = "merge"
        NEW = "new"

    class State(models.TextChoices):
        """What became of it. STALE: the themes changed meanwhile."""

        OPEN = "open"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        STALE = "stale"

    regroup = models.ForeignKey(Regroup, models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=5, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN, db_index=True)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="proposals")
    other = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="other_proposals")
    names = models.JSONField(default=dict, help_text="proposed names by language, of a new or a split-off theme")
    messages = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"

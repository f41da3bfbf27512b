"""Step: who did what when about something that is followed."""

from django.db import models
from django.utils import timezone

from kuulo.models.people import Person


class Step(models.Model):
    """``kind`` is a code; ``facts`` hold what it changed, for undoing; ``note`` is what a person wrote."""

    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True

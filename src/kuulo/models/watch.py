"""Watch: a matter that the municipality wants to know the places of: where it is talked about, and who answers."""

from django.db import models
from django.utils import timezone

from kuulo.models.people import Person
from kuulo.models.source import Source


class Watch(models.Model):
    """A watched matter: messages that hold one of its ``words`` (one a line) or of its services' words.

    ``services`` are ids of the vocabulary of municipal services. Without ``sources`` all are watched.
    """

    name = models.CharField(max_length=120, unique=True)
    words = models.TextField(blank=True)
    services = models.JSONField(default=list)
    sources = models.ManyToManyField(Source, blank=True, related_name="watches")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

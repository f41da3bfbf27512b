"""Worker: a sign of life of each process that does chores."""

from django.db import models


class Worker(models.Model):
    """A worker process, by a name of its own, and when it last showed that it lives."""

    name = models.CharField(max_length=80, primary_key=True)
    beat = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

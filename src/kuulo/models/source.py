"""Source: a place that messages come from, such as a feedback form, a page or a series of files."""

from django.db import models


class Source(models.Model):
    """A place that messages come from. A message is the same message only within its source."""

    name = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=60, blank=True, help_text="the channel of messages that name none")

    def __str__(self) -> str:
        return self.name

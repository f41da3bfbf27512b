"""Saved view: a page with its filters, kept under a name."""

from typing import ClassVar

from django.db import models

from kuulo.models.people import Person


class SavedView(models.Model):
    """A page ("inbox", "themes", ...) and its query, for one person or, where ``shared``, for all at the desk."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "page", "name"], name="view_once")]

    def __str__(self) -> str:
        return self.name

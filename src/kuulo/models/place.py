"""Place: somewhere that residents talk about, out of the gazetteer; and the messages that are about it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.message import Message
from kuulo.models.people import Person


class Gazetteer(models.Model):
    """A file of places as it was brought; the places of the latest file with a ``name`` replace those of an earlier.

    ``told`` counts its rows by what became of them and lists what was mended or refused, by its place in the file:
    codes and numbers. ``looked_to`` is the id of the last message that was looked through for places since, None
    once all were.
    """

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    brought_at = models.DateTimeField(default=timezone.now)
    brought_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    told = models.JSONField(default=dict)
    looked_to = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"gazetteer {self.pk}"


class Place(models.Model):
    """A place: a district, a street, a school ... ``names`` are lists by language, the official one first.

    ``code`` is what its file calls it. ``area`` is a GeoJSON geometry in WGS 84, None for a point. A place that
    left the gazetteer is ``gone``: earlier messages stay about it, later ones are not found to be.
    """

    code = models.CharField(max_length=200, unique=True)
    gazetteer = models.ForeignKey(Gazetteer, models.PROTECT, related_name="places")
    kind = models.CharField(max_length=20, db_index=True)
    names = models.JSONField(default=dict)
    inner = models.BooleanField(null=True, help_text="Kalliossa (inner) or Malmilla (outer); None: either")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="parts")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    area = models.JSONField(null=True)
    gone = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class Whereabouts(models.Model):
    """A message is about a place, or comes from there.

    ``by`` tells how that is known, in the order in which it counts: the message's text (the letters from ``start``
    to ``end``), its coordinates, the home area of its source; or a person said so. ``why`` holds the reason as a
    code with facts. ``sure`` is 0-1. ``arrived`` is the message's own, so that a place's latest are found at once.
    """

    class By(models.TextChoices):
        """How it is known."""

        TEXT = "text"
        COORDINATES = "coordinates"
        HOME = "home"
        PERSON = "person"

    message = models.ForeignKey(Message, models.CASCADE, related_name="whereabouts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="whereabouts")
    by = models.CharField(max_length=11, choices=By)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    sure = models.FloatField(default=1.0)
    why = models.JSONField(default=dict)
    arrived = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "place"], name="whereabouts_once")]
        indexes: ClassVar = [models.Index(fields=["place", "-arrived", "-message"], name="whereabouts_latest")]

    def __str__(self) -> str:
        return f"{self.message_id} at {self.place_id}"

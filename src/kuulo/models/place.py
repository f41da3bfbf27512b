"""Place: somewhere that residents talk about, out of the gazetteer; and the messages that are about it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.message import Message
from kuulo.models.people import Person


class Gazetteer(models.Model):
    """A file of places as it was brought; the places of the latest file with a ``name`` replace those of an earlier.

    The row is the queue: a worker takes what is QUEUED. ``kind`` and ``language`` are those of places that tell none.
    ``told`` counts its rows by what became of them and lists what was mended or refused, by its place in the file:
    codes and numbers. ``looked_to`` is the id of the last message that was looked through for places since, None
    once all were; it stands in the file that was taken in last.
    """

    class State(models.TextChoices):
        """Where the file stands."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    file_size = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=3, blank=True)
    brought_at = models.DateTimeField(default=timezone.now)
    brought_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED, db_index=True)
    told = models.JSONField(default=dict)
    refusal = models.JSONField(default=dict)
    looked_to = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    beat = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"gazetteer {self.pk}"


class Told(models.Model):
    """What a file tells of a place. ``names`` are lists by language, the official one first; ``search`` all of them.

    ``code`` is what its file calls it. ``area`` is a GeoJSON geometry in WGS 84, None for a point; ``outline`` its
    rings as a map draws them: pairs of longitude and latitude. An ``ambiguous`` name is also something else.
    """

    kind = models.CharField(max_length=30, db_index=True)
    names = models.JSONField(default=dict)
    search = models.TextField(blank=True, help_text="all names in small letters, one a line")
    inner = models.BooleanField(null=True, help_text="Kalliossa (inner) or Malmilla (outer); None: either")
    ambiguous = models.BooleanField(default=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    area = models.JSONField(null=True)
    outline = models.JSONField(null=True)

    class Meta:
        abstract = True


class Place(Told):
    """A place: a district, a street, a school ...

    A place that left the gazetteer is ``gone``: earlier messages stay about it, later ones are not found to be.
    ``own`` counts the messages about it, ``messages`` with those about what lies in it; ``figures`` count the latter
    by day and by theme. They are drawn up by kuulo.desk.places.counts.
    """

    code = models.CharField(max_length=200, unique=True)
    gazetteer = models.ForeignKey(Gazetteer, models.PROTECT, related_name="places")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="parts")
    gone = models.DateTimeField(null=True)
    own = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-messages", "id"], name="place_most")]

    def __str__(self) -> str:
        return self.code


class PlaceDraft(Told):
    """A place of a file that is being taken in: all of them become places at once. ``parent`` is a code."""

    gazetteer = models.ForeignKey(Gazetteer, models.CASCADE, related_name="drafts")
    code = models.CharField(max_length=200)
    parent = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["gazetteer", "code"], name="place_draft_once")]

    def __str__(self) -> str:
        return self.code


class Whereabouts(models.Model):
    """A message is about a place, or comes from there.

    ``by`` tells how that is known, in the order in which it counts: the message's text (the letters from ``start``
    to ``end``), its coordinates, a column of its background, the home area of its source; or a person said so.
    ``why`` holds the reason as a code with facts. ``sure`` is 0-1. ``arrived`` is the message's own, so that a
    place's latest are found at once.
    """

    class By(models.TextChoices):
        """How it is known."""

        TEXT = "text"
        COORDINATES = "coordinates"
        COLUMN = "column"
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


class NotHere(models.Model):
    """A person said that a message is not about a place: no machine brings it back there."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="not_here")
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "place"], name="not_here_once")]

    def __str__(self) -> str:
        return f"{self.message_id} not at {self.place_id}"

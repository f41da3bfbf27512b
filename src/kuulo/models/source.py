"""Source: a place that messages come from, and how Kuulo listens to it by itself."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.people import Unit


class Source(models.Model):
    """A place that messages come from, or one that is only known of: the register of channels is made of these.

    A message is the same message only within its source. ``purpose`` and ``legal_basis`` have to be told before
    Kuulo listens there by itself. ``relevance_limit`` (0-1): what is less about the municipality's tasks is set
    aside; None: everything here is meant for the municipality. ``by_name``: writers are answered by name here.
    ``quotable``: what is said here may be shown word for word in public. ``home`` is the place that messages
    are about which name none. ``keep_days``: texts are forgotten after so many days.
    """

    class RunBy(models.TextChoices):
        """Whose place it is."""

        ADMINISTRATION = "administration"
        RESIDENTS = "residents"
        ASSOCIATION = "association"
        MEDIA = "media"

    name = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=60, blank=True, help_text="the channel of messages that name none")
    address = models.URLField(max_length=500, blank=True, help_text="where people find it")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="sources")
    language = models.CharField(max_length=3, blank=True)
    owner = models.CharField(max_length=120, blank=True, help_text="who looks after it at the municipality")
    run_by = models.CharField(max_length=14, choices=RunBy, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    followers = models.PositiveIntegerField(null=True, blank=True)
    purpose = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True)
    keep_days = models.PositiveIntegerField(default=365)
    by_name = models.BooleanField(default=False)
    quotable = models.BooleanField(default=False)
    relevance_limit = models.FloatField(null=True, blank=True)
    home = models.ForeignKey("kuulo.Place", models.SET_NULL, null=True, blank=True, related_name="sources")
    own_names = models.TextField(blank=True, help_text="of the municipality, its places and accounts, one a line")

    def __str__(self) -> str:
        return self.name


class Connection(models.Model):
    """How Kuulo listens to a source by itself. The row is the queue: a worker takes what is QUEUED and due.

    ``settings`` are those of the connector; its secrets are sealed in ``secrets``. ``cursor`` is where to go on,
    saved together with what was heard. ``token`` is the end of the address that the source calls, where it does.
    ``trouble`` holds the code, kind and facts of what went wrong last, {} while all is well.
    """

    class State(models.TextChoices):
        """Whether it is listened to."""

        OFF = "off"
        QUEUED = "queued"
        RUNNING = "running"

    source = models.OneToOneField(Source, models.CASCADE, related_name="connection")
    connector = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField(default=b"")
    own_network = models.BooleanField(default=False)
    token = models.CharField(max_length=43, unique=True, null=True)
    state = models.CharField(max_length=7, choices=State, default=State.OFF, db_index=True)
    cursor = models.JSONField(default=dict)
    due = models.DateTimeField(default=timezone.now, db_index=True)
    last_tried = models.DateTimeField(null=True)
    last_heard = models.DateTimeField(null=True, help_text="when it last answered as it should")
    last_news = models.DateTimeField(null=True, help_text="when it last brought something new")
    trouble = models.JSONField(default=dict)
    failures = models.PositiveSmallIntegerField(default=0)
    passed = models.JSONField(default=dict, help_text="how much was passed over, by reason")
    heard_count = models.BigIntegerField(default=0, help_text="messages taken in")
    known_count = models.BigIntegerField(default=0, help_text="messages that were known before")
    gone_count = models.BigIntegerField(default=0, help_text="messages that were taken back at the source")
    unread_count = models.BigIntegerField(default=0, help_text="what could not be read")
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    beat = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due"], name="connection_due")]

    def __str__(self) -> str:
        return f"{self.connector} {self.pk}"


class UnreadItem(models.Model):
    """Something that came and could not be read: kept sealed for a week, to be looked into."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="unread_items")
    code = models.CharField(max_length=40)
    origin_id = models.CharField(max_length=500, blank=True)
    raw = models.BinaryField(default=b"")
    came = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"

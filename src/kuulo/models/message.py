"""Message: what somebody said, exactly as it came, with what Kuulo made out of it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.intake import Intake
from kuulo.models.source import Source


class Author(models.Model):
    """Somebody who wrote, known by a pseudonym only: a keyed hash whose key is not in the database, and a random
    number ("~...") once that key is gone.

    ``name`` is what the writer is called where the source is answered by name, sealed, until ``name_until``.
    """

    key = models.CharField(max_length=32, unique=True)
    name = models.BinaryField(default=b"")
    name_until = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"#{self.pk}"


class Blocked(models.Model):
    """Somebody whose posts are not taken in: a hash with a key of its own, for one source."""

    key = models.CharField(max_length=32, unique=True)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"blocked {self.pk}"


class Tag(models.Model):
    """A hashtag as it is written, in small letters without its sign; ``alias_of`` where two are one matter."""

    name = models.CharField(max_length=100, unique=True)
    alias_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="aliases")

    def __str__(self) -> str:
        return f"#{self.name}"


class Message(models.Model):
    """A message. ``identity`` is unique within the source: two equal rows stay two, the same file twice adds
    nothing. ``vector`` are 768 half-precision numbers with the language taken out, of unit length, or None while
    the message waits. ``copy_of`` is the first message with nearly the same text. ``arrived`` is when it was said,
    or heard where the source tells no time (``dated`` is False then). ``background`` are pairs of a column's header
    and value. ``thread`` is what the source calls the discussion that the message belongs to; ``parent_origin`` is
    the source's id of the message that this one replies to, and ``parent`` that message where it is known. ``text``
    is for work: what tells who somebody is has marks in its place. ``everywhere`` is the name of the post in every
    source that shows it. ``version`` is the source's mark of the latest edit, ``edited`` when it was heard of. A
    message that is ``gone`` was taken back at the source, forgotten or erased: only its identity stays, so that it
    never comes back. One under SAFETY is seen by supervisors only. ``form`` is what it is at the source: message,
    comment, request, initiative, proposal, statement or news. ``relevance`` (0-1) is how much it is about the
    municipality's tasks, and ``relevance_why`` the words that told so; None where the source is not judged.
    ``reply_to`` is what its connector needs to reply.
    """

    class Status(models.TextChoices):
        """What became of the message. NEW waits for the worker."""

        NEW = "new"
        GROUPED = "grouped"
        UNCERTAIN = "uncertain"
        EMPTY = "empty"
        UNREADABLE = "unreadable"
        ASIDE = "aside"
        GONE = "gone"
        SAFETY = "safety"

    source = models.ForeignKey(Source, models.PROTECT, related_name="messages")
    identity = models.CharField(max_length=32)
    intake = models.ForeignKey(Intake, models.PROTECT, null=True, related_name="messages")
    origin_id = models.CharField(max_length=500, blank=True)
    everywhere = models.CharField(max_length=500, blank=True)
    version = models.CharField(max_length=64, blank=True)
    form = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=300, blank=True)
    row = models.BigIntegerField(default=0)
    column = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=60, blank=True)
    thread = models.CharField(max_length=200, blank=True)
    parent_origin = models.CharField(max_length=500, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replies")
    url = models.URLField(max_length=500, blank=True)
    addressee = models.CharField(max_length=200, blank=True)
    private = models.BooleanField(default=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    supporters = models.PositiveIntegerField(null=True)
    attachments = models.JSONField(default=list)
    reply_to = models.JSONField(default=dict)
    relevance = models.FloatField(null=True)
    relevance_why = models.JSONField(default=list)
    edited = models.DateTimeField(null=True)
    gone = models.DateTimeField(null=True)
    language = models.CharField(max_length=3, default="und")
    arrived = models.DateTimeField()
    dated = models.BooleanField(default=True)
    heard = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(Author, models.SET_NULL, null=True, related_name="messages")
    actor = models.CharField(max_length=12, blank=True)
    background = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    reason = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    certainty = models.FloatField(default=0.0)
    evidence = models.JSONField(default=list)
    copy_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="copies")
    tags = models.ManyToManyField(Tag, related_name="messages")
    text = models.TextField()
    search_text = models.TextField(blank=True, help_text="the words and their dictionary forms")
    vector = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "identity"], name="message_once"),
            models.UniqueConstraint(
                fields=["everywhere"], condition=~models.Q(everywhere=""), name="message_once_everywhere"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-arrived", "-id"], name="message_latest"),
            models.Index(fields=["channel", "-arrived", "-id"], name="message_channel"),
            models.Index(fields=["language", "-arrived", "-id"], name="message_language"),
            models.Index(fields=["kind", "-arrived", "-id"], name="message_kind"),
            models.Index(fields=["status", "-arrived", "-id"], name="message_status"),
            models.Index(fields=["source", "-arrived", "-id"], name="message_source"),
            models.Index(fields=["addressee", "-arrived", "-id"], name="message_addressee"),
            models.Index(fields=["intake", "-arrived", "-id"], name="message_intake_latest"),
            models.Index(fields=["intake", "status", "-arrived", "-id"], name="message_intake"),
            models.Index(fields=["intake"], condition=models.Q(copy_of__isnull=False), name="message_intake_copies"),
            models.Index(fields=["heard"], name="message_waiting", condition=models.Q(status="new")),
            models.Index(fields=["source", "thread"], name="message_thread", condition=~models.Q(thread="")),
            models.Index(fields=["origin_id"], name="message_origin", condition=~models.Q(origin_id="")),
            models.Index(
                fields=["source", "parent_origin"], name="message_orphans", condition=~models.Q(parent_origin="")
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Sighting(models.Model):
    """The same post, heard through another source too: one message, seen under another id there."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="sightings")
    identity = models.CharField(max_length=32)
    message = models.ForeignKey(Message, models.CASCADE, related_name="sightings")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "identity"], name="sighting_once")]

    def __str__(self) -> str:
        return f"{self.message_id} in {self.source_id}"


class RawText(models.Model):
    """A message's text word for word, sealed, where it differs from the one for work; gone after ``until``."""

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="raw")
    sealed = models.BinaryField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"raw text of {self.message_id}"


class EarlierText(models.Model):
    """What a message said before its writer changed it, for work."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="earlier_texts")
    text = models.TextField()
    until = models.DateTimeField(help_text="when it was heard that it was changed")

    def __str__(self) -> str:
        return f"earlier text of {self.message_id}"

"""Discussion: something that the municipality asks people about, followed so that it is seen when nobody comes."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.message import Message
from kuulo.models.people import Person
from kuulo.models.place import Place
from kuulo.models.source import Source
from kuulo.models.step import Step
from kuulo.models.theme import Theme


class Discussion(models.Model):
    """A hearing, a debate, a post of our own: what is said in its ``source`` (or one ``thread`` of it), in a theme or
    about a place, from the day ``opened`` to the day ``closes``, both included.

    At least ``wanted`` people are hoped for ``within`` so many days: ``learnt`` from so many earlier discussions (0:
    assumed), or said by a person (None). ``told``: its source told of it by itself;
    ``opened_known`` is False where that told no opening day, and ``opened`` is when it was first heard of.
    ``services`` are ids of the vocabulary that a person chose; ``sought`` those that were looked for elsewhere,
    chosen or read from its name, None before the first look. ``elsewhere`` are messages on the same matter that are
    no part of it, of those up to the id ``looked_to``. ``figures`` count what was heard, ``state`` is the code of the
    judgement: both are drawn up by kuulo.desk.discussions.count. ``ended``: a person follows it no longer.
    """

    name = models.CharField(max_length=200)
    question = models.TextField(blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="discussions")
    thread = models.CharField(max_length=200, blank=True)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="discussions")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="discussions")
    url = models.URLField(max_length=500, blank=True)
    opened = models.DateField()
    opened_known = models.BooleanField(default=True)
    closes = models.DateField(null=True)
    wanted = models.PositiveSmallIntegerField()
    within = models.PositiveSmallIntegerField()
    learnt = models.PositiveSmallIntegerField(null=True)
    services = models.JSONField(default=list)
    told = models.BooleanField(default=False)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    not_quiet = models.BooleanField(default=False, help_text="a person said that it is not quiet")
    taken_at = models.DateField(null=True, help_text="when it was last taken to where people are")
    ended = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)
    state = models.CharField(max_length=12, blank=True, db_index=True)
    counted_at = models.DateTimeField(null=True, help_text="when the figures last changed; None: never counted")
    sought = models.JSONField(null=True)
    looked_to = models.BigIntegerField(default=0)
    elsewhere = models.ManyToManyField(Message, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "thread"], condition=~models.Q(thread=""), name="discussion_of_thread_once"
            )
        ]

    def __str__(self) -> str:
        return f"discussion {self.pk}"


class DiscussionStep(Step):
    """What somebody did about a discussion."""

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="steps")

    def __str__(self) -> str:
        return f"{self.kind} in discussion {self.discussion_id}"

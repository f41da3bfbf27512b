"""Theme: a matter that residents talk about, with an identity that lasts; and the placement of messages in it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.message import Message


class Theme(models.Model):
    """A theme (``parent`` None) or a subtheme. A ``code`` ("T12", "T12.3") is never given twice.

    ``names`` are by language (fi, sv, nb, nn, en); those in ``named_by_person`` were given by a person and no machine
    changes them. ``centroid`` are 768 half-precision numbers. ``figures`` are the counts that pages show, as
    kuulo.desk.figures draws them up; ``stale`` tells that something changed since. A merged theme leads on to
    ``merged_into``.
    """

    class State(models.TextChoices):
        """Whether the theme lives."""

        LIVE = "live"
        MERGED = "merged"

    code = models.CharField(max_length=20, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="subthemes")
    state = models.CharField(max_length=6, choices=State, default=State.LIVE)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    names = models.JSONField(default=dict)
    named_by_person = models.JSONField(default=list, help_text="languages whose name a person gave")
    keyphrases = models.JSONField(default=dict)
    central = models.JSONField(default=list, help_text="ids of the most typical messages, most typical first")
    service = models.CharField(max_length=80, blank=True)
    firmness = models.FloatField(default=0.0)
    at_x = models.FloatField(default=0.0)
    at_y = models.FloatField(default=0.0)
    made_at = models.DateTimeField(default=timezone.now)
    centroid = models.BinaryField(null=True)
    figures = models.JSONField(default=dict)
    stale = models.BooleanField(default=True, db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["parent", "state"], name="theme_children")]

    def __str__(self) -> str:
        return self.code


class Placement(models.Model):
    """Where a message stands: in a theme, and in one of its subthemes or none. One message may stand in several.

    ``main`` is the first of them. ``counted`` is False for an uncertain message, whose nearest theme this only is.
    ``fit`` is 0-1. ``why`` tells what led here: ids of the nearest examples and the words shared with them, or the
    correction that ordered it. ``arrived`` is the message's own, so that a theme's latest are found at once.
    """

    class By(models.TextChoices):
        """Who placed it."""

        MACHINE = "machine"
        PERSON = "person"

    message = models.ForeignKey(Message, models.CASCADE, related_name="placements")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="placements")
    subtheme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="sub_placements")
    main = models.BooleanField(default=True)
    counted = models.BooleanField(default=True)
    fit = models.FloatField(default=0.0)
    by = models.CharField(max_length=7, choices=By, default=By.MACHINE)
    why = models.JSONField(default=dict)
    arrived = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "theme"], name="placement_once"),
            models.UniqueConstraint(fields=["message"], condition=models.Q(main=True), name="placement_one_main"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["theme", "counted", "-arrived", "-message"], name="placement_latest"),
            models.Index(fields=["subtheme", "counted", "-arrived", "-message"], name="placement_sub_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} in {self.theme_id}"

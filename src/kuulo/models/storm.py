"""Storm: a matter that many people suddenly write about, what was done, and how the watch for storms is set."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.message import Message
from kuulo.models.people import Person
from kuulo.models.place import Place
from kuulo.models.step import Step
from kuulo.models.theme import Theme


class Scope(models.TextChoices):
    """What is counted: a theme, a subtheme, a theme at a place, a place, the uncertain pile, everything."""

    THEME = "theme"
    SUBTHEME = "subtheme"
    THEME_PLACE = "theme-place"
    PLACE = "place"
    PILE = "pile"
    ALL = "all"


class StormWatch(models.Model):
    """How the watch is set: one row. ``budget`` is how many alarms a month the municipality can bear.

    ``threshold`` is what a replay of its own history gave for that (None: what is shipped), ``replayed`` what the
    replay told. ``spread`` are the dispersion pairs by window, as kuulo.group tells them ({}: those shipped), and
    ``profile`` the week's shape of all streams together, for one that is new. ``learned_at`` is when these were
    last drawn out of the messages; None: too little is known to watch.
    """

    budget = models.FloatField(default=2.0)
    threshold = models.FloatField(null=True)
    spread = models.JSONField(default=dict)
    profile = models.JSONField(default=list)
    learned_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    replayed_at = models.DateTimeField(null=True)
    replayed = models.JSONField(default=dict)

    def __str__(self) -> str:
        return "storm watch"


class Baseline(models.Model):
    """What is normal for one ``stream`` (see Storm): ``profile`` are 72 relative rates by hour of the week, mean 1;
    ``level`` is messages in a quarter of an hour. Fitted out of the messages, anew each night; it may be thrown away.
    """

    stream = models.CharField(max_length=60, unique=True)
    profile = models.JSONField(default=list)
    level = models.FloatField(default=0.0)
    since = models.DateTimeField(null=True, help_text="the stream's first message, where it is new")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-level", "stream"], name="baseline_busiest")]

    def __str__(self) -> str:
        return f"baseline of {self.stream}"


class Storm(models.Model):
    """An alarm: from when the messages of one stream were too many until they were normal again.

    ``stream`` is the scope with the numbers of the theme and the place: "theme:12", "theme-place:12@5", "pile".
    ``began`` is when the first message of the window that explains it was said, ``seen`` when Kuulo saw it, None in
    hindsight. ``window`` is in seconds; ``counted`` messages (one an author and day, copies folded) of ``people``,
    where ``expected`` is normal; ``evidence`` is the score, ``peak`` the highest since. ``told_at`` is the count at
    the last alert, ``doublings`` how often it doubled since it is a storm. ``quiet_since``: less than twice the
    normal since then. ``part_of``: a wider stream's storm that this one is a line of.
    """

    class Level(models.TextChoices):
        """How far it went."""

        RISE = "rise"
        STORM = "storm"
        UPROAR = "uproar"

    class Mark(models.TextChoices):
        """What people said it was; nobody said: ""."""

        STORM = "storm"
        NOTHING = "nothing"
        PLANNED = "planned"

    stream = models.CharField(max_length=60)
    scope = models.CharField(max_length=11, choices=Scope)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="storms")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="storms")
    part_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="parts")
    level = models.CharField(max_length=6, choices=Level, default=Level.RISE)
    began = models.DateTimeField()
    opened = models.DateTimeField(db_index=True, help_text="when the threshold was crossed")
    seen = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    quiet_since = models.DateTimeField(null=True)
    threshold = models.FloatField()
    evidence = models.FloatField()
    peak = models.FloatField()
    window = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    expected = models.FloatField()
    record = models.JSONField(default=dict, help_text="weeks looked back, and the highest count before")
    told_at = models.PositiveIntegerField(default=0)
    doublings = models.PositiveSmallIntegerField(default=0)
    taken_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="storms")
    taken_at = models.DateTimeField(null=True)
    mentor_called_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="when the municipality first took part")
    first_message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    mark = models.CharField(max_length=7, choices=Mark, blank=True)
    learned = models.TextField(blank=True, help_text="what people wrote down afterwards")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream"], condition=models.Q(closed=None), name="storm_open_once")
        ]

    def __str__(self) -> str:
        return f"storm {self.pk}"


class StormStep(Step):
    """Who did what when in a storm."""

    storm = models.ForeignKey(Storm, models.CASCADE, related_name="steps")

    def __str__(self) -> str:
        return f"{self.kind} in storm {self.storm_id}"


class PlannedEvent(models.Model):
    """Something known beforehand that makes people write: an election, a campaign of our own. It raises no alarm.

    Without a ``theme`` it holds for all.
    """

    name = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField()
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, blank=True, related_name="planned")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """Where alerts go: a person on duty by e-mail, or a program by a signed call (``address``, ``secret`` sealed).

    ``least`` is the lowest level that is told; at night only an uproar is, unless ``nights``. ``own_network``: the
    program stands in the municipality's own network.
    """

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="duties")
    address = models.URLField(max_length=500, blank=True)
    secret = models.BinaryField(default=b"")
    own_network = models.BooleanField(default=False)
    least = models.CharField(max_length=6, choices=Storm.Level, default=Storm.Level.STORM)
    nights = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person"], name="duty_once")]

    def __str__(self) -> str:
        return f"duty {self.pk}"


class Alert(models.Model):
    """One alert on its way to one duty, or to a mentor who is called (``person``, no duty).

    The row is the queue; ``key`` tells the receiver that it is the same one. Without a ``storm`` it is a test.
    ``level`` and ``count`` are the storm's when it was made. ``trouble`` holds the code, kind and facts of what went
    wrong last, or why it was cancelled.
    """

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued"
        RUNNING = "running"
        SENT = "sent"
        FAILED = "failed"
        CANCELLED = "cancelled"

    storm = models.ForeignKey(Storm, models.CASCADE, null=True, related_name="alerts")
    duty = models.ForeignKey(Duty, models.SET_NULL, null=True, related_name="alerts")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="alerts")
    kind = models.CharField(max_length=10, help_text="opened, doubled, mentor, test")
    level = models.CharField(max_length=6, choices=Storm.Level, blank=True)
    count = models.PositiveIntegerField()
    key = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    due = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.JSONField(default=dict)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    beat = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["storm", "duty", "level", "count"], name="alert_once"),
            models.UniqueConstraint(
                fields=["storm", "person", "count"], condition=models.Q(kind="mentor"), name="mentor_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due"], name="alert_due")]

    def __str__(self) -> str:
        return f"alert {self.pk} ({self.state})"

"""Event: the only history of what a person or the machine changed. It is added to, never changed."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils import timezone

from kuulo.models.people import Person


class Event(models.Model):
    """Something that happened. ``person`` is None for the machine. No resident's text stands in ``facts``.

    Subjects are told by number and stay told when the subject is gone.
    """

    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="events")
    kind = models.CharField(max_length=40)
    theme_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    intake_id = models.BigIntegerField(null=True)
    correction_id = models.BigIntegerField(null=True)
    proposal_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["theme_id", "-id"], name="event_theme"),
            models.Index(fields=["message_id", "-id"], name="event_message"),
            models.Index(fields=["-at"], name="event_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Add the event. Raises TypeError where it was added before."""
        if not self._state.adding:
            self.delete()
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:  # noqa: ANN401
        """Refuse: raises TypeError."""
        msg = "an event is added once and stays"
        raise TypeError(msg)

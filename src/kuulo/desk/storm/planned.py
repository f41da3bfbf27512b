"""Planned events: what is known beforehand to make people write, so that it raises no alarm."""

from datetime import datetime

from django.db import transaction

from kuulo.desk.history import record
from kuulo.desk.not_now import NotNow
from kuulo.models import Person, PlannedEvent, Theme

LONGEST_NAME = 200


def plan(by: Person, *, name: str, since: datetime, until: datetime, theme: Theme | None) -> PlannedEvent:
    """Add a planned event, for a theme or (None) for all. Raises NotNow: "no-name", "ends-before"."""
    check_plan(name, since, until)
    with transaction.atomic():
        event = PlannedEvent.objects.create(
            name=name.strip()[:LONGEST_NAME], since=since, until=until, theme=theme, made_by=by
        )
        record("planned-made", person=by, theme=theme, event=event.pk)
    return event


def check_plan(name: str, since: datetime, until: datetime) -> None:
    """Refuse an event without a name, or that ends before it begins."""
    if not name.strip():
        raise NotNow("no-name")
    if until <= since:
        raise NotNow("ends-before")


@transaction.atomic
def unplan(by: Person, event: PlannedEvent | None) -> None:
    """Remove a planned event; one that is gone already stays gone."""
    if event:
        record("planned-removed", person=by, theme=event.theme_id, event=event.pk)
        event.delete()

"""A training copy for tests: its folder, and a storm of invented people."""

from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from kuulo.desk.practice import clock
from kuulo.desk.practice.marker import Marker, mark
from kuulo.desk.practice.storm import write_storm
from kuulo.models import Event, Person

FIRST = datetime(2026, 10, 13, 6, 12)


def train(folder: Path, *, messages: int = 6, every: float = 10, speed: int = 1) -> None:
    """Make a folder a training copy with so many messages, so many minutes apart, told at two sources in turn."""
    mark(folder, Marker(speed, (timezone.now() - timedelta(days=2)).isoformat()))
    said = [
        (
            FIRST + timedelta(minutes=every * n),
            ("Lomake", "Kylän ryhmä")[n % 2],
            {"id": f"F{n}", "author": f"v{n}", "text": f"Lossi ei kulje, huuto numero {n}", "thread": "s1"}
            | ({"parent": f"F{n - 2}"} if n > 1 else {}),
        )
        for n in range(messages)
    ]
    write_storm(folder, reversed(said))


def begun(minutes_ago: float, by: Person | None = None) -> None:
    """Have the clock go since some real minutes."""
    clock.record(clock.GO, person=by, speed=clock.the_marker().speed)
    Event.objects.filter(kind=clock.GO).update(at=timezone.now() - timedelta(minutes=minutes_ago))

"""Health: whether the desk can do its work, and the figures that tell how it fares."""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.utils import timezone

from kuulo.models import Intake, Message, Worker

SILENT_AFTER = 60.0
LEAST_FREE = 200_000_000


def troubles() -> list[str]:
    """Give codes of what keeps the desk from its work: none where all is well.

    "database" (cannot be asked), "migrations" (not all applied), "worker" (silent for a minute), "disk" (less than
    200 MB free where the data is).
    """
    try:
        found = ["migrations"] if _unmigrated() else _worker_troubles()
    except DatabaseError:
        found = ["database"]
    return found + (["disk"] if shutil.disk_usage(settings.DATA_DIR).free < LEAST_FREE else [])


def _unmigrated() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _worker_troubles() -> list[str]:
    age = worker_age()
    return ["worker"] if age is None or age > SILENT_AFTER else []


def worker_age() -> float | None:
    """Give for how many seconds no worker showed that it lives, or None where none ever did."""
    latest = Worker.objects.order_by("-beat").values_list("beat", flat=True).first()
    return (timezone.now() - latest).total_seconds() if latest else None


@dataclass(frozen=True)
class Figures:
    """What waits and runs: messages that wait for the worker and for how many seconds the oldest has, intakes by
    state, the worker's silence in seconds.
    """

    waiting: int
    oldest_waiting: float
    intakes: dict[str, int]
    worker_age: float | None


def figures() -> Figures:
    """Count what waits and runs; each count stands on an index, whatever the number of messages."""
    states = Intake.objects.filter(state__in=(Intake.State.QUEUED, Intake.State.RUNNING)).values_list("state")
    return Figures(
        waiting=Message.objects.filter(status=Message.Status.NEW).count(),
        oldest_waiting=oldest_waiting(),
        intakes=dict(states.annotate(n=Count("pk"))),
        worker_age=worker_age(),
    )


def oldest_waiting() -> float:
    """Give for how many seconds the oldest of the messages that wait has waited, 0 where none waits."""
    new = Message.objects.filter(status=Message.Status.NEW).order_by("heard")
    oldest = new.values_list("heard", flat=True).first()
    return max((timezone.now() - oldest).total_seconds(), 0.0) if oldest else 0.0


def messages_by_channel() -> dict[str, int]:
    """Count messages by channel ("" for none), of the fifty most used. It walks through a whole index."""
    counted = Message.objects.values_list("channel").annotate(n=Count("pk")).order_by("-n", "channel")
    return dict(counted[:50])

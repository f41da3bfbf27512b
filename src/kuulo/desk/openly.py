"""Openly: which places the desk hears or holds messages of, as everybody may know it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from kuulo.models import Connection, Message, Source

# What of a source everybody may know. No setting and no secret of a connection is among it.
TOLD = ("name", "address", "purpose", "legal_basis", "keep_days", "by_name", "run_by")


@dataclass(frozen=True, slots=True)
class Place:
    """A source, and how its messages come: "listened" (by itself), "brought" (by people), "no-more" (only kept)."""

    source: Source
    way: str


def places() -> list[Place]:
    """Give the sources that are listened to, or of which texts are kept, by name."""
    kept = Message.objects.filter(source=OuterRef("pk"), gone=None)
    on = Q(connection__isnull=False) & ~Q(connection__state=Connection.State.OFF)
    found = Source.objects.filter(on | Exists(kept)).select_related("connection").order_by("name")
    return [Place(source, _way(source)) for source in found]


def _way(source: Source) -> str:
    connection = getattr(source, "connection", None)
    if connection is None:
        return "brought"
    return "listened" if connection.state != Connection.State.OFF else "no-more"

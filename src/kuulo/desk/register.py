"""Register: every channel that is listened to, brought by hand or only known of, with how it fares."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from kuulo.desk.days import day_begins
from kuulo.models import Connection, Event, Intake, Message, Source, UnreadItem

RECENT = timedelta(days=7)
_TOLD = (
    "source-made", "source-changed", "source-on", "source-off", "source-asked", "source-trouble", "source-well",
    "source-judged",
)  # fmt: skip
State = Connection.State


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares.

    ``code``: "known" (only known of), "by-hand", "off", "listening" (at this moment), "first" (waits for its first
    time), "well" or "trouble", whose code, kind and facts stand in ``trouble``.
    """

    code: str
    trouble: dict[str, Any] = field(default_factory=dict)
    heard: datetime | None = None
    news: datetime | None = None
    again: datetime | None = None

    @property
    def is_moving(self) -> bool:
        """Tell whether it is heard at this moment or as soon as a worker is free."""
        return self.code == "listening" or bool(self.again and self.again <= timezone.now())


@dataclass(frozen=True, slots=True)
class Listed:
    """A source of the register with its health, and what is to be put right about it, as codes."""

    source: Source
    connection: Connection | None
    health: Health
    recent: int
    unread: int
    findings: Sequence[str]

    @property
    def passed(self) -> int:
        """Give how much was passed over, whatever the reason."""
        return sum(self.connection.passed.values()) if self.connection else 0


def recent_since() -> date:
    """Give the first of the last seven days, today included, in the municipality's time."""
    return timezone.localdate() - RECENT + timedelta(days=1)


def listed() -> list[Listed]:
    """Give the whole register, by name."""
    return [_listed(source) for source in _sources().order_by("name")]


def one_listed(pk: int) -> Listed | None:
    """Give one source of the register."""
    found = _sources().filter(pk=pk).first()
    return _listed(found) if found else None


def _sources() -> "QuerySet[Any]":
    new = Message.objects.filter(source=OuterRef("pk"), arrived__gte=day_begins(recent_since()))
    return Source.objects.select_related("unit", "connection").annotate(
        recent=_number_of(new),
        unread=_number_of(UnreadItem.objects.filter(source=OuterRef("pk"))),
        brought=Exists(Intake.objects.filter(source=OuterRef("pk"))),
    )


def _number_of(rows: "QuerySet[Any]") -> Coalesce:
    counted = rows.order_by().values("source").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _listed(source: Any) -> Listed:  # noqa: ANN401  a Source with what _sources counts
    connection = getattr(source, "connection", None)
    return Listed(
        source=source,
        connection=connection,
        health=health_of(connection) if connection else Health("by-hand" if source.brought else "known"),
        recent=source.recent,
        unread=source.unread,
        findings=findings(source, connection),
    )


def health_of(connection: Connection) -> Health:
    """Tell how a connected source fares."""
    on = connection.state != State.OFF
    return Health(
        code=_code(connection),
        trouble=connection.trouble if on else {},
        heard=connection.last_heard,
        news=connection.last_news,
        again=connection.due if on else None,
    )


def _code(connection: Connection) -> str:
    if connection.state == State.OFF:
        return "off"
    if connection.state == State.RUNNING:
        return "listening"
    if connection.trouble:
        return "trouble"
    return "well" if connection.last_heard else "first"


def findings(source: Source, connection: Connection | None) -> list[str]:
    """Give what is to be put right: every channel has a purpose, an owner and an origin, and a basis where heard."""
    wanted = {"no-purpose": source.purpose, "no-owner": source.owner, "no-origin": source.run_by}
    if connection:
        wanted["no-legal-basis"] = source.legal_basis
    return [code for code, told in wanted.items() if not told.strip()]


def lately(source: Source, *, most: int = 12) -> list[Event]:
    """Give what happened to a source in the last month, the latest first."""
    since = timezone.now() - timedelta(days=30)
    events = Event.objects.filter(at__gte=since, kind__in=_TOLD, facts__source=source.pk)
    return list(events.select_related("person").order_by("-at")[:most])


def unread_of(source: Source, *, most: int = 50) -> list[UnreadItem]:
    """Give what could not be read, without what it held, the latest first."""
    return list(UnreadItem.objects.filter(source=source).order_by("-came", "-pk").defer("raw")[:most])

"""Said: the messages of a storm's stream, and what its card has to know of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from kuulo.desk.inside import each_at, is_at
from kuulo.models import Message, Placement, Storm
from kuulo.models.storm import Scope

# So many messages of a storm are looked at, the latest: a card has to stand there at once.
MOST = 2_000
# So much of a text is read: a message may hold ten million letters.
BEGINNING = 2_400
_COUNTED = (Message.Status.GROUPED, Message.Status.UNCERTAIN)


class Said(NamedTuple):
    """A message of a storm; ``text`` is its beginning, ``original`` the message that it is a copy of, or itself."""

    pk: int
    at: datetime
    author: int | None
    original: int
    kind: str
    channel: str
    language: str
    source: str
    official: bool
    thread: str
    parent: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in a storm since it began, the latest first; ``is_cut`` where it is more than is looked at."""

    messages: tuple[Said, ...]
    is_cut: bool

    @property
    def residents(self) -> tuple[Said, ...]:
        """Give what was not said by officials."""
        return tuple(one for one in self.messages if not one.official)


def ends(storm: Storm) -> datetime:
    """Give when a storm ended, or now."""
    return storm.closed or timezone.now()


def heard(storm: Storm) -> Heard:
    """Read the latest messages of a storm, from its beginning to its end or now."""
    found = in_storm(storm).annotate(beginning=Left("text", BEGINNING)).order_by("-arrived", "-pk")
    columns = ("pk", "arrived", "author", "copy_of", "kind", "channel", "language", "source__name", "actor", "thread")
    rows = [*found.values_list(*columns, "parent", "beginning")[: MOST + 1]]
    said = tuple(
        Said(pk, at, author, copy or pk, kind, channel, language, source, actor == "official", thread, parent, text)
        for pk, at, author, copy, kind, channel, language, source, actor, thread, parent, text in rows[:MOST]
    )
    return Heard(said, is_cut=len(rows) > MOST)


def in_storm(storm: Storm) -> QuerySet[Message]:
    """Give the messages of a storm."""
    return in_stream(storm, since=storm.began, until=ends(storm))


def in_stream(storm: Storm, *, since: datetime | None = None, until: datetime | None = None) -> QuerySet[Message]:
    """Give the messages of a storm's stream from ``since`` to ``until``, both included."""
    told = {"gte": since, "lte": until}

    def within(column: str) -> Q:
        return Q(**{f"{column}__{how}": moment for how, moment in told.items() if moment is not None})

    found = Message.objects.filter(within("arrived"), status__in=_COUNTED)
    if storm.scope in {Scope.THEME, Scope.SUBTHEME, Scope.THEME_PLACE}:
        side = "subtheme" if storm.scope == Scope.SUBTHEME else "theme"
        # by the placement's own index of time, which begins with its theme
        placed = Placement.objects.filter(within("arrived"), counted=True, **{side: storm.theme_id})
        found = found.filter(pk__in=placed.values("message"))
    if storm.place_id and storm.scope in {Scope.PLACE, Scope.THEME_PLACE}:
        said_at = is_at if storm.scope == Scope.PLACE else each_at
        found = found.filter(said_at(storm.place_id, "pk"))
    return found.filter(status=Message.Status.UNCERTAIN) if storm.scope == Scope.PILE else found


def moments(storm: Storm, *, since: datetime, until: datetime, most: int = 20_000) -> list[datetime]:
    """Give when something was said in a storm's stream, in order; those that tell a time of day."""
    found = in_stream(storm, since=since, until=until).filter(dated=True).order_by("arrived")
    return [*found.values_list("arrived", flat=True)[:most]]


def texts_of(found: Iterable[int]) -> Mapping[int, Message]:
    """Read messages as cards quote them, by number; what is on the path of safety is quoted nowhere."""
    open_ones = Message.objects.exclude(status=Message.Status.SAFETY)
    return open_ones.defer("vector", "search_text").select_related("source").in_bulk([*found])

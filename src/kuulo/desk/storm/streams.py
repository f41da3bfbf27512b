"""Streams: what is counted together in the watch for storms, and the moments of its messages.

A stream is known by its key: "theme:12", "subtheme:34", "theme-place:12@5", "place:5", "pile" (the uncertain
messages), "all". A message counts in every theme, subtheme and place that it stands in, and in the areas around
that place.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from kuulo.desk.inside import around, is_at, outwards
from kuulo.group.counting import Moment
from kuulo.models import Message, Placement, Whereabouts
from kuulo.models.storm import Scope

_COUNTED = (Message.Status.GROUPED, Message.Status.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Stream:
    """What is counted: a scope with the numbers of its theme or subtheme and of its place."""

    scope: str
    theme: int | None = None
    place: int | None = None

    @property
    def key(self) -> str:
        """Give the key, which is one word."""
        place = f"@{self.place}" if self.scope == Scope.THEME_PLACE else ""
        number = self.place if self.scope == Scope.PLACE else self.theme
        return f"{self.scope}:{number}{place}" if number else self.scope

    @classmethod
    def of(cls, key: str) -> "Stream":
        """Read a key. Raises ValueError for what is none."""
        scope, _, rest = key.partition(":")
        first, _, place = rest.partition("@")
        number = int(first) if first else None
        if scope == Scope.PLACE:
            return cls(Scope(scope), place=number)
        return cls(Scope(scope), theme=number, place=int(place) if place else None)


def moments(
    since: datetime, until: datetime | None, *, only: Collection[int] | None = None
) -> dict[str, list[Moment]]:
    """Give what was said from ``since`` up to ``until`` by stream, in the order of time; ``only`` these messages.

    What a file tells without a time is left out.
    """
    here = _Asked(since, until, only)
    streams: defaultdict[str, list[Moment]] = defaultdict(list)
    themes, places = _themes(here), _places(here)
    for moment, uncertain in _read(_messages(here)):
        for key in _keys(themes.get(moment.message, ()), places.get(moment.message, ()), uncertain=uncertain):
            streams[key].append(moment)
    return dict(streams)


def moments_of(stream: Stream, since: datetime, until: datetime) -> list[Moment]:
    """Give what was said in one stream from ``since`` up to ``until``, in the order of time."""
    rows = _messages(_Asked(since, until)).filter(_within(stream))
    return [moment for moment, _ in _read(rows)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which messages are read: from ``since``, before ``until`` (None: all after), ``only`` these (None: all)."""

    since: datetime
    until: datetime | None
    only: Collection[int] | None = None

    def of(self, message: str = "") -> Q:
        """Say it of a message, or of what leads to one by ``message``."""
        asked = Q(**{f"{message}arrived__gte": self.since})
        if self.until is not None:
            asked &= Q(**{f"{message}arrived__lt": self.until})
        return asked if self.only is None else asked & Q(**{f"{message}pk__in": self.only})


def _messages(asked: _Asked) -> QuerySet[Message]:
    # a file that tells no time would look as if all of it had been said at once; what is heard live was said then
    timed = Q(dated=True) | Q(intake=None)
    return Message.objects.filter(timed, asked.of(), status__in=_COUNTED)


def _read(rows: QuerySet[Message]) -> Iterator[tuple[Moment, bool]]:
    """Give the moments of messages in the order of time, and whether each is uncertain."""
    columns = ("pk", "arrived", "author", "copy_of", "status", "heard")
    for pk, arrived, author, copy_of, status, heard in (
        rows.order_by("arrived", "pk").values_list(*columns).iterator()
    ):
        moment = Moment(arrived.timestamp(), pk, author, copy_of or pk, heard.timestamp())
        yield moment, status == Message.Status.UNCERTAIN


def _within(stream: Stream) -> Q:
    """Say what makes a message one of a stream."""
    if stream.scope == Scope.PILE:
        return Q(status=Message.Status.UNCERTAIN)
    asked = Q()
    if stream.theme:
        side = "subtheme" if stream.scope == Scope.SUBTHEME else "theme"
        placed = Placement.objects.filter(**{side: stream.theme}, counted=True)
        asked &= Q(pk__in=placed.values("message"))
    if stream.place:
        asked &= is_at(stream.place, "pk")
    return asked


def _themes(asked: _Asked) -> Mapping[int, list[tuple[int, int | None]]]:
    """Give the themes and subthemes of messages by number, those that count."""
    # by the message's own index of time: a placement's begins with its theme
    rows = Placement.objects.filter(asked.of("message__"), counted=True)
    found: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for message, theme, subtheme in rows.order_by().values_list("message", "theme", "subtheme").iterator():
        found[message].append((theme, subtheme))
    return found


def _places(asked: _Asked) -> Mapping[int, set[int]]:
    """Give the places of messages, with the areas around them."""
    rows = Whereabouts.objects.filter(asked.of("message__"))
    told = list(rows.order_by().values_list("message", "place"))
    parents = around({place for _, place in told})
    found: defaultdict[int, set[int]] = defaultdict(set)
    for message, place in told:
        found[message].update(outwards(place, parents))
    return found


def _keys(themes: Iterable[tuple[int, int | None]], places: Iterable[int], *, uncertain: bool) -> set[str]:
    keys = {Scope.ALL.value} | {f"{Scope.PLACE}:{place}" for place in places}
    if uncertain:
        keys.add(Scope.PILE)
    for theme, subtheme in themes:
        keys.add(f"{Scope.THEME}:{theme}")
        keys |= {f"{Scope.SUBTHEME}:{subtheme}"} if subtheme else set()
        keys |= {f"{Scope.THEME_PLACE}:{theme}@{place}" for place in places}
    return keys

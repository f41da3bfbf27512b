"""Overview: the storms that are open, those that are over, and what the watch takes for normal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from kuulo.desk.storm.growth import HOUR, Quarters
from kuulo.desk.storm.normal import normal
from kuulo.desk.storm.streams import Stream
from kuulo.models import Baseline, Place, Storm, StormWatch, Theme

PAGE = 30
_BUSIEST = 10
_MOST_REPLAYED = 100
_MONTH = timedelta(days=30.44)
_QUARTERS_A_DAY = timedelta(days=1) / timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is normal for a stream: messages in a day, and in the hour that begins now."""

    scope: str
    theme: Theme | None
    place: Place | None
    a_day: float
    this_hour: float


def open_count() -> int:
    """Give how many storms are open; lines on another storm's card are no storms of their own."""
    return Storm.objects.filter(closed=None, part_of=None).count()


def open_storms() -> Sequence[Storm]:
    """Give the open storms with their ``lines``, the furthest gone first."""
    return sorted(_shown().filter(closed=None, part_of=None), key=lambda one: (-_RANK[one.level], -one.pk))


def past(*, before: int | None = None) -> Sequence[Storm]:
    """Give a page of storms that are over, the latest first, and one more where there are more."""
    found = _shown().filter(closed__isnull=False, part_of=None).order_by("-pk")
    return [*(found.filter(pk__lt=before) if before else found)[: PAGE + 1]]


def every() -> QuerySet[Storm]:
    """Give all storms, the latest first."""
    return Storm.objects.select_related("theme", "place", "taken_by").defer(*heavy()).order_by("-pk")


def replayed(watch: StormWatch) -> Sequence[Storm]:
    """Give the alarms of the time that was last replayed, the latest first, with those seen in hindsight."""
    if watch.replayed_at is None:
        return []
    began = watch.replayed_at - watch.replayed.get("months", 0) * _MONTH
    found = every().filter(part_of=None, opened__gte=began, opened__lte=watch.replayed_at)
    return [*found.exclude(level=Storm.Level.RISE).order_by("-opened")[:_MOST_REPLAYED]]


def storm_of(theme: Theme) -> Storm | None:
    """Give the storm that is open on a theme or subtheme, the strongest of them."""
    found = Storm.objects.filter(theme=theme, closed=None)
    return found.order_by("-evidence").first()


def usual() -> list[Usual]:
    """Give what is normal for the busiest streams, the busiest first."""
    now = timezone.now()
    streams = [Stream.of(one) for one in _busiest()]
    known = normal([stream.key for stream in streams], now)
    themes = Theme.objects.only("code", "names").in_bulk([one.theme for one in streams if one.theme])
    places = Place.objects.only("code", "names").in_bulk([one.place for one in streams if one.place])
    return [
        Usual(
            stream.scope,
            themes.get(stream.theme or 0),
            places.get(stream.place or 0),
            known.rate(stream.key).level * _QUARTERS_A_DAY,
            Quarters.of(known, stream.key, now, now + HOUR).within(now, HOUR),
        )
        for stream in streams
    ]


def _busiest() -> list[str]:
    return [*Baseline.objects.order_by("-level", "stream").values_list("stream", flat=True)[:_BUSIEST]]


def heavy(of: str = "") -> list[str]:
    """Give what no page reads of a storm's theme and place: vectors, shapes, figures. ``of`` leads to the storm."""
    theme = ("centroid", "figures", "keyphrases", "central")
    place = ("area", "outline", "figures", "search")
    return [*(f"{of}theme__{part}" for part in theme), *(f"{of}place__{part}" for part in place)]


def _shown() -> QuerySet[Storm]:
    told = Storm.objects.select_related("theme", "place", "taken_by").defer(*heavy())
    lines = Storm.objects.select_related("theme", "place").defer(*heavy()).order_by("-counted", "pk")
    return told.prefetch_related(Prefetch("parts", lines, to_attr="lines"))


_RANK = {level: at for at, level in enumerate(Storm.Level.values)}

"""Overview: the storms that are open, those that are over, and what the watch takes for normal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from kuulo.desk.storm.growth import HOUR, Rate
from kuulo.desk.storm.streams import Stream
from kuulo.models import Baseline, Place, Storm, Theme

PAGE = 30
_BUSIEST = 10
_QUARTERS_A_DAY = timedelta(days=1) / timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Normal:
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
    return Storm.objects.select_related("theme", "place", "taken_by").defer(*_HEAVY).order_by("-pk")


def storm_of(theme: Theme) -> Storm | None:
    """Give the storm that is open on a theme or subtheme, the strongest of them."""
    found = Storm.objects.filter(theme=theme, closed=None)
    return found.order_by("-evidence").first()


def normal() -> list[Normal]:
    """Give what is normal for the busiest streams, the busiest first."""
    busiest = Baseline.objects.order_by("-level", "stream")[:_BUSIEST]
    fitted = [(Stream.of(one.stream), Rate(one.level, one.profile)) for one in busiest]
    themes: Mapping[int, Theme] = Theme.objects.only("code", "names").in_bulk(
        [stream.theme for stream, _ in fitted if stream.theme]
    )
    places = Place.objects.only("names").in_bulk([stream.place for stream, _ in fitted if stream.place])
    now = timezone.now()
    return [
        Normal(
            stream.scope,
            themes.get(stream.theme or 0),
            places.get(stream.place or 0),
            rate.level * _QUARTERS_A_DAY,
            rate.expected(now, HOUR),
        )
        for stream, rate in fitted
    ]


def _shown() -> QuerySet[Storm]:
    told = Storm.objects.select_related("theme", "place", "taken_by").defer(*_HEAVY)
    lines = Storm.objects.select_related("theme", "place").defer(*_HEAVY).order_by("-counted", "pk")
    return told.prefetch_related(Prefetch("parts", lines, to_attr="lines"))


_RANK = {level: at for at, level in enumerate(Storm.Level.values)}
_HEAVY = ("theme__centroid", "theme__figures", "theme__keyphrases", "theme__central", "place__area")

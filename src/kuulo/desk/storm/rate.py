"""Rate: how many alarms there were, and how many of them were nothing: what is told of the watch's honesty."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from kuulo.models import Storm

DAYS = 90


@dataclass(frozen=True, slots=True)
class Measured:
    """The alarms of the last 90 days; ``marked`` have been judged by people, ``nothing`` of them were no storm.

    ``hindsight`` is how many more storms were found only afterwards, when nobody could be told any more.
    """

    alarms: int
    marked: int
    nothing: int
    hindsight: int

    @property
    def a_month(self) -> float:
        """Give the alarms in 30 days."""
        return self.alarms * 30 / DAYS


def measured(*, level: str = "", but: Storm | None = None, now: datetime | None = None) -> Measured:
    """Count the alarms of the last 90 days, those of one level or those that anybody was told of, ``but`` one.

    A line on another storm's card is no alarm of its own; and neither is one that was found in hindsight.
    """
    since = (now or timezone.now()) - timedelta(days=DAYS)
    told = Q(level=level) if level else ~Q(level=Storm.Level.RISE)
    seen = Q(seen__isnull=False)
    found = Storm.objects.filter(told, opened__gte=since, part_of=None).exclude(pk=but.pk if but else 0)
    counted = found.aggregate(
        alarms=Count("pk", filter=seen),
        marked=Count("pk", filter=seen & ~Q(mark="")),
        nothing=Count("pk", filter=seen & Q(mark="nothing")),
        hindsight=Count("pk", filter=~seen),
    )
    return Measured(**counted)

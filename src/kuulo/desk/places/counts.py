"""Counts: how many messages are about each place, drawn up in one pass over all of them, or asked for a theme."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from kuulo.desk.days import day_begins, day_ends, local_day
from kuulo.desk.inbox import OUT_OF_SIGHT
from kuulo.desk.inside import all_parents, outwards, with_what_is_around
from kuulo.desk.places.standing import Mark, mark
from kuulo.desk.rows import some_at_a_time
from kuulo.models import Event, Gazetteer, Message, Place, Placement, Theme, Whereabouts

_ROWS_AT_A_TIME, _WRITTEN_AT_ONCE = 5_000, 200
_UNSEEN = (*OUT_OF_SIGHT, Message.Status.SAFETY)
MOST_THEMES = 30


@dataclass(slots=True)
class Count:
    """The messages about one place: ``own``, and those about what lies in it too, by day and by theme."""

    own: int = 0
    days: Counter[str] = field(default_factory=Counter)
    themes: Counter[int] = field(default_factory=Counter)

    @property
    def figures(self) -> dict[str, Any]:
        """Give what a place keeps of them."""
        themes = sorted(self.themes.items(), key=lambda one: (-one[1], one[0]))[:MOST_THEMES]
        return {"days": dict(sorted(self.days.items())), "themes": [list(one) for one in themes]}


def changed_mark() -> tuple[Mark, int | None, int]:
    """Give what changes whenever the counts may have changed; cheap, at most too eager."""
    looked = Gazetteer.objects.aggregate(to=Max("looked_to"))["to"]
    return mark(), looked, Event.objects.aggregate(last=Max("pk"))["last"] or 0


def draw_up() -> int:
    """Count the messages of all places anew; give how many places have other counts than before."""
    counted = _counted()
    rows = Place.objects.filter(Q(messages__gt=0) | Q(pk__in=counted)) if len(counted) < 10_000 else Place.objects
    fresh = []
    for row in rows.only("own", "messages", "figures").iterator(_ROWS_AT_A_TIME):
        count = counted.get(row.pk, Count())
        messages, figures = sum(count.days.values()), count.figures if count.days else {}
        if (row.own, row.messages, row.figures) != (count.own, messages, figures):
            row.own, row.messages, row.figures = count.own, messages, figures
            fresh.append(row)
    for some in some_at_a_time(fresh, _WRITTEN_AT_ONCE):
        with transaction.atomic():
            Place.objects.bulk_update(some, ["own", "messages", "figures"])
    return len(fresh)


def _counted() -> Mapping[int, Count]:
    parents = all_parents()
    counts: defaultdict[int, Count] = defaultdict(Count)
    rows = Whereabouts.objects.exclude(message__status__in=_UNSEEN).order_by("message")
    told = rows.values_list("message", "place", "arrived").iterator(_ROWS_AT_A_TIME)
    themes = _themes()
    for message, some in groupby(told, key=itemgetter(0)):
        here = list(some)
        day = local_day(here[0][2]).isoformat()
        stands = themes.of(message)
        places = [place for _, place, _ in here]
        for own in places:
            counts[own].own += 1
        for whole in {outer for place in places for outer in outwards(place, parents)}:
            counts[whole].days[day] += 1
            counts[whole].themes.update(stands)
    return counts


class _Themes:
    """Reads the themes of messages beside another reading, both in the order of messages."""

    def __init__(self, rows: Iterator[tuple[int, int]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._message, self._held = 0, list[int]()

    def of(self, message: int) -> list[int]:
        """Give the themes of a message; each asked for must be later than the one before."""
        while self._message < message:
            self._message, some = next(self._groups, (2**63, iter(())))
            self._held = [theme for _, theme in some]
        return self._held if self._message == message else []


def _themes() -> _Themes:
    placed = Placement.objects.filter(counted=True).order_by("message").values_list("message", "theme")
    return _Themes(placed.iterator(_ROWS_AT_A_TIME))


def of_theme(theme: Theme | None, *, since: date | None = None, until: date | None = None) -> dict[int, int]:
    """Count the messages about each place or what lies in it, of a theme and of some days, both ends included."""
    if theme is None:
        return _of_days(since, until)
    side = "subtheme" if theme.parent_id else "theme"
    here = Q(**{f"message__placements__{side}": theme.pk}, message__placements__counted=True)
    here &= Q(arrived__gte=day_begins(since)) if since else Q()
    here &= Q(arrived__lt=day_ends(until)) if until else Q()
    rows = Whereabouts.objects.filter(here).exclude(message__status__in=_UNSEEN)
    return with_what_is_around(rows.order_by().values_list("message", "place"))


def _of_days(since: date | None, until: date | None) -> dict[int, int]:
    if since is None and until is None:
        return dict(Place.objects.filter(messages__gt=0).values_list("pk", "messages"))
    first, last = (since or date.min).isoformat(), (until or date.max).isoformat()
    told = Place.objects.filter(messages__gt=0).values_list("pk", "figures")
    counts = {
        place: sum(n for day, n in figures.get("days", {}).items() if first <= day <= last)
        for place, figures in told.iterator(_ROWS_AT_A_TIME)
    }
    return {place: n for place, n in counts.items() if n}

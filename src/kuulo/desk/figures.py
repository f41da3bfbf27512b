"""Figures: draw up the counts that pages show of a theme, after something changed in it."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from kuulo.desk.coordinated import most_of_one_text
from kuulo.desk.counts import WEEKS_BEFORE
from kuulo.desk.days import WEEK, local_day, monday
from kuulo.desk.lifts import background_figures
from kuulo.models import Message, Placement, Theme

_ROWS_AT_A_TIME = 2000
_COLUMNS = ("channel", "language", "kind", "source__name")
_KEYS = ("channels", "languages", "kinds", "sources")
_SIDES = ("wants", "opposes")


def refresh_figures(*, limit: int) -> int:
    """Draw up ``Theme.figures`` of up to ``limit`` themes that changed; give how many."""
    newest = Message.objects.aggregate(newest=Max("arrived"))["newest"]
    with_authors = Message.objects.filter(author__isnull=False).exists()
    due = _due(newest, limit)
    for theme in due:
        _refresh(theme, newest, with_authors=with_authors)
    return len(due)


def _due(newest: datetime | None, limit: int) -> list[int]:
    """Give the themes that changed; where none did, those whose growth was counted up to an earlier day."""
    stale = list(Theme.objects.filter(stale=True).order_by("pk").values_list("pk", flat=True)[:limit])
    if stale or not newest:
        return stale
    earlier = Theme.objects.filter(state=Theme.State.LIVE).exclude(figures__growth__until=str(local_day(newest)))
    return list(earlier.order_by("pk").values_list("pk", flat=True)[:limit])


def _refresh(theme: int, newest: datetime | None, *, with_authors: bool) -> None:
    with transaction.atomic():
        # taken first: whoever changes the theme meanwhile waits, and what he leaves is not overlooked
        Theme.objects.filter(pk=theme).update(stale=False)
        figures = _figures(_standing_in(theme), newest, with_authors=with_authors)
        figures |= background_figures(Theme.objects.get(pk=theme))
        Theme.objects.filter(pk=theme).update(figures=figures)


def _standing_in(theme: int) -> QuerySet[Placement]:
    inside = Theme.objects.filter(pk=theme, parent__isnull=False).exists()
    return Placement.objects.filter(**{"subtheme" if inside else "theme": theme})


def _figures(placements: QuerySet[Placement], newest: datetime | None, *, with_authors: bool) -> dict[str, Any]:
    """Count in one pass: a theme's messages are read once, whatever is counted of them."""
    counted = placements.filter(counted=True).order_by()
    columns = [f"message__{one}" for one in (*_COLUMNS, "author", "copy_of")]
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    authors: set[int] = set()
    times: list[datetime] = []
    copies: Counter[int] = Counter()
    first_here = 0
    for arrived, main, *values, author, copy_of in counted.values_list("arrived", "main", *columns).iterator(
        _ROWS_AT_A_TIME
    ):
        for key, value in zip(_KEYS, values, strict=True):
            counts[key][value] += bool(value)
        authors.add(author)
        times.append(arrived)
        if copy_of:
            copies[copy_of] += 1
        first_here += main
    return {
        "messages": len(times),
        "first_here": first_here,
        "distinct": len(times) - copies.total(),
        "one_text": most_of_one_text(copies),
        "people": len(authors - {None}) if with_authors else None,
        "uncertain": placements.filter(counted=False).count(),
        "weeks": _weeks(times),
        "voices": {side: counts["kinds"][side] for side in _SIDES},
        **{key: {value: n for value, n in sorted(counts[key].items()) if n} for key in _KEYS},
        **({"latest": max(times).isoformat(), "first": min(times).isoformat()} if times else {}),
        **({"growth": _growth(times, newest)} if newest else {}),
    }


def _weeks(times: list[datetime]) -> dict[str, int]:
    days = Counter(map(local_day, times))
    weeks: Counter[str] = Counter()
    for day, n in days.items():
        weeks[monday(day).isoformat()] += n
    return dict(sorted(weeks.items()))


def _growth(times: list[datetime], newest: datetime) -> dict[str, Any]:
    """Count the messages of the last seven days, and of a week on average in the four weeks before.

    Days are whole ones in the municipality, as the inbox and the comparison count them.
    """
    today = local_day(newest)
    ages = Counter((today - local_day(time)) // WEEK for time in times)
    before = sum(ages[week] for week in range(1, WEEKS_BEFORE + 1))
    return {"now": ages[0], "before": before / WEEKS_BEFORE, "until": today.isoformat()}

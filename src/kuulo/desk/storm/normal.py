"""Normal: what each stream normally brings, fitted each night out of the messages of the last twelve weeks.

Nothing is carried over from the night before: the messages are the truth, and what a person corrected counts at
once. Storms and planned events teach nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import get_current_timezone

from kuulo.desk.days import day_begins, local_day
from kuulo.desk.storm.holidays import public_holidays
from kuulo.desk.storm.streams import Stream, moments
from kuulo.group.alarm import FREEZE
from kuulo.group.counting import Moment, counted
from kuulo.group.dispersion import SHIPPED, Dispersion, fit_dispersion
from kuulo.group.rate import CLASSES, NEW_RATE, YOUNG, Calendar, Fitted, Floats, History, fit
from kuulo.group.rate import Baseline as Rate
from kuulo.models import Baseline, PlannedEvent, Storm, StormWatch, Theme

HISTORY = timedelta(weeks=12)
# before a week is known, nothing is normal
LEAST_HISTORY = timedelta(days=7)
_FOUR_WEEKS = timedelta(weeks=4)
_BIN = 900.0
_DIGITS = 4
# of so many streams, the fullest: each takes 8,000 numbers
_MOST_FITTED = 300


@dataclass(frozen=True, kw_only=True)
class Past:
    """What the last weeks hold: streams by key, their counted moments, and what was fitted to them, in one order."""

    start: date
    end: date
    keys: Sequence[str]
    said: Sequence[Sequence[Moment]]
    histories: Sequence[History]
    fitted: Fitted


class Normal:
    """What is normal now, by stream key; of a stream that was not there before, what is assumed of a new one."""

    def __init__(self, watch: StormWatch, now: datetime) -> None:
        self.calendar = calendar(local_day(now))
        self.dispersion = dispersion_of(watch)
        pooled = np.array(watch.profile, float) if watch.profile else np.ones(CLASSES)
        self._new = Rate(pooled, NEW_RATE)
        self._made_of = _mark(watch, now)
        self._rates: dict[str, Rate | None] = {}
        self._born: dict[str, datetime] = {}

    def holds(self, watch: StormWatch, now: datetime) -> bool:
        """Tell whether nothing was learned since, and the calendar is still the same."""
        return self._made_of == _mark(watch, now)

    def know(self, keys: Iterable[str]) -> None:
        """Read what is normal for some streams, those that are not known yet."""
        unknown = set(keys) - self._rates.keys()
        self._rates |= dict.fromkeys(unknown)
        for row in Baseline.objects.filter(stream__in=unknown) if unknown else ():
            self._rates[row.stream] = Rate(np.array(row.profile, float), row.level)
            if row.since:
                self._born[row.stream] = row.since

    def rate(self, key: str) -> Rate:
        """Give the rate of a stream."""
        return self._rates.get(key) or self._new

    def spread(self, key: str, now: datetime) -> Dispersion:
        """Give how far a stream strays: further while it is young."""
        born = self._born.get(key)
        young = not self._rates.get(key) or (born is not None and (now - born).total_seconds() < YOUNG)
        return self.dispersion.for_new() if young else self.dispersion


def _mark(watch: StormWatch, now: datetime) -> tuple[datetime | None, date]:
    return watch.learned_at, local_day(now)


def calendar(around: date) -> Calendar:
    """Give the municipality's calendar for the two years around a day."""
    return Calendar(get_current_timezone(), public_holidays(range(around.year - 1, around.year + 2)))


def look_back(now: datetime) -> Past | None:
    """Fit what is normal to the whole days of the last twelve weeks; None where less than a week is known."""
    end = local_day(now)
    streams = moments(day_begins(end) - HISTORY, day_begins(end))
    first = min((said[0].at for said in streams.values()), default=None)
    if first is None or datetime.fromtimestamp(first, get_current_timezone()) + LEAST_HISTORY > now:
        return None
    start = local_day(datetime.fromtimestamp(first, get_current_timezone()))
    keys = sorted(streams)
    said = [counted(streams[key]) for key in keys]
    histories = _histories(keys, said, start)
    fitted = fit(histories, calendar=calendar(end), start=start, end=end)
    return Past(start=start, end=end, keys=keys, said=said, histories=histories, fitted=fitted)


def learn(past: Past, *, now: datetime) -> None:
    """Keep what is normal, in the place of what was before."""
    rows = [
        Baseline(
            stream=key,
            profile=np.round(past.fitted.profiles[at], _DIGITS).tolist(),
            level=float(past.fitted.levels[at, -1]),
            since=_moment(past.histories[at].born),
        )
        for at, key in enumerate(past.keys)
    ]
    spread = _spread(past)
    kept = {"profile": np.round(past.fitted.pooled, _DIGITS).tolist(), "spread": spread, "learned_at": now}
    with transaction.atomic():
        Baseline.objects.all().delete()
        Baseline.objects.bulk_create(rows, batch_size=500)
        StormWatch.objects.filter(pk=the_watch().pk).update(**kept)


def normal(keys: Iterable[str], now: datetime) -> Normal:
    """Read what is normal for some streams."""
    found = Normal(the_watch(), now)
    found.know(keys)
    return found


def the_watch() -> StormWatch:
    """Give the one row of how the watch is set."""
    return StormWatch.objects.get_or_create(pk=1)[0]


def dispersion_of(watch: StormWatch) -> Dispersion:
    """Give how far counts stray here, or as it is shipped."""
    if not watch.spread:
        return SHIPPED
    return Dispersion(tuple(watch.spread["phi"]), tuple(watch.spread["c"]))


def _histories(keys: Sequence[str], said: Sequence[Sequence[Moment]], start: date) -> list[History]:
    settled = day_begins(start).timestamp() + YOUNG
    apart, parents = _days_apart(), dict(Theme.objects.values_list("pk", "parent"))
    return [
        History(
            times=np.array([one.at for one in held]),
            born=held[0].at if held[0].at > settled else None,
            skip=frozenset(apart[key] | apart[_theme_of(key, parents)] | apart[""]),
        )
        for key, held in zip(keys, said, strict=True)
    ]


def _theme_of(key: str, parents: Mapping[int, int | None]) -> str:
    """Give the key of the whole theme that a stream belongs to; "-" where it belongs to none."""
    theme = Stream.of(key).theme
    return f"theme:{parents.get(theme) or theme}" if theme else "-"


def _days_apart() -> defaultdict[str, set[date]]:
    """Give the days that teach nothing by stream key; under "" those of planned events that hold for all.

    A storm of a theme somewhere is one of the whole theme: all its streams rose.
    """
    days: defaultdict[str, set[date]] = defaultdict(set)
    parents = dict(Theme.objects.values_list("pk", "parent"))
    for storm in Storm.objects.filter(~Q(mark=Storm.Mark.NOTHING)).only("stream", "began", "closed"):
        longest = storm.began + timedelta(seconds=FREEZE)
        on = _days(storm.began, min(storm.closed or timezone.now(), longest))
        for key in {storm.stream, _theme_of(storm.stream, parents)}:
            days[key] |= on
    for event in PlannedEvent.objects.all():
        days[f"theme:{event.theme_id}" if event.theme_id else ""] |= _days(event.since, event.until)
    return days


def _days(since: datetime, until: datetime) -> set[date]:
    first, last = local_day(since), local_day(until)
    return {first + timedelta(days=at) for at in range((last - first).days + 1)}


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, get_current_timezone()) if seconds is not None else None


def _spread(past: Past) -> dict[str, list[float]]:
    """Fit how far counts stray, where four weeks are known; {}: as it is shipped."""
    if past.end - past.start < _FOUR_WEEKS:
        return {}
    there = [at for at, history in enumerate(past.histories) if history.born is None]
    if not there:
        return {}
    there = sorted(there, key=lambda at: -len(past.said[at]))[:_MOST_FITTED]
    counts = np.stack([_in_bins(past.said[at], past.fitted) for at in there])
    fitted = fit_dispersion(counts, np.stack([past.fitted.grid(at) for at in there]))
    return {"phi": list(fitted.phi), "c": list(fitted.c)}


def _in_bins(said: Sequence[Moment], fitted: Fitted) -> Floats:
    bins = (np.array([one.at for one in said]) // _BIN).astype(np.int64) - fitted.first
    return np.bincount(bins[(bins >= 0) & (bins < len(fitted.days))], minlength=len(fitted.days)).astype(float)

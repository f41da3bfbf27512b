"""Watch: look at what was said in the last day, and open, follow and close storms.

    watcher = Watcher()
    watcher.look(now)    # every few seconds, while messages come

A worker that was killed, a correction and a message that was taken back all count as the rows stand. What was heard
long after it was said raises no alarm.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from django.db import transaction

from kuulo.desk.storm.alert import tell
from kuulo.desk.storm.normal import Normal, normal, the_watch
from kuulo.desk.storm.recent import Recent
from kuulo.desk.storm.streams import Stream, moments_of
from kuulo.group.alarm import Alarm, Event, Level, Look, Rules, step
from kuulo.group.burst import STRICT, Evidence, record, scores
from kuulo.group.counting import DAY, Moment, Tally, people
from kuulo.group.dispersion import Dispersion
from kuulo.group.rate import BIN, WINDOWS, Floats
from kuulo.models import PlannedEvent, Scope, Storm, StormStep, StormWatch

WEEKS = 52
_FEWEST = 3
_LEVELS = {Level.RISE: Storm.Level.RISE, Level.STORM: Storm.Level.STORM, Level.UPROAR: Storm.Level.UPROAR}
_NUMBERS = {told: level for level, told in _LEVELS.items()}
# alarms that share so much of the smaller one are one storm
_SAME = 0.5
_MUTED = timedelta(days=2)
# the count that is an uproar at once is known only after so many alarms
_ENOUGH_ALARMS = 30
_KNOWN_DAYS = timedelta(days=365)


class Watcher:
    """What a worker holds between its looks: what was said lately, and what is normal."""

    def __init__(self) -> None:
        self._recent = Recent()
        self._normal: Normal | None = None

    def look(self, now: datetime) -> int:
        """Look once; give how many storms were opened. Without a week of messages behind, nothing is normal yet.

        Only the streams that something came to are weighed, and those of open storms.
        """
        watch = the_watch()
        if watch.learned_at is None:
            return 0
        StormWatch.objects.filter(pk=watch.pk).update(looked_at=now)
        try:
            return self._weigh_what_is_new(watch, now)
        except Exception:
            # what was new and not weighed would be missed
            self._recent = Recent()
            raise

    def _weigh_what_is_new(self, watch: StormWatch, now: datetime) -> int:
        came_to = self._recent.follow(now)
        tallies = self._recent.tallies
        opened = list(Storm.objects.filter(closed=None).order_by("pk"))
        due = {key for key in came_to if _is_lively(tallies[key], now)} | {storm.stream for storm in opened}
        if not due:
            return 0
        sight = _Sight(now, tallies, self._what_is_normal(watch, due, now), _rules(watch.threshold))
        return _Looking(sight, opened).go_through(due)

    def _what_is_normal(self, watch: StormWatch, keys: set[str], now: datetime) -> Normal:
        if self._normal is None or not self._normal.holds(watch, now):
            self._normal = normal((), now)
        self._normal.know(keys)
        return self._normal


def look(now: datetime) -> int:
    """Look once, with nothing held from before."""
    return Watcher().look(now)


def _is_lively(tally: Tally, now: datetime) -> bool:
    return len(tally.said) >= _FEWEST and tally.said[-_FEWEST].at > now.timestamp() - DAY


def _rules(threshold: float | None) -> Rules:
    """Give when an alarm has which level; what is among the largest hundredth is an uproar at once."""
    alarms = sorted(Storm.objects.exclude(mark=Storm.Mark.NOTHING).values_list("counted", flat=True))
    big = float(np.percentile(alarms, 99)) if len(alarms) >= _ENOUGH_ALARMS else float("inf")
    return Rules(storm=STRICT if threshold is None else threshold, big=big)


@dataclass(frozen=True)
class _Sight:
    """What is seen at a time: what was said by stream, what is normal, the rules."""

    now: datetime
    tallies: Mapping[str, Tally]
    normal: Normal
    rules: Rules

    def evidences(self, keys: Collection[str]) -> dict[str, Evidence]:
        """Weigh streams, those that stray alike together."""
        alike: defaultdict[Dispersion, list[str]] = defaultdict(list)
        for key in keys:
            alike[self.normal.spread(key, self.now)].append(key)
        return {key: found for spread, held in alike.items() for key, found in self._weighed(held, spread)}

    def since(self, key: str, began: float) -> list[Moment]:
        """Give all that was said in a stream since a moment."""
        said = self.tallies[key].said if key in self.tallies else ()
        return [one for one in said if began < one.at <= self.now.timestamp()]

    def seen(self, key: str, evidence: Evidence, storm: Storm | None) -> Look:
        """Give what is seen of a stream, and of its open storm."""
        now = self.now.timestamp()
        said = self.since(key, now - evidence.seconds)
        look = Look(
            now=now,
            evidence=evidence,
            messages=len(said),
            people=people(said),
            planned=self._is_planned(Stream.of(key).theme),
        )
        return look if storm is None else self._followed(key, look, storm)

    def _followed(self, key: str, look: Look, storm: Storm) -> Look:
        held = self._times(key)
        times = held[: bisect_right(held, look.now)]
        expected = self.normal.rate(key).expected(look.now, calendar=self.normal.calendar)
        return replace(
            look,
            total=max(sum(at > storm.began.timestamp() for at in times), storm.counted),
            recent=sum(at > look.now - storm.window for at in times),
            normal=float(expected[_SECONDS.index(storm.window)]),
        )

    def _weighed(self, keys: Sequence[str], spread: Dispersion) -> Iterable[tuple[str, Evidence]]:
        found = scores(
            [self._times(key) for key in keys],
            self.now.timestamp(),
            baselines=[self.normal.rate(key) for key in keys],
            calendar=self.normal.calendar,
            dispersion=spread,
        )
        return zip(keys, found, strict=True)

    def _times(self, key: str) -> Sequence[float]:
        return self.tallies[key].times if key in self.tallies else ()

    def _is_planned(self, theme: int | None) -> bool:
        return bool({None, theme} & self._planned)

    @cached_property
    def _planned(self) -> set[int | None]:
        """Give the themes of the events that are on; None holds for all."""
        on = PlannedEvent.objects.filter(since__lte=self.now, until__gte=self.now)
        return set(on.values_list("theme", flat=True)) or {-1}


_SECONDS = [int(window * BIN) for window in WINDOWS]


class _Looking:
    """One look at all streams that are due, the strongest first: the others that rise with it are part of it.

    A matter goes before all that is said at a place or anywhere, where several matters may rise at once.
    """

    def __init__(self, sight: _Sight, opened: Sequence[Storm]) -> None:
        self._sight = sight
        self._open = {storm.stream: storm for storm in opened}
        muted = Storm.objects.filter(closed__gt=sight.now - _MUTED, mark__in=_MUTING)
        self._muted = list(muted)

    def go_through(self, due: set[str]) -> int:
        """Look at each stream."""
        least, weighed = min(self._sight.rules.rise, self._sight.rules.storm), self._sight.evidences(sorted(due))
        looks = {
            key: self._sight.seen(key, evidence, self._open.get(key))
            for key, evidence in weighed.items()
            if key in self._open or evidence.score >= least
        }
        opened = 0
        for key in sorted(looks, key=lambda one: (Stream.of(one).scope in _WIDE, -looks[one].evidence.score)):
            before = self._open.get(key)
            after, event = step(_alarm(before) if before else None, looks[key], self._sight.rules)
            if before is not None:
                self._follow(before, looks[key], after, event)
            elif after is not None and not self._is_muted(key, looks[key]):
                self._begin(key, looks[key], after)
                opened += 1
        return opened

    def _begin(self, key: str, look: Look, alarm: Alarm) -> None:
        stream = Stream.of(key)
        said = self._sight.since(key, alarm.began)
        head = self._head(said)
        with transaction.atomic():
            storm = Storm.objects.create(
                stream=key,
                scope=stream.scope,
                theme_id=stream.theme,
                place_id=stream.place,
                part_of=head,
                began=datetime.fromtimestamp(said[0].at if said else alarm.began, UTC),
                opened=self._sight.now,
                seen=self._sight.now,
                threshold=self._sight.rules.storm,
                first_message_id=said[0].message if said else None,
                record=self._record(key, look.evidence),
                **_state(alarm),
                **_strongest(look),
            )
            _step(storm, "opened", self._sight.now, look)
            tell(storm, "opened", now=self._sight.now)
        self._open[key] = storm

    def _follow(self, storm: Storm, look: Look, alarm: Alarm | None, event: Event | None) -> None:
        """Bring a storm up to date. One that has parts goes on as long as they do."""
        if alarm is None and any(part.part_of_id == storm.pk for part in self._open.values()):
            return
        changed = {"closed": self._sight.now} if alarm is None else _state(alarm)
        if alarm is not None and look.evidence.score > storm.evidence:
            changed |= _strongest(look)
        with transaction.atomic():
            if not Storm.objects.filter(pk=storm.pk, closed=None).update(**changed):
                return  # a person said meanwhile that it is none
            for name, value in changed.items():
                setattr(storm, name, value)
            if event is not None:
                _step(storm, event, self._sight.now, look)
            if event in {"risen", "doubled"}:
                tell(storm, "doubled", now=self._sight.now)
        if alarm is None:
            del self._open[storm.stream]

    def _head(self, said: Sequence[Moment]) -> Storm | None:
        """Give the open storm that these messages belong to for a good part; the first that was seen."""
        heads = [storm for storm in self._open.values() if storm.part_of_id is None]
        return next((head for head in sorted(heads, key=lambda one: one.pk) if self._is_same(head, said)), None)

    def _is_same(self, storm: Storm, said: Sequence[Moment]) -> bool:
        theirs = {one.message for one in self._sight.since(storm.stream, storm.began.timestamp() - 1)}
        ours = {one.message for one in said}
        return len(ours & theirs) >= _SAME * max(min(len(ours), len(theirs)), 1)

    def _is_muted(self, key: str, look: Look) -> bool:
        """Tell whether people said that this is nothing; it has to double before it is told again."""
        said = self._sight.since(key, look.now - look.evidence.seconds)
        alike = (storm for storm in self._muted if storm.stream == key or self._is_same(storm, said))
        return any(look.evidence.count < 2 * storm.counted for storm in alike)

    def _record(self, key: str, evidence: Evidence) -> dict[str, int]:
        """Give the highest count of such a window in the weeks before, and how many weeks those are."""
        before = self._sight.now - timedelta(seconds=evidence.seconds)
        times = past_times(key, before - timedelta(weeks=WEEKS), before)
        most, weeks = record(times, seconds=evidence.seconds, before=before.timestamp(), weeks=WEEKS)
        return {"most": most, "weeks": weeks}


_WIDE = (Scope.PLACE, Scope.PILE, Scope.ALL)
_MUTING = (Storm.Mark.NOTHING, Storm.Mark.PLANNED)


def past_times(key: str, since: datetime, until: datetime) -> Floats:
    """Give when the counted messages of one stream were said, in UTC seconds."""
    return np.array(Tally(moments_of(Stream.of(key), since, until)).times)


def _alarm(storm: Storm) -> Alarm:
    return Alarm(
        opened=storm.opened.timestamp(),
        began=storm.began.timestamp(),
        window=storm.window,
        level=_NUMBERS[Storm.Level(storm.level)],
        peak=storm.peak,
        told=storm.told_at,
        doublings=storm.doublings,
        quiet_since=storm.quiet_since.timestamp() if storm.quiet_since else None,
    )


def _state(alarm: Alarm) -> dict[str, object]:
    """Give how far a storm has gone, as its columns."""
    quiet = datetime.fromtimestamp(alarm.quiet_since, UTC) if alarm.quiet_since is not None else None
    return {
        "level": _LEVELS[alarm.level],
        "peak": alarm.peak,
        "told_at": alarm.told,
        "doublings": alarm.doublings,
        "quiet_since": quiet,
    }


def _strongest(look: Look) -> dict[str, object]:
    """Give what a storm is told by, as its columns: the window at its strongest."""
    evidence = look.evidence
    return {
        "evidence": evidence.score,
        "window": evidence.seconds,
        "counted": evidence.count,
        "people": look.people,
        "expected": evidence.expected,
    }


def _step(storm: Storm, kind: str, now: datetime, look: Look) -> None:
    facts = {"counted": storm.counted, "people": storm.people, "level": str(storm.level)}
    StormStep.objects.create(storm=storm, at=now, kind=kind, facts=facts | {"score": round(look.evidence.score, 2)})

"""Watch: look at what was said in the last day, and open, follow and close storms.

    look(now)        # every few seconds, while messages come

Each look reads the messages of two days anew, so that a worker that was killed, a correction and a message that was
taken back all count as they stand. What was heard long after it was said raises no alarm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from django.db import transaction

from kuulo.desk.storm.alert import tell
from kuulo.desk.storm.normal import Normal, normal, the_watch
from kuulo.desk.storm.streams import DAY, Moment, Stream, counted, moments, moments_of
from kuulo.group.alarm import Alarm, Event, Level, Look, Rules, step
from kuulo.group.burst import STRICT, Evidence, record, score
from kuulo.group.rate import BIN, WINDOWS, Floats
from kuulo.models import PlannedEvent, Scope, Storm, StormStep, StormWatch

# an author's first message in a day may lie a day before the window
READ = timedelta(days=2)
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


def look(now: datetime) -> int:
    """Look once; give how many storms were opened. Without a week of messages behind, nothing is normal yet."""
    watch = the_watch()
    if watch.learned_at is None:
        return 0
    StormWatch.objects.filter(pk=watch.pk).update(looked_at=now)
    streams = moments(now - READ, now + timedelta(seconds=1))
    opened = list(Storm.objects.filter(closed=None).order_by("pk"))
    due = {key for key, said in streams.items() if _is_lively(said, now)} | {storm.stream for storm in opened}
    if due:
        sight = _Sight(now, streams, normal(due, now), _rules(watch.threshold))
        return _Looking(sight, opened).go_through(due)
    return 0


def _is_lively(said: Sequence[Moment], now: datetime) -> bool:
    return len(said) >= _FEWEST and said[-_FEWEST].at > now.timestamp() - DAY


def _rules(threshold: float | None) -> Rules:
    """Give when an alarm has which level; what is among the largest hundredth is an uproar at once."""
    alarms = sorted(Storm.objects.exclude(mark=Storm.Mark.NOTHING).values_list("counted", flat=True))
    big = float(np.percentile(alarms, 99)) if len(alarms) >= _ENOUGH_ALARMS else float("inf")
    return Rules(storm=STRICT if threshold is None else threshold, big=big)


@dataclass(frozen=True)
class _Sight:
    """What is seen at a time: what was said by stream, what is normal, the rules."""

    now: datetime
    streams: Mapping[str, Sequence[Moment]]
    normal: Normal
    rules: Rules

    def evidence(self, key: str) -> Evidence:
        """Weigh a stream."""
        times = [one.at for one in self.counted(key)]
        spread = self.normal.spread(key, self.now)
        rate = self.normal.rate(key)
        now = self.now.timestamp()
        return score(times, now, baseline=rate, calendar=self.normal.calendar, dispersion=spread)

    def counted(self, key: str) -> list[Moment]:
        """Give what counts of a stream, live."""
        return counted(self.streams.get(key, ()), live=True)

    def since(self, key: str, began: float) -> list[Moment]:
        """Give all that was said in a stream since a moment."""
        return [one for one in self.streams.get(key, ()) if began < one.at <= self.now.timestamp()]

    def seen(self, key: str, storm: Storm | None) -> Look:
        """Give what is seen of a stream, and of its open storm."""
        evidence, now = self.evidence(key), self.now.timestamp()
        said = self.since(key, now - evidence.seconds)
        look = {"now": now, "evidence": evidence, "messages": len(said), "people": people(said)}
        look["planned"] = self._is_planned(Stream.of(key).theme)
        if storm is not None:
            times = [one.at for one in self.counted(key)]
            expected = self.normal.rate(key).expected(now, calendar=self.normal.calendar)
            look["total"] = max(sum(at > storm.began.timestamp() for at in times), storm.counted)
            look["recent"] = sum(at > now - storm.window for at in times)
            look["normal"] = float(expected[_SECONDS.index(storm.window)])
        return Look(**look)  # type: ignore[arg-type]

    def _is_planned(self, theme: int | None) -> bool:
        return bool({None, theme} & self._planned)

    @cached_property
    def _planned(self) -> set[int | None]:
        """Give the themes of the events that are on; None holds for all."""
        on = PlannedEvent.objects.filter(since__lte=self.now, until__gte=self.now)
        return set(on.values_list("theme", flat=True)) or {-1}


_SECONDS = [int(window * BIN) for window in WINDOWS]


def people(said: Sequence[Moment]) -> int:
    """Count who wrote; a message whose author is unknown has an author of its own."""
    return len({one.author for one in said if one.author}) + sum(one.author is None for one in said)


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
        looks = {key: self._sight.seen(key, self._open.get(key)) for key in sorted(due)}
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
    return np.array([one.at for one in counted(moments_of(Stream.of(key), since, until))])


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

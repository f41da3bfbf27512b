"""Hindsight: each night, learn what is normal and replay the past for the threshold that people can bear.

What the replay finds that nobody saw at the time is kept as a storm seen in hindsight: it wakes nobody.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from kuulo.desk.days import day_begins, local_day
from kuulo.desk.storm.normal import Past, dispersion_of, learn, look_back, the_watch
from kuulo.desk.storm.streams import Stream
from kuulo.desk.storm.watch import WEEKS
from kuulo.group.alarm import QUIET, Gates
from kuulo.group.burst import Evidence, record, weigh
from kuulo.group.counting import Moment, people
from kuulo.group.dispersion import Dispersion
from kuulo.group.rate import BIN, WINDOWS, YOUNG, Floats
from kuulo.group.replay import Episode, Replay, Watched, replay
from kuulo.models import Intake, Message, PlannedEvent, Scope, Storm, StormStep, StormWatch, Theme

# the day that was is whole by then
NIGHT = timedelta(hours=1)
_LISTED = 100
# of the first days the level is still finding its place
_SETTLING = timedelta(days=14)
_LEAST = timedelta(days=28)
_LIVE = timedelta(days=1)


def is_due(now: datetime) -> bool:
    """Tell whether there is something to learn: a night has passed, or a file has come in, since the last time."""
    learned = the_watch().learned_at
    if Message.objects.filter(status=Message.Status.NEW).exists():
        return False
    if learned is None or local_day(learned - NIGHT) != local_day(now - NIGHT):
        return True
    return Intake.objects.filter(state=Intake.State.DONE, finished_at__gt=learned).exists()


def learn_and_replay(now: datetime) -> bool:
    """Do the night's work; tell whether enough is known for it."""
    past = look_back(now)
    if past is None:
        return False
    learn(past, now=now)
    if past.end - past.start >= _LEAST and _calibrate(past, now) and (without := look_back(now)):
        # what has just been found to be a storm is not normal
        learn(without, now=now)
    return True


def _calibrate(past: Past, now: datetime) -> bool:
    """Set the threshold; tell whether a storm was found that nobody had seen."""
    watch = the_watch()
    spread = dispersion_of(watch)
    streams = _Streams(past).watched()
    found = replay(
        streams,
        fitted=past.fitted,
        start=_settled(past).timestamp(),
        end=now.timestamp(),
        budget=watch.budget,
        dispersion=spread,
    )
    alarms = [_alarm(episode, streams, past, spread) for episode in found.episodes]
    with transaction.atomic():
        told = {"threshold": found.threshold, "replayed_at": now, "replayed": _told(found, alarms)}
        StormWatch.objects.filter(pk=watch.pk).update(**told)
        kept = [_remember(alarm, found.threshold, now=now) for alarm in alarms]
    return any(kept)


def _settled(past: Past) -> datetime:
    return day_begins(past.start) + _SETTLING


class _Streams:
    """The streams of the past as the replay takes them: what each is part of, and what does not count in it."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._parents = dict(Theme.objects.filter(parent__isnull=False).values_list("pk", "parent"))
        self._storms: defaultdict[str, list[Span]] = defaultdict(list)
        for storm in Storm.objects.filter(mark=Storm.Mark.STORM).exclude(closed=None):
            self._storms[storm.stream].append(_span(storm.began, storm.closed))
        self._events: defaultdict[int | None, list[Span]] = defaultdict(list)
        for event in PlannedEvent.objects.all():
            self._events[event.theme_id].append(_span(event.since, event.until))

    def watched(self) -> list[Watched]:
        """Give each stream but the whole: that rises with each of the others."""
        return [self._watched(at, key) for at, key in enumerate(self._past.keys) if key != Scope.ALL]

    def _watched(self, at: int, key: str) -> Watched:
        stream = Stream.of(key)
        theme = self._parents.get(stream.theme, stream.theme) if stream.theme else None
        spans = [*self._storms[key], *self._events[None], *(self._events[theme] if theme else ())]
        kin = {key, *({f"theme:{theme}"} if theme else ()), *({f"place:{stream.place}"} if stream.place else ())}
        return Watched(history=self._past.histories[at], fitted=at, kin=frozenset(kin), excused=tuple(spans))


Span = tuple[float, float]


def _span(since: datetime, until: datetime | None) -> Span:
    return since.timestamp(), (until or since).timestamp()


@dataclass(frozen=True, slots=True)
class _Opening:
    """The strongest look at a stream in an episode."""

    at: float
    seconds: int
    expected: float


@dataclass(frozen=True, kw_only=True)
class _Alarm:
    """An alarm of the replay: its strongest stream, the others of it (``alike``), and its strongest window."""

    episode: Episode
    stream: Stream
    alike: Sequence[str]
    opening: _Opening
    times: Floats
    window: Sequence[Moment]


def _alarm(episode: Episode, streams: Sequence[Watched], past: Past, spread: Dispersion) -> _Alarm:
    watched = streams[episode.streams[0]]
    opening = _opening(watched, episode, past, spread)
    began = opening.at - opening.seconds
    return _Alarm(
        episode=episode,
        stream=Stream.of(past.keys[watched.fitted]),
        alike=[past.keys[streams[at].fitted] for at in episode.streams],
        opening=opening,
        times=watched.history.times,
        window=[one for one in past.said[watched.fitted] if began < one.at <= opening.at],
    )


def _told(found: Replay, alarms: Sequence[_Alarm]) -> dict[str, Any]:
    """Give what the page tells of a replay: the latest of its alarms one by one."""
    listed = [
        {
            "stream": one.stream.key,
            "began": _moment(one.window[0].at).isoformat(),
            "opened": _moment(one.episode.start).isoformat(),
            "counted": len(one.window),
            "expected": one.opening.expected,
            "window": one.opening.seconds,
        }
        for one in alarms[-_LISTED:]
    ]
    return {"threshold": found.threshold, "months": found.months, "rate": found.rate, "episodes": listed}


def _remember(alarm: _Alarm, threshold: float, *, now: datetime) -> bool:
    """Keep an alarm that nobody saw, unless it is one that was seen; tell which. One of the last day may go on."""
    episode, window, seconds = alarm.episode, alarm.window, alarm.opening.seconds
    around = (_moment(episode.start) - _LIVE, _moment(episode.end) + _LIVE)
    themes = {theme for key in alarm.alike if (theme := Stream.of(key).theme)}
    seen = Storm.objects.filter(Q(stream__in=alarm.alike) | Q(theme__in=themes), opened__range=around)
    if seen.exists():
        return False
    most, weeks = record(alarm.times, seconds=seconds, before=window[0].at - 1, weeks=WEEKS)
    storm = Storm.objects.create(
        stream=alarm.stream.key,
        scope=alarm.stream.scope,
        theme_id=alarm.stream.theme,
        place_id=alarm.stream.place,
        level=Storm.Level.STORM,
        began=_moment(window[0].at),
        opened=_moment(episode.start),
        closed=_moment(episode.end + QUIET) if episode.end < (now - _LIVE).timestamp() else None,
        threshold=threshold,
        evidence=episode.score,
        peak=episode.score,
        window=seconds,
        counted=len(window),
        people=people(window),
        expected=alarm.opening.expected,
        record={"most": most, "weeks": weeks},
        told_at=len(window),
        first_message_id=window[0].message,
    )
    StormStep.objects.create(storm=storm, at=storm.opened, kind="hindsight", facts={"counted": len(window)})
    return True


def _opening(watched: Watched, episode: Episode, past: Past, spread: Dispersion) -> _Opening:
    """Find the look with the greatest evidence of an episode, among those that the gates let through."""
    times = np.asarray(watched.history.times)
    during = times[(times >= episode.start) & (times <= episode.end)]
    expected = past.fitted.expected(watched.fitted, during)
    born = watched.history.born
    looks = []
    for at, normal in zip(during.tolist(), expected, strict=True):
        young = born is not None and at - born < YOUNG
        looks.append((at, _weighed(times, at, normal, spread.for_new() if young else spread)))
    at, found = max(looks, key=lambda look: (look[1].count >= Gates().messages, look[1].score))
    return _Opening(at, found.seconds, found.expected)


def _weighed(times: Floats, now: float, expected: Floats, spread: Dispersion) -> Evidence:
    upto = int(np.searchsorted(times, now, side="right"))
    counts = [upto - int(np.searchsorted(times, now - window * BIN, side="right")) for window in WINDOWS]
    return weigh(counts, expected.tolist(), spread)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

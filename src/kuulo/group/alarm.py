"""The life of an alarm, as plain changes of state: opened, told again when it doubles, closed when all is normal.

Nothing is kept here: who calls holds the state and the clock.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from kuulo.group.burst import RISE, STRICT, Evidence
from kuulo.group.rate import Floats

QUIET = 6 * 3600.0  # seconds below twice the normal rate that close an alarm
FREEZE = 7 * 86400.0  # seconds: an alarm that goes on for longer is how things are now, and the level learns again
_DOUBLINGS = 2  # of a storm that make it an uproar
_NOISE = 3  # fewer messages than this in the alarm's window are quiet whatever is normal

Event = Literal["opened", "risen", "doubled", "closed"]


class Level(IntEnum):
    """How far it has gone: seen in the feed, told to those on duty, told to the leader and at night."""

    RISE = 1
    STORM = 2
    UPROAR = 3


@dataclass(frozen=True, kw_only=True)
class Gates:
    """What has to be so before anybody is told: so many ``messages`` of so many ``people``, so much above normal."""

    messages: int = 4
    people: int = 3
    ratio: float = 2.0

    @overload
    def messages_enough(self, messages: float) -> bool: ...
    @overload
    def messages_enough(self, messages: Floats) -> NDArray[np.bool_]: ...
    def messages_enough(self, messages: float | Floats) -> bool | NDArray[np.bool_]:
        """Tell whether they are many enough."""
        return messages >= self.messages

    @overload
    def above_normal(self, messages: float, expected: float) -> bool: ...
    @overload
    def above_normal(self, messages: Floats, expected: Floats) -> NDArray[np.bool_]: ...
    def above_normal(self, messages: float | Floats, expected: float | Floats) -> bool | NDArray[np.bool_]:
        """Tell whether they are so many times what is normal."""
        return messages >= self.ratio * expected

    def passed(self, evidence: Evidence, *, messages: int, people: int) -> bool:
        """Tell whether a window with so many messages of so many people may raise an alarm."""
        enough = self.messages_enough(messages) and people >= self.people
        return bool(enough and self.above_normal(evidence.count, evidence.expected))


@dataclass(frozen=True, kw_only=True)
class Rules:
    """When an alarm has which level: the thresholds, and the count (``big``) that is an uproar at once.

    ``storm`` is the replay's threshold; ``big`` the 99th percentile of past alarms' counts, where there are any.
    """

    rise: float = RISE
    storm: float = STRICT
    big: float = float("inf")
    gates: Gates = Gates()


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """An open alarm. Times are UTC seconds; ``began`` is where the window that opened it begins.

    ``window`` is that window's length in seconds, ``told`` the count since it began when people were last told,
    ``doublings`` how often it has doubled since it is a storm, ``quiet_since`` when it fell below twice the normal.
    """

    opened: float
    began: float
    window: int
    level: Level
    peak: float
    told: int
    doublings: int = 0
    quiet_since: float | None = None

    def freezes(self, now: float) -> bool:
        """Tell whether the level must not learn now."""
        return now - self.opened < FREEZE


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is seen of a stream at a time: the evidence, its window's ``messages`` (all, not one an author), people.

    Of an open alarm also ``total``, the counted messages since it began, and ``recent`` and ``normal``: how many came
    in the last ``window`` seconds of the alarm, and how many are expected there. ``planned``: an event that was
    registered beforehand is on.
    """

    now: float
    evidence: Evidence
    messages: int
    people: int
    total: int = 0
    recent: int = 0
    normal: float = 0.0
    planned: bool = False


def step(alarm: Alarm | None, look: Look, rules: Rules) -> tuple[Alarm | None, Event | None]:
    """Give the alarm after a look, and what happened, if anything did."""
    return _open(look, rules) if alarm is None else _go_on(alarm, look, rules)


def _open(look: Look, rules: Rules) -> tuple[Alarm | None, Event | None]:
    evidence = look.evidence
    due = evidence.seconds and evidence.score >= min(rules.rise, rules.storm)
    if look.planned or not due or not rules.gates.passed(evidence, messages=look.messages, people=look.people):
        return None, None
    alarm = Alarm(
        opened=look.now,
        began=look.now - evidence.seconds,
        window=evidence.seconds,
        level=_level(evidence, evidence.count, 0, rules),
        peak=evidence.score,
        told=evidence.count,
    )
    return alarm, "opened"


def _go_on(alarm: Alarm, look: Look, rules: Rules) -> tuple[Alarm | None, Event | None]:
    quiet_since = _quiet_since(alarm, look)
    if quiet_since is not None and look.now - quiet_since >= QUIET:
        return None, "closed"
    doubled = look.total >= 2 * alarm.told
    doublings = alarm.doublings + (doubled and alarm.level >= Level.STORM)
    level = max(alarm.level, _level(look.evidence, look.total, doublings, rules))
    changed = replace(
        alarm,
        level=level,
        peak=max(alarm.peak, look.evidence.score),
        told=look.total if doubled else alarm.told,
        doublings=doublings,
        quiet_since=quiet_since,
    )
    return changed, "risen" if level > alarm.level else "doubled" if doubled else None


def _quiet_since(alarm: Alarm, look: Look) -> float | None:
    if look.recent >= max(2 * look.normal, _NOISE):
        return None
    if alarm.quiet_since is None or alarm.quiet_since > look.now:  # the clock was put back
        return look.now
    return alarm.quiet_since


def _level(evidence: Evidence, count: int, doublings: int, rules: Rules) -> Level:
    if evidence.score < rules.storm and not doublings:
        return Level.RISE
    return Level.UPROAR if doublings >= _DOUBLINGS or count >= rules.big else Level.STORM

"""Counts: a theme's figures, as pages ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kuulo.desk.days import WEEK, monday
from kuulo.models import Theme
from kuulo.report.lifts import rate_ratio

# Both sides of a matter are told of from so many messages each.
LEAST_OF_SIDE = 3
WEEKS_BEFORE = 4
_DOUBT = 0.01

# Counts by any one thing that is known of messages.
ByValue = Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Counts:
    """What is known of a theme by number; ``people`` is None where nobody's author is known.

    Two are the same only where they are one: so what was drawn of them can be kept.

    ``first_here`` are the messages of which this is the first theme: over all top themes they are each message once.
    ``weeks`` are by their Monday. ``now`` are the messages of the desk's last seven days, which end with ``until``,
    ``before`` the mean of seven days in the four weeks before. ``background`` are counts by column and value,
    ``lifts`` as kuulo.desk.lifts draws them up. ``one_text`` tells what several people sent with one text: the
    "message" that the others copy, how many "messages", by how many "writers"; {} where nobody did.
    """

    messages: int = 0
    first_here: int = 0
    distinct: int = 0
    people: int | None = None
    uncertain: int = 0
    channels: ByValue = field(default_factory=dict)
    languages: ByValue = field(default_factory=dict)
    kinds: ByValue = field(default_factory=dict)
    sources: ByValue = field(default_factory=dict)
    background: Mapping[str, ByValue] = field(default_factory=dict)
    weeks: Mapping[date, int] = field(default_factory=dict)
    first: datetime | None = None
    latest: datetime | None = None
    now: int = 0
    before: float = 0.0
    until: date | None = None
    lifts: tuple[Mapping[str, Any], ...] = ()
    one_text: Mapping[str, int] = field(default_factory=dict)

    @property
    def copies(self) -> int:
        """Give how many of the messages are copies of others."""
        return self.messages - self.distinct

    @property
    def is_divided(self) -> bool:
        """Tell whether both sides have enough messages to be shown."""
        return min(self.kinds.get("wants", 0), self.kinds.get("opposes", 0)) >= LEAST_OF_SIDE

    @property
    def disagreement(self) -> float:
        """Give the smaller side's share of both (0-0.5), 0 where a side has too few messages."""
        sides = self.kinds.get("wants", 0), self.kinds.get("opposes", 0)
        return min(sides) / sum(sides) if self.is_divided else 0.0

    @property
    def growth(self) -> float:
        """Give how many times as many messages as usual came in the last week, at least: above 1 it grows.

        It is the lower end of the exact 99 % interval of the ratio of two rates, so that a handful says little.
        """
        return rate_ratio(self.now, 1, round(self.before * WEEKS_BEFORE), WEEKS_BEFORE, doubt=_DOUBT)[1]

    @property
    def is_growing(self) -> bool:
        """Tell whether more came in the last week than chance would bring."""
        return self.growth > 1

    def last_weeks(self, newest: date, *, most: int) -> list[tuple[date, int]]:
        """Give the weeks up to that of ``newest``, ``most`` at most, with their messages, the oldest first."""
        last = monday(newest)
        return [(week, self.weeks.get(week, 0)) for week in (last - WEEK * ago for ago in reversed(range(most)))]


def counts_of(theme: Theme) -> Counts:
    """Read a theme's figures; what they do not tell is none."""
    told = theme.figures
    growth = told.get("growth", {})
    return Counts(
        messages=told.get("messages", 0),
        first_here=told.get("first_here", told.get("messages", 0)),
        distinct=told.get("distinct", 0),
        people=told.get("people"),
        uncertain=told.get("uncertain", 0),
        channels=told.get("channels", {}),
        languages=told.get("languages", {}),
        kinds=told.get("kinds", {}),
        sources=told.get("sources", {}),
        background=told.get("background", {}),
        weeks={date.fromisoformat(week): n for week, n in told.get("weeks", {}).items()},
        first=_moment(told.get("first")),
        latest=_moment(told.get("latest")),
        now=growth.get("now", 0),
        before=growth.get("before", 0.0),
        until=date.fromisoformat(growth["until"]) if growth.get("until") else None,
        lifts=tuple(told.get("lifts", ())),
        one_text=told.get("one_text", {}),
    )


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None

"""Compare: two sides - periods, channels, languages, sources, kinds or areas - theme by theme."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kuulo.desk.asked import read_day
from kuulo.desk.counts import ByValue, Counts
from kuulo.desk.overview import Counted, messages_by_theme, usual
from kuulo.models import Theme
from kuulo.report.lifts import rate_ratio

DIMENSIONS = ("period", "channel", "language", "source", "kind", "background")
_FEWEST = 5
_DOUBT = 0.05

Verdict = Literal["more-a", "more-b", "alike", "few"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One side: the messages with a value of a dimension; ``column`` is the background's."""

    dimension: str
    value: str = ""
    column: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def address(self) -> str:
        """Give the side as it stands in an address: channel:form, background:area=North, period:DAY..DAY."""
        match self.dimension:
            case "period":
                days = f"{self.since or ''}..{self.until or ''}"
                return f"period:{days}"
            case "background":
                return f"background:{self.column}={self.value}"
            case _:
                return f"{self.dimension}:{self.value}"

    @property
    def inbox(self) -> dict[str, str]:
        """Give the inbox's filters for these messages."""
        match self.dimension:
            case "period":
                days = {"since": self.since, "until": self.until}
                return {name: str(day) for name, day in days.items() if day}
            case "background":
                return {"background": f"{self.column}={self.value}"}
            case _:
                return {self.dimension: self.value}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A theme on both sides: messages, and their share of all that the side says in themes (0-1).

    ``verdict`` tells on which side the theme is more common, where that is more than chance; ``times`` then is how
    many times as common (None: the other side does not speak of it).
    """

    theme: Theme
    a: int
    b: int
    share_a: float
    share_b: float
    verdict: Verdict
    times: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What can be put on a side, the most usual first; ``latest`` is the desk's last day."""

    channels: tuple[str, ...]
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    kinds: tuple[str, ...]
    background: tuple[tuple[str, str], ...]
    latest: date | None


def read_side(told: str) -> Side | None:
    """Read a side as an address holds it, None where it is none."""
    dimension, _, value = told.partition(":")
    if dimension not in DIMENSIONS or not value:
        return None
    if dimension == "period":
        return _period(value)
    if dimension == "background":
        column, _, value = value.partition("=")
        return Side(dimension=dimension, column=column, value=value) if column and value else None
    return Side(dimension=dimension, value=value)


def compare(a: Side, b: Side, themes: Sequence[Counted]) -> tuple[Row, ...]:
    """Set two sides side by side: a row a living theme that either speaks of.

    Themes that differ come first, then those most spoken of on either side.

    A difference is told where the exact interval of the ratio of the two shares, corrected for all themes compared,
    leaves 1 out; below five messages on both sides together there is nothing to tell.
    """
    of_a, of_b = _count(a, themes), _count(b, themes)
    held = [theme for theme, _ in themes if of_a[theme.pk] or of_b[theme.pk]]
    whole = sum(of_a[theme.pk] for theme in held), sum(of_b[theme.pk] for theme in held)
    rows = [_row(theme, (of_a[theme.pk], of_b[theme.pk]), whole, len(held)) for theme in held]
    return tuple(sorted(rows, key=_differing_first))


def choices(themes: Sequence[Counted]) -> Choices:
    """Give what the themes' messages can be compared by."""
    every = [counts for _, counts in themes]
    # the day up to which growth is counted: both then speak of the same last week
    days = [counts.until for counts in every if counts.until]
    return Choices(
        channels=usual(counts.channels for counts in every),
        languages=usual(counts.languages for counts in every),
        sources=usual(counts.sources for counts in every),
        kinds=usual(counts.kinds for counts in every),
        background=_pairs(every),
        latest=max(days, default=None),
    )


def _period(told: str) -> Side | None:
    """Read DAY..DAY, where either day may be left out."""
    since, apart, until = told.partition("..")
    days = read_day(since), read_day(until)
    understood = all(bool(day) == bool(written) for day, written in zip(days, (since, until), strict=True))
    return Side(dimension="period", since=days[0], until=days[1]) if apart and understood and any(days) else None


def _count(side: Side, themes: Sequence[Counted]) -> Mapping[int, int]:
    """Count a side's messages by theme id: a period over the placements, all else out of the figures."""
    if side.dimension == "period":
        return messages_by_theme(since=side.since, until=side.until)
    return Counter({theme.pk: _values(side, counts).get(side.value, 0) for theme, counts in themes})


def _values(side: Side, counts: Counts) -> ByValue:
    match side.dimension:
        case "channel":
            return counts.channels
        case "language":
            return counts.languages
        case "source":
            return counts.sources
        case "kind":
            return counts.kinds
        case _:
            return counts.background.get(side.column, {})


def _row(theme: Theme, counts: tuple[int, int], whole: tuple[int, int], compared: int) -> Row:
    a, b = counts
    verdict, times = _verdict(counts, whole, doubt=_DOUBT / compared)
    share_a, share_b = (n / all_ if all_ else 0.0 for n, all_ in zip(counts, whole, strict=True))
    return Row(theme=theme, a=a, b=b, share_a=share_a, share_b=share_b, verdict=verdict, times=times)


def _differing_first(row: Row) -> tuple[bool, float, int]:
    return row.verdict in {"alike", "few"}, -max(row.share_a, row.share_b), row.theme.pk


def _verdict(counts: tuple[int, int], whole: tuple[int, int], *, doubt: float) -> tuple[Verdict, float | None]:
    (a, b), (all_a, all_b) = counts, whole
    if a + b < _FEWEST or not all_a or not all_b:
        return "few", None
    more_a, least_a = rate_ratio(a, all_a, b, all_b, doubt=doubt)
    more_b, least_b = rate_ratio(b, all_b, a, all_a, doubt=doubt)
    if least_a > 1:
        return "more-a", None if math.isinf(more_a) else more_a
    if least_b > 1:
        return "more-b", None if math.isinf(more_b) else more_b
    return "alike", None


def _pairs(every: Sequence[Counts]) -> tuple[tuple[str, str], ...]:
    """Give columns and values of the background: the columns by name, each one's values the most usual first."""
    columns = sorted({column for counts in every for column in counts.background})
    return tuple(
        (column, value)
        for column in columns
        for value in usual(counts.background.get(column, {}) for counts in every)
    )

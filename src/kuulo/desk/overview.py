"""Overview: what residents talk about now, a theme a row, in the order and of the messages that were asked for."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar

from django.db.models import Count, TextField
from django.db.models.functions import Cast, Left

from kuulo.desk.counts import ByValue, Counts, counts_of
from kuulo.desk.days import day_begins, day_ends
from kuulo.desk.ledger import more_to_come
from kuulo.models import Message, Placement, Proposal, Theme

PER_PAGE = 50
ORDERS = ("size", "growth", "disagreement", "silence", "newest")
_MOST_GROWING = 3
_EXAMPLES = 5
_EXAMPLE_LENGTH = 400
_READ = ("names", "central", "figures")
Listed = TypeVar("Listed")
Counted = tuple[Theme, Counts]
_NEVER = datetime.max.replace(tzinfo=UTC)
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What of the themes is asked for. ``name`` is a part of a name, the days are counted in."""

    order: str = "size"
    channel: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    name: str = ""
    page: int = 1

    @property
    def is_part(self) -> bool:
        """Tell whether only some of the messages are counted."""
        return bool(self.channel or self.language or self.since or self.until)


class Example(NamedTuple):
    """The beginning of a typical message, and its language."""

    text: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A theme of the overview. ``messages`` are those that were asked for, ``counts`` all of the theme."""

    theme: Theme
    counts: Counts
    messages: int
    example: Example | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """The rows of one page; ``themes`` and ``messages`` are those of all pages, ``newest`` the desk's last message.

    Where all themes are shown, ``messages`` are counted once each; of a part of them one in two themes counts twice.

    ``growing`` are the three themes that grow most surely, of those that grow more than chance would have it,
    whatever else was asked for.
    """

    rows: tuple[Row, ...]
    themes: int
    messages: int
    growing: tuple[Row, ...]
    largest: int
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    newest: datetime | None
    pages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Aside:
    """What stands in no theme: uncertain messages, open proposals, messages that wait to be placed; and whether a
    file is on its way in.
    """

    uncertain: int
    proposals: int
    waiting: int
    more_to_come: bool


def overview(asked: Asked, *, language: str = "") -> Overview:
    """Draw up the themes that live: three queries at most, however many themes there are.

    Of a theme's most typical messages the first in ``language`` is its example, else the first.
    """
    every = living()
    number = _messages(every, asked)
    rows = [Row(theme=theme, counts=counts, messages=number[theme.pk]) for theme, counts in every]
    shown = sorted(filter(_keeps(asked), rows), key=_order(asked.order))
    page, pages = page_of(shown, asked.page)
    newest = max((counts.latest for _, counts in every if counts.latest), default=None)
    growing = sorted((row for row in rows if row.counts.is_growing), key=_order("growth"))[:_MOST_GROWING]
    told = _with_examples([*page, *growing], language)
    return Overview(
        rows=told[: len(page)],
        themes=len(shown),
        messages=_told(shown, asked),
        growing=told[len(page) :],
        largest=max((row.messages for row in shown), default=0),
        channels=usual(counts.channels for _, counts in every),
        languages=usual(counts.languages for _, counts in every),
        newest=newest,
        pages=pages,
    )


def living() -> list[Counted]:
    """Give the top themes that live with their counts: one query. They are for reading alone."""
    themes = Theme.objects.filter(parent=None, state=Theme.State.LIVE).order_by("pk")
    written = themes.values_list("pk", "code", *(Cast(column, TextField()) for column in _READ))
    return [_read(*row) for row in written]


@lru_cache(maxsize=1_000)
def _read(pk: int, code: str, *written: str) -> Counted:
    """Read a theme as its row is written: once for as long as it stays so, since most of the work is in that."""
    theme = Theme.from_db(None, ["id", "code", *_READ], [pk, code, *map(json.loads, written)])
    return theme, counts_of(theme)


def aside() -> Aside:
    """Count what stands in no theme."""
    return Aside(
        uncertain=Message.objects.filter(status=Message.Status.UNCERTAIN).count(),
        proposals=Proposal.objects.filter(state=Proposal.State.OPEN).count(),
        waiting=Message.objects.filter(status=Message.Status.NEW).count(),
        more_to_come=more_to_come(),
    )


def messages_by_theme(
    *, channel: str = "", language: str = "", since: date | None = None, until: date | None = None
) -> Counter[int]:
    """Count the messages of every top theme, by its id, that fulfil all that is asked."""
    placements = Placement.objects.filter(counted=True)
    for column, value in (("channel", channel), ("language", language)):
        if value:
            # a question each, so that each is answered out of its index without reading a message
            placements = placements.filter(message__in=Message.objects.filter(**{column: value}).values("id"))
    if since:
        placements = placements.filter(arrived__gte=day_begins(since))
    if until:
        placements = placements.filter(arrived__lt=day_ends(until))
    told = placements.order_by().values_list("theme_id")
    return Counter(dict(told.annotate(n=Count("id"))))


def page_of(rows: Sequence[Listed], page: int) -> tuple[Sequence[Listed], int]:
    """Give the rows of a page, the last one where there are fewer, and how many pages there are."""
    pages = max(1, -(-len(rows) // PER_PAGE))
    first = (min(page, pages) - 1) * PER_PAGE
    return rows[first : first + PER_PAGE], pages


def usual(told: Iterable[ByValue]) -> tuple[str, ...]:
    """Give all values that are counted, the most usual first."""
    total: Counter[str] = Counter()
    for counts in told:
        total.update(counts)
    return tuple(value for value, _ in total.most_common() if value)


def _messages(every: Sequence[Counted], asked: Asked) -> Counter[int]:
    """Count what was asked for: by the figures where they tell it, else over the placements."""
    if not asked.is_part:
        return Counter({theme.pk: counts.messages for theme, counts in every})
    if asked.since or asked.until or (asked.channel and asked.language):
        return messages_by_theme(channel=asked.channel, language=asked.language, since=asked.since, until=asked.until)
    return Counter(
        {
            theme.pk: counts.channels.get(asked.channel, 0) + counts.languages.get(asked.language, 0)
            for theme, counts in every
        }
    )


def _told(shown: Sequence[Row], asked: Asked) -> int:
    whole = not asked.is_part and not asked.name
    return sum(row.counts.first_here if whole else row.messages for row in shown)


def _keeps(asked: Asked) -> Callable[[Row], bool]:
    """Tell which rows are shown: those with messages, and with the words in one of their names."""
    words = asked.name.casefold().split()

    def keeps(row: Row) -> bool:
        names = " ".join(map(str, row.theme.names.values())).casefold()
        return row.messages > 0 and all(word in names for word in words)

    return keeps


def _order(order: str) -> Callable[[Row], tuple[float, int, int]]:
    """Give the order of rows; among equals the larger theme is first, then the older one."""

    def place(row: Row) -> float:
        counts = row.counts
        match order:
            case "growth":
                return -counts.growth
            case "disagreement":
                return -counts.disagreement
            case "silence":
                return (counts.latest or _NEVER).timestamp()
            case "newest":
                return -(counts.first or _EVER).timestamp()
            case _:
                return 0.0

    return lambda row: (place(row), -row.messages, row.theme.pk)


def _with_examples(rows: Sequence[Row], language: str) -> tuple[Row, ...]:
    """Give the rows with a typical message, in the reader's language where one of the most typical is."""
    wanted = {one for row in rows for one in row.theme.central[:_EXAMPLES]}
    told = (
        Message.objects.filter(pk__in=wanted)
        .exclude(status=Message.Status.SAFETY)
        .values_list("pk", Left("text", _EXAMPLE_LENGTH), "language")
    )
    examples = {pk: Example(text, code) for pk, text, code in told}
    return tuple(replace(row, example=_example(row.theme, examples, language)) for row in rows)


def _example(theme: Theme, told: Mapping[int, Example], language: str) -> Example | None:
    typical = [told[one] for one in theme.central[:_EXAMPLES] if one in told]
    return next((one for one in typical if one.language == language), typical[0] if typical else None)

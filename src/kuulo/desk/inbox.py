"""Inbox: all messages in one stream, latest first, narrowed by filters that stand in the page's address."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, Exists, Max, Model, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Left, Length

from kuulo.desk.asked import read_day, whole_number
from kuulo.desk.background import has_background
from kuulo.desk.concern import open_concerns
from kuulo.desk.days import day_begins, day_ends
from kuulo.desk.discussions.said import elsewhere, in_discussion
from kuulo.desk.inside import is_at
from kuulo.desk.mention import mentioning
from kuulo.desk.search import matching
from kuulo.desk.storm.said import in_storm
from kuulo.desk.themes import find_theme
from kuulo.lang.grave import KINDS
from kuulo.models import Discussion, Event, Intake, Message, Placement, Source, Storm, Tag, Theme, Watch

PAGE = 50
# A list is counted so far: counting all of a million takes longer than reading a page of it.
COUNTED_TO = 1_000
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_LAST_MOMENT = (datetime(9990, 1, 1, tzinfo=UTC) - _BEGINNING) // timedelta(microseconds=1)
# So much of a text stands in a list: a message may hold ten million letters.
BEGINNING = 2_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of messages is narrowed to; "" and None let everything through.

    ``theme`` is the code of a theme or subtheme, ``source`` a source's name, ``tag`` a hashtag without its sign (its
    aliases count too). ``addressee`` is whom a message addresses as its source tells it, ``thread`` a discussion as
    its source calls it, ``watch`` the number of a watched matter, ``storm`` that of a storm, ``place`` that of a
    place, with what lies in it. ``discussion`` is the number of one that is followed, ``elsewhere`` that of one whose
    matter is talked about elsewhere. ``concern`` is the grave matter that a message may be about and nobody has
    looked at yet: one of kuulo.lang.grave.KINDS, or "any". ``background`` is a column and its value ("area=Malmi").
    ``since`` and ``until`` are days in the municipality's time, both included. ``copies`` is "folded" (a copy stays
    out where its original is in the list) or "all".
    """

    source: str = ""
    channel: str = ""
    kind: str = ""
    language: str = ""
    theme: str = ""
    status: str = ""
    intake: int | None = None
    known: int | None = None
    tag: str = ""
    since: date | None = None
    until: date | None = None
    background: str = ""
    addressee: str = ""
    thread: str = ""
    watch: int | None = None
    place: int | None = None
    storm: int | None = None
    discussion: int | None = None
    elsewhere: int | None = None
    concern: str = ""
    words: str = ""
    copies: str = "folded"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the filters of an address; what cannot be understood does not filter."""
        given = {name: query.get(name, "").replace("\0", "").strip() for name in _NAMES}
        return cls(
            **{name: given[name] for name in _TEXTS},
            intake=whole_number(given["intake"]),
            known=whole_number(given["known"]),
            watch=whole_number(given["watch"]),
            place=whole_number(given["place"]),
            storm=whole_number(given["storm"]),
            discussion=whole_number(given["discussion"]),
            elsewhere=whole_number(given["elsewhere"]),
            concern=given["concern"] if given["concern"] in CONCERNS else "",
            tag=given["tag"].lstrip("#").lower(),
            since=read_day(given["since"]),
            until=read_day(given["until"]),
            copies="all" if given["copies"] == "all" else "folded",
        )

    def on(self) -> dict[str, str]:
        """Give what is filtered by, as it stands in the address, in a fixed order."""
        values = {name: getattr(self, name) for name in _NAMES}
        return {name: str(value) for name, value in values.items() if value not in {"", None, "folded"}}

    def query(self) -> str:
        """Give the filters as the query of an address."""
        return urlencode(self.on())

    def without(self, name: str) -> Self:
        """Give the filters with one of them off."""
        return self.of({on: value for on, value in self.on().items() if on != name})

    def queryset(self, *, before: "Place | None" = None) -> QuerySet[Message]:
        """Give the messages below a place, latest first (by arrival, then by id), in an order that an index holds."""
        theme = find_theme(self.theme) if self.theme else None
        if self.theme and theme is None:
            return Message.objects.none()
        at, key = ("placements__arrived", "placements__message_id") if theme else ("arrived", "id")
        asked = self._asked() & self._within(at) & self._placed(theme) & (before.below(at, key) if before else Q())
        if self.copies == "folded":
            asked &= Q(copy_of=None) | ~self._original_listed(theme)
        return Message.objects.filter(asked).order_by(f"-{at}", f"-{key}")

    def folded_under(self, originals: Sequence[int]) -> dict[int, int]:
        """Count the copies of messages that these filters let through too: so many lines are folded."""
        if not self.on():
            return copies_of(originals)
        return _by_original(replace(self, copies="all").queryset().filter(copy_of__in=originals))

    def _asked(self, at: str = "", key: str = "pk") -> Q:
        """Say what a message must be; ``at`` and ``key`` lead to the message that is asked about."""
        plain = {
            "source__name": self.source,
            "channel": self.channel,
            "kind": self.kind,
            "language": self.language,
            "status": self.status,
            "intake": self.intake,
            "addressee": self.addressee,
        }
        asked = Q(**{at + name: value for name, value in plain.items() if value})
        asked &= ~Q(**{f"{at}status": Message.Status.SAFETY})
        if not (self.status or self.intake or self.known or self.concern):
            asked &= ~Q(**{f"{at}status__in": OUT_OF_SIGHT})
        if self.known:
            # "brought again" by a file: a list of its own, since a message keeps the file that brought it first
            again = Intake.known_messages.through.objects.filter(intake=self.known)
            asked &= Q(**{f"{key}__in": again.values("message_id")})
        if self.concern:
            asked &= Q(**{f"{key}__in": open_concerns("" if self.concern == ANY else self.concern).values("message")})
        if self.tag:
            asked &= Q(**{f"{key}__in": tagged(self.tag)})
        if self.place:
            asked &= is_at(self.place, key)
        for held in self._held_in():
            asked &= Q(**{f"{key}__in": held.order_by().values("pk")})
        if self.thread:
            asked &= Q(**{f"{key}__in": _in_thread(self.source, self.thread)})
        if self.background:
            column, _, value = self.background.partition("=")
            asked &= has_background(column, value, at=at)
        return asked & matching(self.words, key) if self.words else asked

    def _held_in(self) -> Iterator[QuerySet[Message]]:
        """Give the messages of the watch, the storm and the discussions that are asked for."""
        asked: tuple[tuple[int | None, type[Model], Callable[[Any], QuerySet[Message]]], ...] = (
            (self.watch, Watch, mentioning),
            (self.storm, Storm, in_storm),
            (self.discussion, Discussion, in_discussion),
            (self.elsewhere, Discussion, elsewhere),
        )
        for number, model, messages in asked:
            if number:
                one = model._default_manager.filter(pk=number).first()
                yield messages(one) if one else Message.objects.none()

    def _within(self, at: str) -> Q:
        """Say when a message must have arrived."""
        first = Q(**{f"{at}__gte": day_begins(self.since)}) if self.since else Q()
        return first & Q(**{f"{at}__lt": day_ends(self.until)}) if self.until else first

    def _placed(self, theme: Theme | None) -> Q:
        return Q(**{f"placements__{name}": value for name, value in self._place_in(theme).items()})

    def _original_listed(self, theme: Theme | None) -> Q:
        """Say that the original of a copy is in this list too."""
        original = Q(copy_of__isnull=False) & self._asked("copy_of__", "copy_of") & self._within("copy_of__arrived")
        if theme is None:
            return original
        there = Placement.objects.filter(message=OuterRef("copy_of"), theme=theme.parent_id or theme.pk)
        return original & Q(Exists(there.filter(**self._place_in(theme))))

    def _place_in(self, theme: Theme | None) -> dict[str, Any]:
        """Say where a message must stand; the uncertain ones of a theme are listed only where they are asked for."""
        if theme is None:
            return {}
        side = "subtheme" if theme.parent_id else "theme"
        # written so that SQLite compares with a value, which its index needs
        return {side: theme.pk, "counted__in": [self.status != Message.Status.UNCERTAIN]}


_DISTINCT = """
WITH RECURSIVE seen(value) AS (
    SELECT MIN({column}) FROM kuulo_message
    UNION ALL
    SELECT (SELECT MIN({column}) FROM kuulo_message WHERE {column} > seen.value)
    FROM seen WHERE seen.value IS NOT NULL
)
SELECT value FROM seen WHERE value IS NOT NULL LIMIT %s
"""
ANY = "any"
CONCERNS = (ANY, *KINDS)
# listed only where they are asked for, as what may be grave is, and in the ledger of their file
OUT_OF_SIGHT = [Message.Status.ASIDE, Message.Status.GONE]
_HEAVY = ("centroid", "figures", "keyphrases", "central", "named_by_person")
_NAMES = tuple(field.name for field in fields(Filters))
_TEXTS = ("source", "channel", "kind", "language", "theme", "status", "background", "addressee", "thread", "words")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list: its messages, how many copies each has, and where the earlier ones begin.

    ``total`` counts the whole list up to one more than COUNTED_TO, on its first page; else it is None.
    """

    messages: list[Message]
    copies: dict[int, int]
    earlier: "Place | None"
    total: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: just below a message that arrived then and has this id."""

    arrived: datetime
    last: int

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read a place of an address; None for what is no place, which begins at the top."""
        told = re.fullmatch(r"([0-9]{1,18})-([0-9]{1,18})", text)
        if told is None or int(told[1]) > _LAST_MOMENT:
            return None
        return cls(_BEGINNING + timedelta(microseconds=int(told[1])), int(told[2]))

    def __str__(self) -> str:
        return f"{(self.arrived - _BEGINNING) // timedelta(microseconds=1)}-{self.last}"

    def below(self, at: str, key: str) -> Q:
        """Say what stands below; the first half is what an index can begin at."""
        return Q(**{f"{at}__lte": self.arrived}) & (Q(**{f"{at}__lt": self.arrived}) | Q(**{f"{key}__lt": self.last}))


def page(filters: Filters, *, before: Place | None = None, size: int = PAGE, whole: bool = False) -> Page:
    """Give one page of the list, from the top or below a place; ``whole`` reads the whole texts."""
    listed = filters.queryset(before=before).values_list("pk", flat=True)
    ids = [*listed[: (size if before else max(size, COUNTED_TO)) + 1]]
    shown = in_order(ids[:size], whole=whole)
    earlier = Place(shown[-1].arrived, shown[-1].pk) if ids[size:] else None
    copies = filters.folded_under(ids[:size]) if filters.copies == "folded" else {}
    return Page(shown, copies, earlier, None if before else len(ids))


def in_order(ids: Sequence[int], *, whole: bool = False) -> list[Message]:
    """Give messages as lists show them, in the order of their ids; ``whole`` reads the whole texts."""
    found = {message.pk: message for message in readable(Message.objects.filter(pk__in=ids), whole=whole)}
    return [found[pk] for pk in ids if pk in found]


def copies_of(originals: Sequence[int]) -> dict[int, int]:
    """Count the copies of messages, by an index alone."""
    return _by_original(Message.objects.filter(copy_of__in=originals))


def _by_original(copies: QuerySet[Message]) -> dict[int, int]:
    counted = copies.order_by().values("copy_of").annotate(n=Count("id"))
    return {original: n for original, n in counted.values_list("copy_of", "n") if original}


def every(filters: Filters, *, at_once: int = 500) -> Iterator[tuple[Message, int]]:
    """Give all messages of the list with how many copies each has where they are folded, in short reads."""
    now = page(filters, size=at_once, whole=True)
    while True:
        for message in now.messages:
            yield message, now.copies.get(message.pk, 0)
        if not now.earlier:
            return
        now = page(filters, before=now.earlier, size=at_once, whole=True)


def distinct(column: str, *, most: int = 100) -> list[str]:
    """Give the different values of "channel", "language" or "addressee", by their index: a look for each value."""
    with connection.cursor() as cursor:
        cursor.execute(_DISTINCT.format(column=connection.ops.quote_name(column)), [most])
        return [value for (value,) in cursor.fetchall() if value]


def news_mark(filters: Filters) -> str:
    """Give a mark that changes whenever the list may have changed: cheap, at most too eager."""
    waiting = Message.objects.filter(status=Message.Status.NEW)[:COUNTED_TO].count()
    latest = (newest(), Event.objects.aggregate(last=Max("pk"))["last"] or 0, waiting)
    return hashlib.sha256(f"{latest} {filters.query()}".encode()).hexdigest()[:32]


def newest() -> int:
    """Give the number of the message that came in last, 0 where there is none."""
    return Message.objects.aggregate(last=Max("pk"))["last"] or 0


def news(filters: Filters, *, since: int, most: int = 1_000) -> int:
    """Count the entries of the list that came in after a message with a number, up to one more than ``most``."""
    return filters.queryset().filter(pk__gt=since).order_by()[: most + 1].count()


def main_placement(message: Message) -> Placement | None:
    """Give where a message of a page stands first, without asking the database."""
    return next(iter(message.placements.all()), None)


def tagged(name: str) -> QuerySet[Message]:
    """Give the ids of the messages with a hashtag or one of those that mean the same."""
    written = Tag.objects.filter(name=name).values_list("pk", "alias_of").first()
    head = written and (written[1] or written[0])
    same = Tag.objects.filter(Q(pk=head) | Q(alias_of=head)).values_list("pk", flat=True) if head else ()
    return Message.tags.through.objects.filter(tag__in=[*same]).values("message_id")  # type: ignore[return-value]


def _in_thread(source: str, thread: str) -> QuerySet[Message]:
    """Give the ids of a discussion's messages, by its index where the source is named too."""
    of_source = {"source__in": Source.objects.filter(name=source).values("pk")} if source else {}
    return with_text(Message.objects.filter(thread=thread, **of_source).order_by(), "thread").values("pk")  # type: ignore[return-value]


def with_text(found: QuerySet[Message], column: str) -> QuerySet[Message]:
    """Leave out messages without a value in a column, in words by which SQLite knows the index of the others."""
    name = connection.ops.quote_name(column)
    return found.extra(where=[f"NOT ({connection.ops.quote_name('kuulo_message')}.{name} = '')"])  # noqa: S610


def readable(found: QuerySet[Message], *, whole: bool = False) -> QuerySet[Message]:
    """Read what a list shows of messages: ``beginning`` is the first part of the text, ``whole`` reads all of it.

    What is on the path of safety is in no list.
    """
    main = Placement.objects.filter(main=True).select_related("theme", "subtheme")
    light = main.defer("why", *(f"{side}__{part}" for side in ("theme", "subtheme") for part in _HEAVY))
    unread = ("vector", "search_text", "background", "evidence", *(() if whole else ("text",)))
    shown = found.exclude(status=Message.Status.SAFETY).annotate(
        beginning=Left("text", BEGINNING), length=Length("text")
    )
    return shown.select_related("source").defer(*unread).prefetch_related(Prefetch("placements", light))

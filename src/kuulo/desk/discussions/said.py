"""Said: the messages of a discussion, and how it went by them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from kuulo.desk.days import day_begins, day_ends, local_day
from kuulo.desk.inside import is_at
from kuulo.desk.themes import followed
from kuulo.group.quiet import Course
from kuulo.models import Discussion, Message, Placement

# So many messages of a discussion are looked at, the first.
MOST = 10_000
_ELSEWHERE = timedelta(days=90)
_NOWHERE = (Message.Status.ASIDE, Message.Status.GONE, Message.Status.SAFETY)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was heard: messages, people that are known apart, messages of others, and new voices by day."""

    messages: int
    people: int
    unknown: int
    voices: dict[int, int]
    is_cut: bool = False

    def as_json(self) -> dict[str, object]:
        """Give them as a discussion keeps them."""
        told = {"messages": self.messages, "people": self.people, "unknown": self.unknown}
        return told | {"voices": {str(day): n for day, n in self.voices.items()}, "is_cut": self.is_cut}


def in_discussion(discussion: Discussion) -> QuerySet[Message]:
    """Give what residents said in a discussion."""
    asked = ~Q(status__in=_NOWHERE) & ~Q(actor="official")
    # where a source told no opening day, its thread may be older than the day on which it was first heard of
    if discussion.opened_known or not discussion.thread:
        asked &= Q(arrived__gte=day_begins(discussion.opened))
    if discussion.closes:
        asked &= Q(arrived__lt=day_ends(discussion.closes))
    if discussion.source_id:
        asked &= Q(source=discussion.source_id)
    if discussion.thread:
        asked &= Q(thread=discussion.thread)
    if discussion.theme:
        asked &= Q(pk__in=_placed(discussion).values("message"))
    if discussion.place_id:
        asked &= is_at(discussion.place_id, "pk")
    return Message.objects.filter(asked)


def _placed(discussion: Discussion) -> QuerySet[Placement]:
    assert discussion.theme is not None
    theme = followed(discussion.theme)
    side = "subtheme" if theme.parent_id else "theme"
    within = Placement.objects.filter(arrived__gte=day_begins(discussion.opened), counted=True)
    return within.filter(**{side: theme.pk})


def figures_of(discussion: Discussion) -> Figures:
    """Count what was said in a discussion, by its first messages."""
    rows = in_discussion(discussion).order_by("arrived", "pk").values_list("pk", "author", "copy_of", "arrived")
    found = list(rows[: MOST + 1])
    first = discussion.opened
    voices, people, unknown = _voices(found[:MOST], first)
    return Figures(len(found[:MOST]), people, unknown, voices, is_cut=len(found) > MOST)


def _voices(
    rows: Iterable[tuple[int, int | None, int | None, datetime]], opened: date
) -> tuple[dict[int, int], int, int]:
    """Count new voices by day, people and messages of unknown writers.

    Where the source names no writer, each different text counts as one more: nobody can tell them apart.
    """
    seen: set[tuple[str, int]] = set()
    days: Counter[int] = Counter()
    unknown = 0
    for pk, author, copy_of, arrived in rows:
        unknown += author is None
        voice = ("author", author) if author else ("text", copy_of or pk)
        if voice not in seen:
            seen.add(voice)
            days[(local_day(arrived) - opened).days] += 1
    return dict(days), sum(kind == "author" for kind, _ in seen), unknown


def course_of(discussion: Discussion, *, today: date | None = None) -> Course:
    """Give how a discussion went, by its figures as they were counted last."""
    now = today or timezone.localdate()
    voices = {int(day): n for day, n in discussion.figures.get("voices", {}).items()}
    last = min(now, discussion.closes + timedelta(days=1)) if discussion.closes else now
    return Course((last - discussion.opened).days, voices, over=bool(discussion.closes and discussion.closes < now))


def elsewhere(discussion: Discussion) -> QuerySet[Message]:
    """Give what was said on a discussion's matter in the last 90 days, but not in it."""
    through = Discussion.elsewhere.through.objects.filter(discussion=discussion.pk)
    recent = Message.objects.filter(arrived__gte=elsewhere_since(), pk__in=through.values("message_id"))
    apart = recent.exclude(pk__in=in_discussion(discussion).values("pk"))
    return apart.exclude(status__in=_NOWHERE).exclude(actor="official")


def elsewhere_since() -> datetime:
    """Give the moment from which on what is said elsewhere counts."""
    return day_begins(timezone.localdate() - _ELSEWHERE)

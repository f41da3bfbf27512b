"""Where: who was heard in a discussion, and where else people talk about its matter."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from kuulo.desk.discussions.said import elsewhere, in_discussion
from kuulo.desk.inside import around, outwards
from kuulo.models import Discussion, Message, Place, Placement, Source, Theme, Whereabouts
from kuulo.place.gazetteer import AREA_KINDS

Key = TypeVar("Key")
_SHOWN = 12
# A matter that is talked about more than this elsewhere is looked at by its latest messages, to tell the areas.
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Both:
    """How many messages of something there are in the discussion, and elsewhere on its matter."""

    here: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Found:
    """Where people talk about a matter, most first; ``silent`` are places of residents that Kuulo does not hear."""

    messages: int
    sources: Sequence[tuple[str, int]]
    themes: Sequence[tuple[Theme, int]]
    languages: Mapping[str, Both]
    areas: Sequence[tuple[Place, Both]]
    silent: Sequence[Source]


def where(discussion: Discussion) -> Found:
    """Tell who was heard, and where else a discussion's matter was talked about in the last 90 days."""
    here, there = in_discussion(discussion), elsewhere(discussion)
    sources, languages = _counted(there)
    return Found(
        messages=sources.total(),
        sources=sorted(sources.items(), key=lambda one: (-one[1], one[0]))[:_SHOWN],
        themes=_themes(there),
        languages=_both(_counted(here)[1], languages),
        areas=_areas(here, there, discussion.place),
        silent=_silent(),
    )


def _themes(there: QuerySet[Message]) -> list[tuple[Theme, int]]:
    placed = Placement.objects.filter(message__in=there.values("pk"), counted=True, theme__state=Theme.State.LIVE)
    counts = placed.order_by().values("theme").annotate(n=Count("message")).order_by("-n", "theme")
    told = list(counts.values_list("theme", "n")[:_SHOWN])
    found = Theme.objects.only("code", "names").in_bulk([theme for theme, _ in told])
    return [(found[theme], n) for theme, n in told]


def _counted(messages: QuerySet[Message]) -> tuple[Counter[str], Counter[str]]:
    """Count messages by their source and by their language, in one pass."""
    sources, languages = Counter[str](), Counter[str]()
    counts = messages.order_by().values("source__name", "language").annotate(n=Count("pk"))
    for source, language, n in counts.values_list("source__name", "language", "n"):
        sources[source] += n
        languages[language] += n
    return sources, languages


def _areas(here: QuerySet[Message], there: QuerySet[Message], own: Place | None) -> list[tuple[Place, Both]]:
    """Count messages by district and the like, with what lies in it; the matter's own area stands first."""
    first = {own.pk: 0} if own else {}
    counts = _both(first | _by_area(here), _by_area(there))
    kinds = set(AREA_KINDS) - {"municipality"}
    found = Place.objects.filter(kind__in=kinds, pk__in=counts).only("code", "names", "kind").in_bulk()
    if own:
        found[own.pk] = own
    order = sorted(found, key=lambda pk: (pk not in first, -counts[pk].elsewhere - counts[pk].here, pk))
    return [(found[pk], counts[pk]) for pk in order[:_SHOWN]]


def _by_area(messages: QuerySet[Message]) -> dict[int, int]:
    latest = messages.order_by("-arrived", "-pk").values("pk")[:_MOST]
    rows = list(Whereabouts.objects.filter(message__in=latest).values_list("message", "place"))
    parents = around({place for _, place in rows})
    held: defaultdict[int, set[int]] = defaultdict(set)
    for message, place in rows:
        for outer in outwards(place, parents):
            held[outer].add(message)
    return {place: len(some) for place, some in held.items()}


def _both(here: Mapping[Key, int], there: Mapping[Key, int]) -> dict[Key, Both]:
    total = Counter(here) + Counter(there)
    order = [*(key for key, _ in total.most_common()), *(key for key in here if key not in total)]
    return {key: Both(here.get(key, 0), there.get(key, 0)) for key in order}


def _silent() -> list[Source]:
    """Give the places of residents, associations and media that are only known of, the most followed first."""
    theirs = [Source.RunBy.RESIDENTS, Source.RunBy.ASSOCIATION, Source.RunBy.MEDIA]
    known = Source.objects.filter(run_by__in=theirs, connection=None)
    known = known.exclude(Exists(Message.objects.filter(source=OuterRef("pk"))))
    return list(known.order_by(F("followers").desc(nulls_last=True), "name")[:_SHOWN])

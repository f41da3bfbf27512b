"""Card: the facts for the first ten minutes of one storm, out of the rows. Its queries do not grow with it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count

from kuulo.desk.inside import with_what_is_around
from kuulo.desk.storm.answered import Answer, answered_at, earlier_answers
from kuulo.desk.storm.growth import Growth, growth
from kuulo.desk.storm.rate import Measured, measured
from kuulo.desk.storm.said import Heard, Said, heard, in_storm, texts_of
from kuulo.desk.storm.telling_words import telling_words
from kuulo.desk.storm.voices import Voices, voices
from kuulo.models import Message, Place, Storm, Theme, Whereabouts

_LINK = re.compile(r"https?://[^\s<>\"']+")
_LOUDEST = 3
# From so many messages on, the share of the loudest says something.
_ENOUGH, _LOUD_SHARE = 6, 0.5
_PLACES = 6
# below this share a language is one that was taken for another as often as not
_HARDLY_ANY = 0.01
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class People:
    """Who writes: ``messages`` of ``people``, ``unknown`` of nobody known, the share of the three ``loudest``."""

    messages: int
    people: int
    unknown: int
    loudest: float

    @property
    def few_are_loud(self) -> bool:
        """Tell whether three people wrote half of it or more."""
        return self.messages >= _ENOUGH and self.loudest >= _LOUD_SHARE


@dataclass(frozen=True, slots=True)
class Trigger:
    """What may have set it off: the first message, the link in most messages, the discussion that most are in.

    ``discussion`` is its source and what that calls it; ``post`` the message that most reply to.
    """

    first: Message | None
    link: str
    linked: int
    discussion: tuple[str, str]
    discussed: int
    post: Message | None
    replies: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """All that a card shows beside the storm's own row; counts are by value, the largest first."""

    heard: Heard
    growth: Growth
    people: People
    kinds: Mapping[str, int]
    channels: Mapping[str, int]
    languages: Mapping[str, int]
    places: Sequence[tuple[Place, int]]
    words: Sequence[str]
    voices: Voices
    trigger: Trigger
    answered: datetime | None
    earlier: Sequence[Answer]
    alike: Measured


def card_of(storm: Storm) -> Card:
    """Draw up a storm's card as it is now, or as it ended."""
    told = heard(storm)
    said = told.residents
    return Card(
        heard=told,
        growth=growth(storm),
        people=people_of(said),
        kinds=_counted(one.kind for one in said),
        channels=_counted(one.channel for one in said),
        languages=_counted(one.language for one in said),
        places=_places(storm),
        words=telling_words(storm, said),
        voices=voices(said),
        trigger=_trigger(storm, said),
        answered=answered_at(storm),
        earlier=earlier_answers(storm),
        alike=measured(level=storm.level, but=storm),
    )


def languages_of_desk() -> list[str]:
    """Give the languages of the desk's messages, most first, without those of which there is hardly any."""
    figures = Theme.objects.filter(parent=None, state=Theme.State.LIVE).values_list("figures__languages", flat=True)
    counts: Counter[str] = Counter()
    for told in figures:
        counts.update(told or {})
    return [one for one, n in counts.most_common() if n >= _HARDLY_ANY * counts.total()]


def people_of(said: Sequence[Said]) -> People:
    """Tell whether many people write or a few loud ones."""
    by = Counter(one.author for one in said if one.author)
    loudest = sum(n for _, n in by.most_common(_LOUDEST))
    unknown = len(said) - by.total()
    return People(len(said), len(by), unknown, loudest / len(said) if said else 0.0)


def _counted(values: Iterable[str]) -> Mapping[str, int]:
    return dict(Counter(values).most_common())


def _places(storm: Storm) -> list[tuple[Place, int]]:
    """Give the places that most residents speak of, with all messages about them and about what lies in them."""
    told = Whereabouts.objects.filter(message__in=in_storm(storm).values("pk")).order_by()
    named = told.exclude(message__actor="official").values("place").annotate(n=Count("pk")).order_by("-n", "place")
    most = [*named.values_list("place", flat=True)[:_PLACES]]
    counts = with_what_is_around(told.values_list("message", "place")) if most else {}
    known = Place.objects.defer("area", "outline", "figures", "search").in_bulk(most)
    return sorted(((known[place], counts[place]) for place in most if place in counts), key=lambda one: -one[1])


def _trigger(storm: Storm, said: Sequence[Said]) -> Trigger:
    links = Counter(link for one in said for link in {found.rstrip(".,;:!?)") for found in _LINK.findall(one.text)})
    threads = Counter((one.source, one.thread) for one in said if one.thread)
    parents = Counter(one.parent for one in said if one.parent)
    link, linked = _most(links, "")
    discussion, discussed = _most(threads, ("", ""))
    post, replies = _most(parents, 0)
    first = storm.first_message_id or (said[-1].pk if said else 0)
    texts = texts_of({first, post} - {0})
    return Trigger(texts.get(first), link, linked, discussion, discussed, texts.get(post), replies)


def _most(counts: Counter[Value], none: Value) -> tuple[Value, int]:
    """Give the value that more than one has and most do."""
    found = counts.most_common(1)
    return found[0] if found and found[0][1] > 1 else (none, 0)

"""Who wrote, as far as the file tells, so that a reader can ask who is missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kuulo.group.result import Grouping
from kuulo.message import Message
from kuulo.report.facets import Facet
from kuulo.report.words import Speech

_TENTH = 10
_FEWEST = 20


@dataclass(frozen=True, slots=True)
class SenderRow:
    """One value of a facet (-1: not told), how many messages have it, and their share in whole per cent."""

    label: str
    value: int
    count: int
    share: int


@dataclass(frozen=True, slots=True)
class SenderFacet:
    """A facet that tells of senders; ``number`` is its place among the facets."""

    name: str
    number: int
    rows: tuple[SenderRow, ...]


@dataclass(frozen=True, slots=True)
class Senders:
    """``people`` wrote ``with_author`` messages.

    The tenth of them who wrote most sent ``most`` per cent; 0 where they are too few for a tenth to mean anything.
    """

    people: int
    with_author: int
    most: int
    facets: tuple[SenderFacet, ...]


def count_senders(
    messages: Sequence[Message], grouping: Grouping, facets: Sequence[Facet], speech: Speech
) -> Senders:
    """Count messages that have a text by what the file tells of their senders."""
    shown = [at for at, place in enumerate(grouping.placements) if place.theme]
    told = [(number, facet) for number, facet in enumerate(facets) if facet.tells_sender]
    authors = Counter(messages[at].author for at in shown if messages[at].author)
    busiest = sum(count for _, count in authors.most_common(len(authors) // _TENTH))
    return Senders(
        people=len(authors),
        with_author=authors.total(),
        most=_percent(busiest, authors.total()) if len(authors) >= _FEWEST else 0,
        facets=tuple(_facet(number, facet, shown, speech) for number, facet in told),
    )


def _facet(number: int, facet: Facet, shown: Sequence[int], speech: Speech) -> SenderFacet:
    counts = Counter(facet.of[at] for at in shown)
    labels = dict(enumerate(facet.values)) | {-1: speech.say("senders.untold")}
    rows = tuple(
        SenderRow(labels[value], value, counts[value], _percent(counts[value], len(shown)))
        for value in (*range(len(facet.values)), -1)
        if counts[value]
    )
    return SenderFacet(facet.name, number, rows)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0

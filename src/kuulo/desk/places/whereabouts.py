"""Whereabouts: write where messages are about, as they are settled and again when other places stand.

The looking is done before the transaction, and is right still in it: places that were taken in and texts that were
changed meanwhile are looked at again there. What a person said stays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kuulo.desk.places.standing import Mark, mark
from kuulo.models import Message, NotHere, Whereabouts

if TYPE_CHECKING:
    from kuulo.desk.places.finder import Finder, Spot

By = Whereabouts.By
# messages that stand somewhere; others have no places
STANDING = (Message.Status.GROUPED, Message.Status.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in messages: with which places, and in which version of each text."""

    mark: Mark
    spots: Mapping[int, Sequence["Spot"]]
    edited: Mapping[int, datetime | None]


def look(messages: Collection[int]) -> Looked:
    """Look messages through for places."""
    stands = mark()
    if not stands[0] or not messages:
        return Looked(stands, {}, {})
    from kuulo.desk.places.finder import finder  # noqa: PLC0415 - shapes and word tables, which no page needs

    found = finder()
    rows = Message.objects.filter(pk__in=messages).select_related("source").only(*_READ)
    spots = {row.pk: _spots(found, row) for row in rows}
    return Looked(found.mark, spots, {row.pk: row.edited for row in rows})


_READ = ("text", "language", "latitude", "longitude", "background", "edited", "source__home")


def _spots(found: "Finder", row: Message) -> list["Spot"]:
    placed = row.latitude is not None and row.longitude is not None
    return found.spots(
        row.text,
        language="" if row.language == "und" else row.language,
        coordinates=(row.latitude, row.longitude) if placed else None,  # type: ignore[arg-type]
        background=row.background,
        home=row.source.home_id,
    )


def keep(looked: Looked, messages: Mapping[int, datetime]) -> None:
    """Write what was found in messages, given by when they arrived. Call it within a transaction."""
    if mark() != looked.mark:
        looked = look(messages)
    if not looked.spots:
        return
    edited = dict(Message.objects.filter(pk__in=messages).values_list("pk", "edited"))
    changed = [pk for pk, moment in edited.items() if looked.edited.get(pk) != moment or pk not in looked.spots]
    spots = {pk: looked.spots[pk] for pk in edited.keys() - changed} | dict(look(changed).spots)
    _write(spots, messages)


def _write(spots: Mapping[int, Sequence["Spot"]], arrived: Mapping[int, datetime]) -> None:
    """Let these be the only places that a machine found for the messages, but for places that are gone."""
    never = set(NotHere.objects.filter(message__in=spots).values_list("message", "place"))
    wanted: dict[tuple[int, int], Spot] = {
        (pk, spot.place): spot for pk, some in spots.items() for spot in some if (pk, spot.place) not in never
    }
    over = []
    for row in Whereabouts.objects.filter(message__in=spots).select_related("place").only(*_HELD):
        stands = wanted.get((row.message_id, row.place_id))
        if row.by == By.PERSON or (stands is None and row.place.gone) or (stands and _same(row, stands)):
            wanted.pop((row.message_id, row.place_id), None)
        else:
            over.append(row.pk)
    Whereabouts.objects.filter(pk__in=over).delete()
    Whereabouts.objects.bulk_create(_row(pk, spot, arrived[pk]) for (pk, _), spot in wanted.items())


_HELD = ("message", "place", "place__gone", "by", "start", "end", "sure", "why")


def _same(row: Whereabouts, spot: "Spot") -> bool:
    told = (row.by, row.start, row.end, row.sure, row.why)
    return told == (spot.by, spot.start, spot.end, spot.sure, dict(spot.why))


def _row(message: int, spot: "Spot", arrived: datetime) -> Whereabouts:
    return Whereabouts(
        message_id=message,
        place_id=spot.place,
        by=spot.by,
        start=spot.start,
        end=spot.end,
        sure=spot.sure,
        why=dict(spot.why),
        arrived=arrived,
    )


def blank(messages: Iterable[int]) -> None:
    """Take the words of messages out of the reasons of their places; the places stay. Within a transaction."""
    rows = list(Whereabouts.objects.filter(message__in=messages))
    for row in rows:
        row.start = row.end = None
        row.why = {name: told for name, told in row.why.items() if name in {"reason", "times", "among"}}
    Whereabouts.objects.bulk_update(rows, ["start", "end", "why"], batch_size=200)


def forget_text(message: int) -> None:
    """Let go of what was found in a text that its writer changed. Within a transaction."""
    Whereabouts.objects.filter(message=message, by=By.TEXT).delete()


def remove(messages: Collection[int]) -> None:
    """Let messages be about no place. Within a transaction."""
    Whereabouts.objects.filter(message__in=messages).delete()
    NotHere.objects.filter(message__in=messages).delete()


def by_message(messages: Collection[int]) -> Mapping[int, list[Whereabouts]]:
    """Give the whereabouts of messages, the surest first, with their places."""
    found: defaultdict[int, list[Whereabouts]] = defaultdict(list)
    rows = Whereabouts.objects.filter(message__in=messages).select_related("place").order_by("-sure", "pk")
    for row in rows.defer("place__area", "place__outline", "place__figures", "place__search"):
        found[row.message_id].append(row)
    return found

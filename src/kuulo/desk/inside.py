"""Inside: a place and all that lies in it, as the database finds them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import RawSQL

from kuulo.models import Place, Whereabouts

_INSIDE = """
WITH RECURSIVE inside(id) AS (
    SELECT CAST(%s AS bigint) UNION SELECT p.id FROM kuulo_place AS p JOIN inside ON p.parent_id = inside.id
) SELECT inside.id FROM inside
"""
_AROUND = """
WITH RECURSIVE around(id, parent) AS (
    SELECT id, parent_id FROM kuulo_place WHERE id IN ({marks})
    UNION SELECT p.id, p.parent_id FROM kuulo_place AS p JOIN around ON p.id = around.parent
) SELECT id, parent FROM around
"""
_AT_ONCE = 10_000
MANY = 5_000


def messages_at(place: int) -> RawSQL:
    """Give the ids of the messages about a place or what lies in it, to ask for with ``__in``."""
    return RawSQL(f"SELECT w.message_id FROM kuulo_whereabouts AS w WHERE w.place_id IN ({_INSIDE})", [place])  # noqa: S608, S611


def is_at(place: int, message: str) -> Q:
    """Say that a message is about a place or what lies in it; ``message`` leads to the message that is asked about.

    Of a place that much is said of, a page is found sooner by looking at the latest messages one by one.
    """
    if Place.objects.filter(pk=place, messages__gt=MANY).exists():
        return each_at(place, message)
    return Q(**{f"{message}__in": messages_at(place)})


def each_at(place: int, message: str) -> Q:
    """Say the same for messages that are looked at one by one, since something else has narrowed them."""
    # a sum is no index's: SQLite would try each place inside for each message, where a message has two or three
    here = Whereabouts.objects.filter(message=OuterRef(message)).alias(at=F("place") + 0)
    return Q(Exists(here.filter(at__in=RawSQL(_INSIDE, [place]))))  # noqa: S611


def around(places: Iterable[int]) -> dict[int, int | None]:
    """Give the parents of places, and of these, and so on: each place by its number."""
    wanted, found = list(places), dict[int, int | None]()
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            cursor.execute(_AROUND.format(marks=", ".join(["%s"] * len(some))), some)
            found.update(cursor.fetchall())
    return found


def outwards(place: int, parents: Mapping[int, int | None]) -> list[int]:
    """Give a place and those around it, the nearest first; one that leads in a circle is left at the second sight."""
    found: list[int] = []
    here: int | None = place
    while here is not None and here not in found:
        found.append(here)
        here = parents.get(here)
    return found


def all_parents() -> dict[int, int | None]:
    """Give the parent of every place that has one."""
    return dict(Place.objects.filter(parent__isnull=False).values_list("pk", "parent"))


def with_what_is_around(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Count messages, given with a place that each is about, for each place and the areas around it."""
    held: defaultdict[int, set[int]] = defaultdict(set)
    for message, place in pairs:
        held[place].add(message)
    parents = around(held)
    whole: defaultdict[int, set[int]] = defaultdict(set)
    for place, messages in held.items():
        for outer in outwards(place, parents):
            whole[outer] |= messages
    return {place: len(messages) for place, messages in whole.items()}

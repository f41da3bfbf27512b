"""Standing: take messages out of themes and put them into others, many at once, and keep how they stood.

A message keeps exactly one main placement as long as it has any. Rows are kept by message and theme, not by the
number of the row: what is put back is a new row that tells the same.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from kuulo.desk.rules import merged_into
from kuulo.models import Correction, Message, Placement, Theme


@dataclass(frozen=True, slots=True)
class Stand:
    """One placement as it is kept in ``Correction.before``: ids and plain values."""

    message: int
    theme: int
    subtheme: int | None
    main: bool
    counted: bool
    fit: float
    by: str
    why: dict[str, Any]

    @property
    def ordered_by(self) -> int | None:
        """Give the id of the correction that put the message here, if one did."""
        return self.why.get("correction")

    def moved(self, correction: Correction, theme: Theme, subtheme: Theme | None = None) -> "Stand":
        """Give the same message as a person's correction places it."""
        part = subtheme.pk if subtheme else None
        why = {"correction": correction.pk}
        return Stand(self.message, theme.pk, part, self.main, True, 1.0, Placement.By.PERSON, why)


def stands(placements: QuerySet[Placement]) -> list[Stand]:
    """Give placements as they are kept, by message."""
    columns = ("message", "theme", "subtheme", "main", "counted", "fit", "by", "why")
    return [Stand(*row) for row in placements.order_by("message", "theme").values_list(*columns)]


def kept(rows: Iterable[Stand]) -> list[list[Any]]:
    """Give rows for ``Correction.before``."""
    return [list(astuple(row)) for row in rows]


def family(message: Message) -> list[int]:
    """Give the ids of a message and of all its near-copies."""
    head = message.copy_of_id or message.pk
    return list(Message.objects.filter(Q(pk=head) | Q(copy_of=head)).order_by("pk").values_list("pk", flat=True))


def among(ids: Iterable[int]) -> RawSQL:
    """Give ids, however many, as one parameter of a query: ``filter(message__in=among(ids))``."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT jsonb_array_elements_text(%s::jsonb)::bigint", [json.dumps(list(ids))])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


def take_out(rows: Iterable[Stand]) -> None:
    """Remove placements, told by message and theme."""
    by_theme: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_theme[row.theme].append(row.message)
    for theme, messages in by_theme.items():
        Placement.objects.filter(theme=theme, message__in=among(messages)).delete()


def put_in(rows: Sequence[Stand]) -> None:
    """Add placements; where one is the main one, the message's others are no longer.

    A theme that was merged meanwhile leads on, a message that stands there already stays as it stands, and a
    subtheme that belongs elsewhere by now is left out. A message that is gone, or waits to be placed anew since its
    writer changed it, is put nowhere.
    """
    homes = _Homes()
    standing = set(placed(row.message for row in rows).values_list("pk", flat=True))
    led = [homes.led_on(row) for row in rows if row.message in standing]
    messages = among({row.message for row in led})
    there = set(Placement.objects.filter(message__in=messages).values_list("message", "theme"))
    fresh = {(row.message, row.theme): row for row in led if (row.message, row.theme) not in there}.values()
    mains = among(row.message for row in fresh if row.main)
    Placement.objects.filter(message__in=mains, main=True).update(main=False)
    arrived = dict(Message.objects.filter(pk__in=messages).values_list("pk", "arrived"))
    Placement.objects.bulk_create([_placement(row, arrived[row.message]) for row in fresh], batch_size=500)


def placed(messages: Iterable[int]) -> QuerySet[Message]:
    """Give those of the messages that have a place, be it an uncertain one."""
    return Message.objects.filter(
        pk__in=among(set(messages)), status__in=[Message.Status.GROUPED, Message.Status.UNCERTAIN]
    )


def _placement(row: Stand, arrived: datetime) -> Placement:
    return Placement(
        message_id=row.message,
        theme_id=row.theme,
        subtheme_id=row.subtheme,
        main=row.main,
        counted=row.counted,
        fit=row.fit,
        by=row.by,
        why=row.why,
        arrived=arrived,
    )


class _Homes:
    """Where themes lead to by now, and which subthemes are whose."""

    def __init__(self) -> None:
        self._into = merged_into()
        self._parents = dict(Theme.objects.exclude(parent=None).values_list("pk", "parent"))

    def led_on(self, row: Stand) -> Stand:
        """Give a row with its theme and subtheme as they are now."""
        theme = self._into.get(row.theme, row.theme)
        part = self._into.get(row.subtheme, row.subtheme) if row.subtheme else None
        return replace(row, theme=theme, subtheme=part if part and self._parents.get(part) == theme else None)


def settle(messages: Iterable[int]) -> None:
    """Let the best of what is left be the main placement where a message has none."""
    ours = Placement.objects.filter(message__in=among(messages))
    mains = Placement.objects.filter(main=True, message=OuterRef("message"))
    left = ours.filter(~Exists(mains)).order_by("counted", "fit", "-pk")
    best = dict(left.values_list("message", "pk"))
    Placement.objects.filter(pk__in=among(best.values())).update(main=True)


def count_in(messages: Iterable[int]) -> list[list[Any]]:
    """Let uncertain messages be grouped ones; give how those that changed stood: id, status, reason."""
    unsure = Message.objects.filter(pk__in=among(messages), status=Message.Status.UNCERTAIN)
    before = [list(row) for row in unsure.order_by("pk").values_list("pk", "status", "reason")]
    unsure.update(status=Message.Status.GROUPED, reason="")
    return before


def settle_statuses(messages: Iterable[int]) -> None:
    """Let messages be grouped where a placement counts, and uncertain where none does."""
    placed = Message.objects.filter(pk__in=among(messages))
    counts = Exists(Placement.objects.filter(message=OuterRef("pk"), counted=True))
    doubted = placed.filter(~counts, status=Message.Status.GROUPED)
    doubted.update(status=Message.Status.UNCERTAIN, reason="far-from-others")
    placed.filter(counts, status=Message.Status.UNCERTAIN).update(status=Message.Status.GROUPED, reason="")

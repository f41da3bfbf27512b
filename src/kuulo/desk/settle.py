"""Settle: write where messages stand, each message exactly once, in one short transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from kuulo.desk import concern
from kuulo.desk.history import record
from kuulo.desk.places import whereabouts
from kuulo.group.grave import Grave
from kuulo.models import Message, Placement, Theme

# A message stands in no more themes than this.
MOST_MATTERS = 4
FAR = "far-from-others"


class ThemesChanged(Exception):
    """Somebody merged a theme while messages were on their way into it: they have to be placed anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One theme that a message stands in, and one of its subthemes or None; the fields are Placement's."""

    theme: int
    subtheme: int | None = None
    fit: float = 0.0
    why: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What becomes of a waiting message; the first of ``places`` is the main one, ``grave`` what grave matters it may
    tell of. The rest are Message's fields.
    """

    message: int
    status: str
    reason: str = ""
    language: str = "und"
    kind: str = ""
    certainty: float = 0.0
    evidence: Sequence[str] = ()
    copy_of: int | None = None
    vector: bytes | None = None
    places: Sequence[Place] = ()
    grave: Grave | None = None

    def fields(self) -> dict[str, Any]:
        """Give what is written to the message."""
        return {
            "status": self.status,
            "reason": self.reason,
            "language": self.language,
            "kind": self.kind,
            "certainty": self.certainty,
            "evidence": list(self.evidence),
            "copy_of": self.copy_of,
            "vector": self.vector,
        }


def write(decisions: Sequence[Decision], *, event: str) -> int:
    """Write what became of messages that wait; give how many. What no longer waits is left as it is.

    Raises ThemesChanged, with nothing written, where a theme lives no longer.
    """
    looked = whereabouts.look([one.message for one in decisions if one.status in whereabouts.STANDING])
    with transaction.atomic():
        waiting = Message.objects.select_for_update().filter(status=Message.Status.NEW)
        rows = waiting.filter(pk__in=[one.message for one in decisions]).order_by("pk")
        arrived = dict(rows.values_list("pk", "arrived"))
        due = [one for one in decisions if one.message in arrived]
        if due:
            _check_alive({place.theme for one in due for place in one.places})
            for one in due:
                Message.objects.filter(pk=one.message).update(**one.fields())
            placements = [placement for one in due for placement in _placements(one, arrived[one.message])]
            Placement.objects.bulk_create(placements)
            _mark_stale(placements)
            standing = {one.message for one in due if one.status in whereabouts.STANDING}
            whereabouts.keep(looked, {pk: arrived[pk] for pk in arrived if pk in standing})
            concern.note({one.message: one.grave for one in due}, arrived)
            unsure = sum(one.status == Message.Status.UNCERTAIN for one in due)
            record(event, messages=len(due), uncertain=unsure)
    return len(due)


def _mark_stale(placements: Iterable[Placement]) -> None:
    """Tell that the figures of the themes of these placements have to be drawn up anew."""
    touched = {one for placement in placements for one in (placement.theme_id, placement.subtheme_id) if one}
    Theme.objects.filter(pk__in=touched).update(stale=True)


def _check_alive(themes: set[int]) -> None:
    # the lock lets a merge wait until these messages stand, so that it takes them along
    alive = Theme.objects.select_for_update().filter(pk__in=themes, state=Theme.State.LIVE).order_by("pk")
    if len(alive.values_list("pk")) < len(themes):
        raise ThemesChanged


def _placements(one: Decision, arrived: Any) -> list[Placement]:  # noqa: ANN401
    return [
        Placement(
            message_id=one.message,
            theme_id=place.theme,
            subtheme_id=place.subtheme,
            main=not at,
            counted=one.status == Message.Status.GROUPED,
            fit=place.fit,
            why=place.why,
            arrived=arrived,
        )
        for at, place in enumerate(one.places)
    ]

"""Rising: the storms that an open page tells of, to those on duty and to the leaders, until somebody takes them."""

from collections.abc import Iterable, Mapping

from kuulo.desk.permissions import may
from kuulo.desk.storm.duty import LEVELS, MANAGE
from kuulo.desk.storm.overview import heavy
from kuulo.models import Duty, Person, Storm

_MOST = 5


def rising(person: Person) -> list[Storm]:
    """Give the open storms that somebody is to hear of, the latest first: one question where there is none."""
    open_now = Storm.objects.filter(closed=None, mark="", taken_by=None, part_of=None)
    told = open_now.select_related("theme", "place").defer(*heavy())
    storms = list(told.order_by("-opened", "-pk")[: 4 * _MOST])
    if not storms or (least := _least(person)) is None:
        return []
    return [storm for storm in storms if LEVELS.index(storm.level) >= LEVELS.index(least)][:_MOST]


def unseen(storms: Iterable[Storm], seen: Mapping[str, int]) -> list[Storm]:
    """Leave out those that somebody put aside; one that has doubled since comes back."""
    return [storm for storm in storms if storm.told_at > seen.get(str(storm.pk), -1)]


def _least(person: Person) -> str | None:
    """Give the lowest level that somebody hears of; None for who is not on duty and does not lead."""
    least = Duty.objects.filter(person=person).values_list("least", flat=True).first()
    return least or (Storm.Level.STORM.value if may(person, MANAGE) else None)

"""Alert: tell those on duty of a storm.

    tell(storm, "opened")        # in the transaction that changes the storm

The row that is written is the queue: the worker sends it when it is due (see kuulo.desk.storm.send). Nobody is told
of the same level and count twice, and of several alerts of one storm that wait for the morning the latest stays.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, Literal

from django.utils import timezone

from kuulo.desk.storm.duty import LEVELS, duties, new_key
from kuulo.models import Alert, Duty, Membership, Role, Storm, Unit

Kind = Literal["opened", "doubled", "mentor"]
# the municipality's own time; who was not woken is told in the morning
EVENING, MORNING, DIGEST = time(22), time(7), time(7, 30)
_WAKES = Storm.Level.UPROAR
State = Alert.State


def tell(storm: Storm, kind: Kind, *, unit: Unit | None = None, now: datetime | None = None) -> int:
    """Queue an alert for each who is due to be told; give how many are. Call it in the change's own transaction.

    "mentor" asks the mentors of ``unit``, all where it has none; for the others ``kind`` is said only to who was told
    of the storm before. A line of a wider storm is told with that one.
    """
    now = now or timezone.now()
    if kind == "mentor":
        alerts = _for_mentors(storm, unit, now)
    elif storm.part_of_id:
        alerts = []
    else:
        alerts = _for_duties(storm, kind, now)
    # two workers may see the same at once
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)
    return len(alerts)


def when(now: datetime, *, wakes: bool) -> datetime:
    """Give when to tell: now, or at 07:30 where it is night and nobody is to be woken."""
    local = now.astimezone(timezone.get_default_timezone())
    is_evening = local.time() >= EVENING
    if wakes or not (is_evening or local.time() < MORNING):
        return now
    morning = local.date() + timedelta(days=1) if is_evening else local.date()
    return datetime.combine(morning, DIGEST, tzinfo=local.tzinfo)


def _for_duties(storm: Storm, kind: Kind, now: datetime) -> list[Alert]:
    """Give an alert for each duty that hears of this level and was not told of this level and count."""
    before = list(Alert.objects.filter(storm=storm).exclude(kind="mentor"))
    told = {one.duty_id for one in before if one.state in {State.SENT, State.RUNNING}}
    known = {one.duty_id for one in before if (one.level, one.count) == (storm.level, _count(storm))}
    heard = LEVELS[: LEVELS.index(storm.level) + 1]
    due = [duty for duty in duties().filter(least__in=heard) if duty.pk not in known]
    _supersede(storm, due)
    return [
        _alert(
            storm,
            kind if duty.pk in told else "opened",
            duty=duty,
            person_id=duty.person_id,
            due=_due(storm, now, nights=duty.nights),
        )
        for duty in due
    ]


def _supersede(storm: Storm, due: Iterable[Duty]) -> None:
    """Cancel what still waits to be told to these: there is something newer to tell."""
    waiting = Alert.objects.filter(storm=storm, duty__in=list(due), state=State.QUEUED)
    waiting.update(state=State.CANCELLED, trouble={"code": "newer"})


def _for_mentors(storm: Storm, unit: Unit | None, now: datetime) -> list[Alert]:
    held = Membership.objects.filter(role=Role.MENTOR, person__is_active=True)
    near = held.filter(unit=unit) if unit else held.none()
    people = set((near if near.exists() else held).values_list("person", flat=True))
    nights = set(Duty.objects.filter(person__in=people, nights=True).values_list("person", flat=True))
    return [
        _alert(storm, "mentor", person_id=person, due=_due(storm, now, nights=person in nights))
        for person in sorted(people)
    ]


def _due(storm: Storm, now: datetime, *, nights: bool) -> datetime:
    return when(now, wakes=nights or storm.level == _WAKES)


def _count(storm: Storm) -> int:
    return storm.told_at or storm.counted


def _alert(storm: Storm, kind: Kind, **whom_and_when: Any) -> Alert:  # noqa: ANN401
    return Alert(storm=storm, kind=kind, level=storm.level, count=_count(storm), key=new_key(), **whom_and_when)

"""Survey: look a file through before anything is stored: the whole of it, or its beginning for its faults."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from kuulo.desk.times import DayOrder, moment, trouble_of
from kuulo.hear.messages import Tally
from kuulo.hear.reading import Note
from kuulo.message import Message

_PAUSE = 20_000


@dataclass(slots=True)
class Survey:
    """How many messages a file holds, and in what order its dates are written."""

    messages: int = 0
    days: DayOrder = field(default_factory=DayOrder)


def survey(messages: Iterable[Message], *, go_on: Callable[[], bool]) -> Survey | None:
    """Look through the messages; None where ``go_on``, asked now and then, said no."""
    found = Survey()
    if not go_on():
        return None
    for message in messages:
        found.messages += 1
        found.days.see(message.time)
        if found.messages % _PAUSE == 0 and not go_on():
            return None
    return found


def faults_of_times(messages: Sequence[Message], *, brought: datetime) -> tuple[Note, ...]:
    """Give what an intake would note of the messages' times: those not understood or to come, the order of days."""
    days, tally, zone = DayOrder(), Tally(), ZoneInfo(settings.TIME_ZONE)
    for message in messages:
        days.see(message.time)
    for message in messages:
        told = moment(message.time, day_first=days.day_first, zone=zone)
        if code := trouble_of(message.time, told, brought=brought):
            tally.add(code, row=message.row, cell=message.time[:40])
    return (*tally.notes(), *((Note(code=days.code),) if days.code else ()))

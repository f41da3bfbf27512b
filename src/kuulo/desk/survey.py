"""Survey: look a whole file through before anything is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kuulo.desk.times import DayOrder
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

"""Setting: how many alarms a month the municipality can bear, and what that asks of messages."""

from functools import lru_cache

from django.db import transaction

from kuulo.desk.history import record
from kuulo.desk.not_now import NotNow
from kuulo.desk.storm.normal import the_watch
from kuulo.group.burst import STRICT
from kuulo.group.needed import Needed, needed
from kuulo.models import Person, StormWatch

LEAST, MOST = 0.1, 100.0


@transaction.atomic
def set_budget(by: Person, budget: float) -> StormWatch:
    """Say how many alarms a month can be borne: the next replay finds the threshold for it.

    Raises NotNow ("odd-budget") for none between 0.1 and 100.
    """
    check_budget(budget)
    watch = the_watch()
    watch.budget = budget
    watch.save(update_fields=["budget"])
    record("storm-budget", person=by, budget=budget)
    return watch


def check_budget(budget: float) -> None:
    """Refuse what is no number of alarms a month."""
    if not LEAST <= budget <= MOST:
        raise NotNow("odd-budget")


def threshold_of(watch: StormWatch) -> float:
    """Give the score from which a storm is told of: what the replay found, else what is shipped."""
    return STRICT if watch.threshold is None else watch.threshold


@lru_cache(maxsize=4)
def how_many(threshold: float) -> tuple[Needed, ...]:
    """Give how many messages make an alarm; none for a threshold that no number reaches. It takes a moment."""
    try:
        return tuple(needed(threshold))
    except ValueError:
        return ()

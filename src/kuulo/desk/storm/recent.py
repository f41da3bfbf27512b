"""Recent: what was said in the last two days by stream, held between two looks, so that only what is new is read.

A message that was placed is read once. Where anything else happened (a correction, a message taken back, themes
merged, a rule), and now and then anyway, all is read anew: the rows are the truth.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Max

from kuulo.desk.storm.streams import moments
from kuulo.group.counting import Tally
from kuulo.models import Event, Placement

# an author's first message in a day may lie a day before the window
READ = timedelta(days=2)
ANEW = timedelta(minutes=5)
# of so many new ones it is no slower to read all
_MOST_NEW = 5_000


class Recent:
    """The streams of the last two days by key."""

    def __init__(self) -> None:
        self._tallies: defaultdict[str, Tally] = defaultdict(_live)
        self._messages: set[int] = set()
        self._read_at: datetime | None = None
        self._event = self._placement = 0

    @property
    def tallies(self) -> Mapping[str, Tally]:
        """Give what was said by stream."""
        return self._tallies

    def follow(self, now: datetime) -> set[str]:
        """Read what is new; give the streams that it came to."""
        new = self._new(now)
        if new is None:
            return self._read_anew(now)
        if not new:
            return set()
        said = moments(now - READ, None, only=new)
        for key, held in said.items():
            self._tallies[key].add(held)
        self._messages |= new
        return set(said)

    def _new(self, now: datetime) -> set[int] | None:
        """Give the messages that were placed since; None where more than that happened."""
        event, placement = self._event, self._placement
        self._event, self._placement = _last(Event), _last(Placement)
        # the numbers go back where another desk was restored in the place of this one
        went_back = self._event < event or self._placement < placement
        if went_back or self._read_at is None or not timedelta(0) <= now - self._read_at < ANEW:
            return None
        if Event.objects.filter(pk__gt=event, pk__lte=self._event).exclude(kind="placed").exists():
            return None
        rows = Placement.objects.filter(pk__gt=placement, pk__lte=self._placement, message__arrived__gte=now - READ)
        new = set(rows.values_list("message", flat=True)[:_MOST_NEW])
        return None if len(new) == _MOST_NEW else new - self._messages

    def _read_anew(self, now: datetime) -> set[str]:
        said = moments(now - READ, None)
        self._tallies = defaultdict(_live, {key: Tally(held, live=True) for key, held in said.items()})
        self._messages = {moment.message for held in said.values() for moment in held}
        self._read_at = now
        return set(said)


def _live() -> Tally:
    return Tally(live=True)


def _last(rows: type[Event] | type[Placement]) -> int:
    return rows.objects.aggregate(last=Max("pk"))["last"] or 0

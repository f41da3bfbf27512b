"""Watch: where a matter is talked about, and which of those discussions nobody official has answered in.

An official's reply is a message whose source says that its writer is official, or a reply that Kuulo sent. What the
municipality said there by itself is not stored (it is passed over as its own), so it cannot count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kuulo.desk.history import record
from kuulo.desk.inbox import Filters, with_text
from kuulo.models import Delivery, Message, Person, Source, Watch

RECENT = timedelta(days=30)
# So many messages of a matter are looked at, the latest.
MOST = 10_000
# A source and what it calls a discussion; where it names none, the number of the message that began it.
Key = tuple[int, str, int]


@dataclass(slots=True)
class Discussion:
    """A discussion of a watched matter in the last 30 days. ``messages`` and ``people`` are residents' ones of it;
    ``official`` counts replies of officials that Kuulo knows of, whenever they were given. ``message`` is the latest.
    """

    source: int
    name: str
    thread: str
    message: int
    latest: datetime
    messages: int = 0
    people: set[int] = field(default_factory=set)
    official: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A source where a matter is talked about; ``answered`` of its discussions have a reply."""

    name: str
    messages: int
    people: int
    discussions: int
    answered: int


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch found since a day: where it is talked about, and the discussions, most talked about first."""

    since: date
    discussions: Sequence[Discussion]
    is_cut: bool

    @property
    def gap(self) -> list[Discussion]:
        """Give the discussions without any official's reply."""
        return [one for one in self.discussions if not one.official]

    @property
    def places(self) -> list[Place]:
        """Give the sources, most talked in first."""
        by_name = defaultdict(list)
        for one in self.discussions:
            by_name[one.name].append(one)
        return sorted(
            (_place(name, held) for name, held in by_name.items()), key=lambda one: (-one.messages, one.name)
        )


def _place(name: str, held: Sequence[Discussion]) -> Place:
    people = set().union(*(one.people for one in held))
    answered = sum(one.official > 0 for one in held)
    return Place(name, sum(one.messages for one in held), len(people), len(held), answered)


def watched(watch: Watch) -> Watched:
    """Tell where a matter was talked about in the last 30 days, today included."""
    since = timezone.localdate() - RECENT + timedelta(days=1)
    listed = Filters(watch=watch.pk, since=since, copies="all").queryset()
    rows = list(
        listed.values_list("pk", "source", "source__name", "thread", "parent", "author", "arrived")[: MOST + 1]
    )
    found: dict[Key, Discussion] = {}
    for pk, source, name, thread, parent, author, arrived in rows[:MOST]:
        key = _key(source, thread, parent or pk)
        one = found.setdefault(key, Discussion(source, name, thread, pk if thread else parent or pk, arrived))
        one.messages += 1
        one.people |= {author} - {None}
    for key, n in _official(found).items():
        found[key].official = n
    order = sorted(found.values(), key=lambda one: (-one.messages, -len(one.people), -one.latest.timestamp()))
    return Watched(since, order, is_cut=len(rows) > MOST)


def _key(source: int, thread: str, begun: int) -> Key:
    return (source, thread, 0) if thread else (source, "", begun)


def _official(found: Mapping[Key, Discussion]) -> Counter[Key]:
    """Count the replies of officials in discussions: what officials wrote, and what Kuulo sent."""
    sources = {source for source, _, _ in found}
    said = Message.objects.filter(source__in=sources, actor="official").order_by()
    threads = {thread for _, thread, _ in found if thread}
    begun = {pk for _, _, pk in found if pk}
    columns = ("source", "thread", "parent", "pk")
    rows = [
        *with_text(said.filter(thread__in=threads), "thread").values_list(*columns),
        *said.filter(parent__in=begun, thread="").values_list(*columns),
        *_sent(sources),
    ]
    told = (_key(source, thread, parent or pk) for source, thread, parent, pk in rows)
    return Counter(key for key in told if key in found)


def _sent(sources: Iterable[int]) -> Iterable[tuple[int, str, int | None, int]]:
    sent = Delivery.objects.filter(state=Delivery.State.SENT, message__source__in=sources)
    return sent.values_list("message__source", "message__thread", "message__parent", "message")


@transaction.atomic
def make(by: Person, *, name: str, words: str, services: Sequence[str], sources: Iterable[Source]) -> Watch:
    """Watch a matter."""
    watch = Watch.objects.create(name=name, words=words, services=[*services], made_by=by)
    watch.sources.set(sources)
    record("watch-made", person=by, watch=watch.pk)
    return watch


@transaction.atomic
def remove(by: Person, watch: Watch) -> None:
    """Watch a matter no more; nothing else changes."""
    record("watch-removed", person=by, watch=watch.pk)
    watch.delete()

"""Reception: what stands in a file's rows becomes rows of the desk, batch by batch, each in one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kuulo import message as heard
from kuulo.desk.authors import pseudonym
from kuulo.desk.identity import Identities
from kuulo.desk.privacy import for_work, keep_raw, same_text
from kuulo.desk.rows import add_messages, add_tags, ids_of
from kuulo.desk.tag_words import tags_in
from kuulo.desk.times import moment, trouble_of
from kuulo.desk.words import search_text
from kuulo.group.clean import Cleaned, clean
from kuulo.lang.identify import identify_all
from kuulo.models import Author, Intake, Message, RejectedRow

_BATCH = 500
Status = Message.Status
# the text for work, and the text word for word, sealed, while it is kept
Standing = tuple[str, bytes | memoryview | None]


@dataclass(slots=True)
class Arrival:
    """A message of the file on its way in: the row to be, its ``raw`` text, and what belongs to it.

    ``trouble`` is the code of what was wrong with its row and ``where`` the column; with ``left_out`` the row cannot
    be taken at all.
    """

    row: Message
    raw: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    trouble: str = ""
    where: str = ""
    left_out: bool = False
    facts: dict[str, str | int] = field(default_factory=dict)


class Reception:
    """Takes the messages of one intake in."""

    def __init__(self, intake: Intake) -> None:
        assert intake.source is not None
        self._intake = intake
        self._source = intake.source
        self._guess = intake.guess
        self._zone = ZoneInfo(settings.TIME_ZONE)
        self._done = intake.rows_done
        self._identities = Identities(several=len(self._guess["text"]) > 1)

    def batches(self, messages: Iterable[heard.Message]) -> Iterator[list[Arrival]]:
        """Yield the arrivals that were not dealt with yet, in batches."""
        arrivals = self._arrivals(messages)
        while batch := list(islice(arrivals, _BATCH)):
            yield batch

    def store(self, batch: Sequence[Arrival]) -> bool:
        """Store a batch and count it, all or nothing; False where the intake is no longer ours to work."""
        with transaction.atomic():
            held = Intake.objects.select_for_update().get(pk=self._intake.pk)
            if held.state != Intake.State.RUNNING or held.rows_done != self._done:
                return False
            fresh, known, rejected = self._sorted(batch)
            came = self._insert(fresh)
            known += [arrival.row.identity for arrival in fresh if arrival.row.identity not in came]
            RejectedRow.objects.bulk_create(self._rejection(arrival) for arrival in rejected)
            held.rows_done += len(batch)
            self._keep_known(known)
            held.added += len(came)
            held.known += len(known)
            held.rejected += len(rejected)
            held.beat = timezone.now()
            held.save(update_fields=["rows_done", "added", "known", "rejected", "beat"])
        self._done = held.rows_done
        return True

    def _arrivals(self, messages: Iterable[heard.Message]) -> Iterator[Arrival]:
        for number, message in enumerate(messages):
            told = self._moment(message)
            # also of rows that were dealt with before: equals are counted from the file's beginning
            identity = self._identities.of(
                origin_id=message.id,
                column=message.column,
                text=message.text,
                time=told.isoformat() if told else message.time,
            )
            if number >= self._done:
                yield self._arrival(message, identity, told)

    def _moment(self, message: heard.Message) -> datetime | None:
        return moment(message.time, day_first=self._guess["day_first"], zone=self._zone)

    def _arrival(self, message: heard.Message, identity: str, told: datetime | None) -> Arrival:
        if message.unreadable == "broken-row":
            return Arrival(row=Message(row=message.row), trouble=message.unreadable, left_out=True)
        trouble = trouble_of(message.time, told, brought=self._intake.brought_at)
        row = self._row(message, identity, told=None if trouble else told)
        author = pseudonym(message.author, self._source)
        return Arrival(
            row=row,
            raw=message.text,
            author=author,
            tags=tags_in(message.text),
            trouble=trouble,
            where=self._guess["time"] if trouble else "",
            facts={"cell": for_work(message.time)[:40]} if trouble else {},
        )

    def _row(self, message: heard.Message, identity: str, *, told: datetime | None) -> Message:
        text = for_work(message.text)
        cleaned = _cleaned(message, text)
        language = identify_all([text], [message.language])[0]
        return Message(
            source=self._source,
            identity=identity,
            intake=self._intake,
            origin_id=message.id[:200],
            row=message.row,
            column=message.column[:200],
            channel=message.channel[:60] or self._source.channel,
            thread=message.thread[:200],
            language=language,
            arrived=told or self._intake.brought_at,
            dated=told is not None,
            actor=message.actor,
            background=[list(pair) for pair in message.background],
            status=cleaned.status or Status.NEW,
            reason=cleaned.reason,
            text=text,
            search_text=search_text(text, language),
        )

    def _sorted(self, batch: Sequence[Arrival]) -> tuple[list[Arrival], list[str], list[Arrival]]:
        """Part what is new from what is known (by its identity) and from what cannot be taken."""
        identities = [arrival.row.identity for arrival in batch]
        standing = Message.objects.filter(source=self._source, identity__in=identities)
        told = standing.values_list("identity", "text", "raw__sealed")
        raws: dict[str, Standing] = {identity: (text, sealed) for identity, text, sealed in told}
        came: dict[str, str] = {}
        fresh, known, rejected = [], [], []
        for arrival in batch:
            row = arrival.row
            if arrival.left_out:
                rejected.append(arrival)
            elif row.identity not in raws and row.identity not in came:
                came[row.identity] = arrival.raw
                fresh.append(arrival)
            elif _same(arrival, raws, came):
                known.append(row.identity)
            else:
                rejected.append(_contradicting(arrival, column=self._guess["id"]))
        return fresh, known, rejected

    def _insert(self, fresh: Sequence[Arrival]) -> set[str]:
        """Insert messages with their authors, tags and troubles; give the identities of those that are new."""
        authors = ids_of(Author.objects, "key", {arrival.author for arrival in fresh})
        for arrival in fresh:
            arrival.row.author_id = authors.get(arrival.author)
        ids = {row.identity: row.pk for row in add_messages([arrival.row for arrival in fresh])}
        came = [arrival for arrival in fresh if arrival.row.identity in ids]
        keep_raw([(arrival.row, arrival.raw) for arrival in came], now=timezone.now())
        add_tags([(ids[arrival.row.identity], arrival.tags) for arrival in came])
        RejectedRow.objects.bulk_create(
            self._rejection(arrival, message=ids[arrival.row.identity]) for arrival in came if arrival.trouble
        )
        return set(ids)

    def _keep_known(self, identities: Sequence[str]) -> None:
        """Keep which messages of the file stood here before."""
        if not identities:
            return
        there = Message.objects.filter(source=self._source, identity__in=identities)
        bond = Intake.known_messages.through
        bond.objects.bulk_create(
            [bond(intake_id=self._intake.pk, message_id=pk) for pk in there.values_list("pk", flat=True)],
            ignore_conflicts=True,
        )

    def _rejection(self, arrival: Arrival, *, message: int | None = None) -> RejectedRow:
        return RejectedRow(
            intake=self._intake,
            row=arrival.row.row,
            column=arrival.where[:200],
            code=arrival.trouble,
            facts=arrival.facts,
            message_id=message,
        )


def _same(arrival: Arrival, standing: Mapping[str, Standing], came: Mapping[str, str]) -> bool:
    """Tell whether a row says what stands, or what came before it in its batch, by the same identity."""
    identity = arrival.row.identity
    if identity in came:
        return came[identity] == arrival.raw
    text, sealed = standing[identity]
    return same_text(arrival.raw, text=text, sealed=sealed)


def _cleaned(message: heard.Message, text: str) -> Cleaned:
    if message.unreadable:
        return Cleaned(status=Status.UNREADABLE, reason=message.unreadable)
    return clean(text)


def _contradicting(arrival: Arrival, *, column: str) -> Arrival:
    """Give what is told of a row whose id another text has: what stands is kept."""
    row = arrival.row
    return Arrival(row=row, trouble="id-with-other-text", where=column, facts={"id": row.origin_id})

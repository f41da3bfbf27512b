"""Intake: bring a file in, look at it, order how it is read, and take it in.

    intake = bring(file, name="palautteet.csv", person=person)
    look = preview(intake, orders=Orders())
    start(intake, orders=orders, source=source_named("Palautelomake"), person=person)
    take_in(intake, stop=lambda: False)          # the worker, when it has made the row RUNNING

``take_in`` may be killed at any moment and called again: every batch of messages and the count of what was dealt
with are stored in one transaction.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kuulo.desk import uploads
from kuulo.desk.history import record
from kuulo.desk.not_now import NotNow
from kuulo.desk.reception import Reception
from kuulo.desk.survey import faults_of_times, survey
from kuulo.hear.columns import ALONE
from kuulo.hear.files import beginning, opened_reading
from kuulo.hear.reading import Beginning, Hearing, Note, Orders
from kuulo.hear.refused import Refused
from kuulo.models import Intake, Person, Source

State = Intake.State
OPEN = (State.PREVIEW, State.QUEUED, State.RUNNING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """The beginning of a file as it would be read: ``roles`` by column name, in the file's order.

    ``notes`` tell what an intake would note of the ``looked`` messages that were looked through.
    ``before`` is an earlier intake of this very file. ``refused`` is why the file cannot be read at all; ``begun``
    is None then.
    """

    begun: Beginning | None
    roles: dict[str, str]
    before: Intake | None
    notes: tuple[Note, ...] = ()
    looked: int = 0
    refused: Refused | None = None


def bring(file: IO[bytes], *, name: str, person: Person | None) -> Intake:
    """Store a file to look at. Raises Refused for an empty file and for one that is too large."""
    uploads.sweep(set(Intake.objects.filter(state__in=OPEN).values_list("pk", flat=True)))
    path, digest, size = uploads.keep(file)
    with transaction.atomic():
        intake = Intake.objects.create(
            file_name=_plain(name)[-255:] or "-", file_hash=digest, file_size=size, brought_by=person
        )
        record("intake-brought", person=person, intake=intake, size=size)
        path.replace(uploads.place(intake.pk))
    return intake


def preview(intake: Intake, *, orders: Orders | None = None) -> Preview:
    """Look at the beginning of the file, as ordered now (else as ordered before)."""
    orders = orders_of(intake) if orders is None else orders
    before = brought_before(intake)
    try:
        begun = beginning(str(uploads.place(intake.pk)), orders=orders, name=intake.file_name)
    except Refused as refused:
        return Preview(begun=None, roles={}, before=before, refused=refused)
    return Preview(
        begun=begun,
        roles=_roles(begun),
        before=before,
        notes=(*begun.notes, *faults_of_times(begun.messages, brought=intake.brought_at)),
        looked=len(begun.messages),
        refused=begun.refused,
    )


def brought_before(intake: Intake) -> Intake | None:
    """Give the latest other intake of the very same bytes that was started, if there is one."""
    others = Intake.objects.filter(file_hash=intake.file_hash).exclude(pk=intake.pk)
    started = others.exclude(state__in=(State.PREVIEW, State.REFUSED)).exclude(source=None)
    return started.select_related("brought_by", "source").order_by("-brought_at").first()


def orders_of(intake: Intake) -> Orders:
    """Give what a person decided about the columns."""
    stored: dict[str, Any] = {**intake.orders}
    for name in ("text", "background"):
        stored[name] = tuple(stored.get(name, ()))
    return Orders(**stored)


def source_named(name: str, *, channel: str = "") -> Source:
    """Give the source with this name, made where there is none; an existing one keeps its channel."""
    known = known_source(name)
    return (
        known or Source.objects.get_or_create(name=_plain(name)[:120], defaults={"channel": _plain(channel)[:60]})[0]
    )


def known_source(name: str) -> Source | None:
    """Give the source with this name, however its letters are cased; None where there is none."""
    wanted = _plain(name)[:120]
    alike = (known for known in Source.objects.order_by("pk") if known.name.casefold() == wanted.casefold())
    return Source.objects.filter(name=wanted).first() or next(alike, None)


def order(intake: Intake, *, orders: Orders) -> None:
    """Keep what was decided so far, to look at the file again. Raises NotNow."""
    check_can_start(intake)
    Intake.objects.filter(pk=intake.pk, state=State.PREVIEW).update(orders=asdict(orders))
    intake.refresh_from_db()


def check_can_start(intake: Intake) -> None:
    """Raise NotNow where the intake was started, cancelled or refused before."""
    if intake.state != State.PREVIEW:
        raise NotNow("not-in-preview")


def start(intake: Intake, *, orders: Orders, source: Source, person: Person | None) -> None:
    """Queue the file to be taken in as ordered. Raises NotNow."""
    with transaction.atomic():
        held = Intake.objects.select_for_update().get(pk=intake.pk)
        check_can_start(held)
        held.orders, held.source, held.state = asdict(orders), source, State.QUEUED
        held.save(update_fields=["orders", "source", "state"])
        record("intake-started", person=person, intake=held, source=source.pk)
    intake.refresh_from_db()


def check_can_cancel(intake: Intake) -> None:
    """Raise NotNow where the intake is over."""
    if intake.state not in OPEN:
        raise NotNow("over")


def cancel(intake: Intake, person: Person | None) -> None:
    """Stop the intake for good and remove its file; messages that were taken in stay. Raises NotNow."""
    with transaction.atomic():
        held = Intake.objects.select_for_update().get(pk=intake.pk)
        check_can_cancel(held)
        held.state, held.finished_at = State.CANCELLED, timezone.now()
        held.save(update_fields=["state", "finished_at"])
        record(
            "intake-cancelled", person=person, intake=held, added=held.added, known=held.known, rejected=held.rejected
        )
    uploads.remove(intake.pk)
    intake.refresh_from_db()


def take_in(intake: Intake, *, stop: Callable[[], bool]) -> None:
    """Work a RUNNING intake to its end, or until it is cancelled or ``stop`` says so: then it is QUEUED again."""
    intake.refresh_from_db()
    try:
        _work(intake, stop=stop)
    except Refused as refused:
        facts = {name: _plain(str(fact)) if isinstance(fact, str) else fact for name, fact in refused.facts.items()}
        _finish(intake, State.REFUSED, refusal={"code": refused.code, "facts": facts})
    intake.refresh_from_db()
    if intake.state not in OPEN:
        uploads.remove(intake.pk)


def _work(intake: Intake, *, stop: Callable[[], bool]) -> None:
    _running(intake).filter(started_at=None).update(started_at=timezone.now())
    if intake.rows_total is None:
        _survey(intake, stop=stop)
    if intake.rows_total is None:
        _put_back(intake)
        return
    with _opened(intake) as hearing:
        reception = Reception(intake)
        for batch in reception.batches(hearing.messages):
            if stop():
                _put_back(intake)
                return
            if not reception.store(batch):
                return  # cancelled, or in other hands
        _finish(intake, State.DONE, notes=_notes(intake, hearing))


def _survey(intake: Intake, *, stop: Callable[[], bool]) -> None:
    """Read the whole file once: how many messages it holds, and how its days are written."""
    with _opened(intake) as hearing:
        found = survey(hearing.messages, go_on=lambda: not stop() and _beat(intake))
        if found:
            intake.guess = asdict(hearing.guess) | {"days": found.days.code, "day_first": found.days.day_first}
            intake.rows_total = found.messages
            intake.save(update_fields=["guess", "rows_total"])


def _opened(intake: Intake) -> AbstractContextManager[Hearing]:
    return opened_reading(str(uploads.place(intake.pk)), orders=orders_of(intake), name=intake.file_name)


def _beat(intake: Intake) -> bool:
    """Show a sign of life; tell whether the intake is still to be worked."""
    return bool(_running(intake).update(beat=timezone.now()))


def _running(intake: Intake) -> QuerySet[Intake]:
    return Intake.objects.filter(pk=intake.pk, state=State.RUNNING)


def _put_back(intake: Intake) -> None:
    _running(intake).update(state=State.QUEUED)


def _finish(intake: Intake, state: str, **told: list[Any] | dict[str, Any]) -> None:
    with transaction.atomic():
        held = Intake.objects.select_for_update().get(pk=intake.pk)
        if held.state != State.RUNNING:
            return
        held.state, held.finished_at = state, timezone.now()
        for name, value in told.items():
            setattr(held, name, value)
        held.save(update_fields=["state", "finished_at", *told])
        record(f"intake-{state}", intake=held, added=held.added, known=held.known, rejected=held.rejected)


def _notes(intake: Intake, hearing: Hearing) -> list[dict[str, Any]]:
    days = (Note(code=code),) if (code := intake.guess["days"]) else ()
    # residents' words that stood beyond the last column are no part of a note
    return [
        {"code": note.code, "facts": {name: fact for name, fact in note.facts.items() if name not in {"text", "id"}}}
        for note in (*hearing.notes(), *days)
    ]


def _roles(begun: Beginning) -> dict[str, str]:
    """Give each column its role: the name of one in Orders, "" for a column that is not read."""
    guess = begun.guess
    roles = dict.fromkeys(begun.names, "")
    roles |= dict.fromkeys(guess.background, "background") | dict.fromkeys(guess.text, "text")
    return roles | {name: role for role in ALONE if (name := getattr(guess, role))}


def _plain(text: str) -> str:
    """Give a line without what no database keeps."""
    return " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split())

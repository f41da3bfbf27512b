"""Acts: what people do in a storm. Each is a step in its log and an event, in one transaction; some can be undone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from kuulo.desk.history import Fact, record
from kuulo.desk.not_now import NotNow
from kuulo.desk.permissions import may
from kuulo.desk.storm.alert import tell
from kuulo.desk.storm.planned import plan, unplan
from kuulo.models import Person, PlannedEvent, Storm, StormStep

ACT = "handle-storm"
LONGEST_NOTE, LONGEST_LINK = 2_000, 500
# What a slip of the finger may have done; an alert that has gone out cannot be called back.
UNDOABLE = frozenset({"taken", "given-back", "handed-over", "nothing", "confirmed", "planned", "answered"})
Mark = Storm.Mark


def take(storm: Storm, by: Person) -> StormStep:
    """Take a storm in hand. Raises NotNow: "storm-closed", "storm-taken" with who has it."""
    with transaction.atomic():
        held = _held(storm)
        check_open(held)
        check_untaken(held)
        return _change(held, "taken", by, taken_by=by, taken_at=timezone.now())


def give_back(storm: Storm, by: Person) -> StormStep:
    """Leave a storm to others. Raises NotNow ("storm-not-yours")."""
    with transaction.atomic():
        held = _held(storm)
        check_yours(held, by)
        return _change(held, "given-back", by, taken_by=None, taken_at=None)


def hand_over(storm: Storm, by: Person, *, to: Person) -> StormStep:
    """Give a storm to a colleague, whoever has it; the clock goes on. Raises NotNow: storm-closed, cannot-take."""
    with transaction.atomic():
        held = _held(storm)
        check_open(held)
        check_can_take(to)
        taken = held.taken_at or timezone.now()
        return _change(held, "handed-over", by, facts={"to": to.pk}, taken_by=to, taken_at=taken)


def call_mentor(storm: Storm, by: Person, *, note: str = "") -> StormStep:
    """Call the mentors. Raises NotNow: "storm-closed", "mentor-called"."""
    with transaction.atomic():
        held = _held(storm)
        check_open(held)
        check_uncalled(held)
        step = _change(held, "mentor", by, note=note, mentor_called_at=timezone.now())
        tell(held, "mentor")
        return step


def not_a_storm(storm: Storm, by: Person, *, note: str = "") -> StormStep:
    """Say that it is nothing: it is over at once, and counts as a false alarm. Raises NotNow ("storm-marked")."""
    return _mark(storm, by, Mark.NOTHING, "nothing", note, closed=storm.closed or timezone.now())


def it_was_a_storm(storm: Storm, by: Person, *, note: str = "") -> StormStep:
    """Say that it really is or was a storm. Raises NotNow ("storm-marked")."""
    return _mark(storm, by, Mark.STORM, "confirmed", note)


def was_planned(storm: Storm, by: Person, *, name: str, until: datetime) -> StormStep:
    """Say what known event this is: it is over, and until then nothing on its theme raises an alarm.

    Raises NotNow: "storm-marked", "no-name", "ends-before".
    """
    with transaction.atomic():
        event = plan(by, name=name, since=storm.began, until=until, theme=storm.theme)
        return _mark(
            storm, by, Mark.PLANNED, "planned", "", {"event": event.pk}, closed=storm.closed or timezone.now()
        )


def note(storm: Storm, by: Person, text: str) -> StormStep:
    """Write something into the storm's log. Raises NotNow ("no-words")."""
    check_words(text)
    with transaction.atomic():
        return _change(_held(storm), "note", by, note=text)


def learned(storm: Storm, by: Person, text: str) -> StormStep:
    """Write down what was learned."""
    with transaction.atomic():
        held = _held(storm)
        held.learned = text.strip()[:LONGEST_NOTE]
        held.save(update_fields=["learned"])
        return _step(held, "learned", by)


def mark_answered(storm: Storm, by: Person, *, at: datetime, link: str = "") -> StormStep:
    """Say when and where the municipality first took part. Raises NotNow: answer-in-future, answer-too-early."""
    check_answer(storm, at)
    with transaction.atomic():
        facts: dict[str, Fact] = {"link": link.strip()[:LONGEST_LINK]} if link.strip() else {}
        return _change(_held(storm), "answered", by, facts=facts, answered_at=at)


def undo(step: StormStep, by: Person) -> StormStep:
    """Put back what a step changed. Raises NotNow: "cannot-undo", "undone-before", "changed-meanwhile"."""
    with transaction.atomic():
        storm = _held(step.storm)
        check_undo(step, storm)
        before = {name: _read(value) for name, value in step.facts["before"].items()}
        if "event" in step.facts:
            unplan(by, PlannedEvent.objects.filter(pk=step.facts["event"]).first())
        return _change(storm, "undone", by, facts={"step": step.pk, "what": step.kind}, **before)


def check_open(storm: Storm) -> None:
    """Refuse where a storm is over."""
    if storm.closed:
        raise NotNow("storm-closed")


def check_untaken(storm: Storm) -> None:
    """Refuse where somebody has it in hand."""
    if storm.taken_by:
        raise NotNow("storm-taken", name=str(storm.taken_by))


def check_yours(storm: Storm, by: Person) -> None:
    """Refuse where somebody else has it in hand, or nobody."""
    if storm.taken_by != by:
        raise NotNow("storm-not-yours")


def check_can_take(person: Person) -> None:
    """Refuse who has no role to take a storm."""
    if not may(person, ACT):
        raise NotNow("cannot-take", name=str(person))


def check_uncalled(storm: Storm) -> None:
    """Refuse where a mentor was called already."""
    if storm.mentor_called_at:
        raise NotNow("mentor-called")


def check_unmarked(storm: Storm, mark: str) -> None:
    """Refuse a mark that it has, and to call a planned event anything else: that is undone first."""
    if storm.mark in {mark, Mark.PLANNED}:
        raise NotNow("storm-marked")


def check_words(text: str) -> None:
    """Refuse a note of nothing."""
    if not text.strip():
        raise NotNow("no-words")


def check_answer(storm: Storm, at: datetime) -> None:
    """Refuse an answer that was given before the storm began, or is yet to come."""
    if at > timezone.now():
        raise NotNow("answer-in-future")
    if at < storm.began:
        raise NotNow("answer-too-early")


def check_undo(step: StormStep, storm: Storm) -> None:
    """Refuse what cannot be undone, was undone, or was changed by a later step."""
    if step.kind not in UNDOABLE:
        raise NotNow("cannot-undo")
    if storm.steps.filter(kind="undone", facts__step=step.pk).exists():
        raise NotNow("undone-before")
    if any(_written(getattr(storm, name)) != value for name, value in step.facts["after"].items()):
        raise NotNow("changed-meanwhile")
    opens = step.facts["before"].get("closed", "") is None
    if opens and Storm.objects.filter(stream=storm.stream, closed=None).exclude(pk=storm.pk).exists():
        raise NotNow("changed-meanwhile")


def _mark(
    storm: Storm,
    by: Person,
    mark: Mark,
    kind: str,
    text: str,
    facts: Mapping[str, Fact] | None = None,
    **also: datetime,
) -> StormStep:
    with transaction.atomic():
        held = _held(storm)
        check_unmarked(held, mark)
        return _change(held, kind, by, note=text, facts=facts or {}, mark=mark.value, **also)


def _held(storm: Storm) -> Storm:
    """Read a storm anew, so that two who act at once act one after the other."""
    return Storm.objects.select_for_update(of=("self",)).select_related("taken_by", "theme").get(pk=storm.pk)


def _change(
    storm: Storm,
    kind: str,
    by: Person,
    *,
    note: str = "",
    facts: Mapping[str, Fact] | None = None,
    **fields: Any,  # noqa: ANN401
) -> StormStep:
    """Set fields, and keep in the step what they were, so that it can be undone."""
    names = {(f"{name}_id" if name == "taken_by" else name): value for name, value in fields.items()}
    values = {name: value.pk if isinstance(value, Person) else value for name, value in names.items()}
    kept: dict[str, Any] = {"before": {name: _written(getattr(storm, name)) for name in values}}
    kept["after"] = {name: _written(value) for name, value in values.items()}
    for name, value in values.items():
        setattr(storm, name, value)
    storm.save(update_fields=[name.removesuffix("_id") for name in values])
    return _step(storm, kind, by, note=note, facts={**(facts or {}), **(kept if values else {})})


def _step(
    storm: Storm, kind: str, by: Person, *, note: str = "", facts: Mapping[str, Any] | None = None
) -> StormStep:
    record(f"storm-{kind}", person=by, theme=storm.theme_id, storm=storm.pk)
    told = dict(facts or {})
    return StormStep.objects.create(storm=storm, person=by, kind=kind, facts=told, note=note.strip()[:LONGEST_NOTE])


def _written(value: Any) -> Any:  # noqa: ANN401
    return value.isoformat() if isinstance(value, datetime) else value


def _read(value: Any) -> Any:  # noqa: ANN401
    """Read what was kept: a moment, a number or a mark."""
    return (parse_datetime(value) or value) if isinstance(value, str) and value[:1].isdigit() else value

"""Acts: what people do about discussions. Each is a step in its log and an event, in one transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from kuulo.desk.discussions.count import count, proposed
from kuulo.desk.history import record
from kuulo.desk.not_now import NotNow
from kuulo.models import Discussion, DiscussionStep, Person

LONGEST_NOTE, LONGEST_WHERE = 2_000, 200
MOST_WANTED, MOST_DAYS = 10_000, 365
UNDOABLE = frozenset({"taken-to", "not-quiet", "ended"})
# What a person tells of a discussion.
TOLD = (
    "name", "question", "source", "thread", "theme", "place", "url", "opened", "closes", "wanted", "within",
    "services",
)  # fmt: skip
_MATTER = {"name", "question", "services", "source", "thread", "theme", "place"}


def follow(by: Person | None, told: Mapping[str, Any]) -> Discussion:
    """Follow a discussion (None: that of the demo). Raises NotNow: "nowhere", "ends-before", "followed-already"."""
    with transaction.atomic():
        made = Discussion(made_by=by)
        _fill(made, told)
        made.save()
        record("discussion-made", person=by, theme=made.theme, discussion=made.pk)
        count(made)
    return made


def change(by: Person, discussion: Discussion, told: Mapping[str, Any]) -> Discussion:
    """Change what is told of a discussion; what belongs to its matter elsewhere is sought anew where that changed.

    Raises NotNow as ``follow`` does.
    """
    with transaction.atomic():
        held = _held(discussion)
        before = {name: getattr(held, name) for name in _MATTER}
        _fill(held, told)
        if any(getattr(held, name) != value for name, value in before.items()):
            held.sought, held.looked_to = None, 0
            held.elsewhere.clear()
        held.opened_known = held.opened_known or held.opened != discussion.opened
        held.save()
        record("discussion-changed", person=by, theme=held.theme, discussion=held.pk)
        count(held)
    return held


def take_to(by: Person, discussion: Discussion, *, where: str, on: date, note: str = "") -> DiscussionStep:
    """Note that the question was taken to where people are. Raises NotNow: "no-words", "in-future"."""
    if not where.strip():
        raise NotNow("no-words")
    if on > timezone.localdate():
        raise NotNow("in-future")
    with transaction.atomic():
        held = _held(discussion)
        facts = {"where": where.strip()[:LONGEST_WHERE], "on": on.isoformat()}
        return _change(held, "taken-to", by, note=note, facts=facts, taken_at=max(on, held.taken_at or on))


def not_quiet(by: Person, discussion: Discussion, *, note: str = "") -> DiscussionStep:
    """Say that it is not quiet, whatever is counted: it is told of no more. Raises NotNow ("said-already")."""
    with transaction.atomic():
        held = _held(discussion)
        if held.not_quiet:
            raise NotNow("said-already")
        return _change(held, "not-quiet", by, note=note, not_quiet=True)


def end(by: Person, discussion: Discussion, *, note: str = "") -> DiscussionStep:
    """Follow a discussion no longer. Raises NotNow ("ended-already")."""
    with transaction.atomic():
        held = _held(discussion)
        if held.ended:
            raise NotNow("ended-already")
        return _change(held, "ended", by, note=note, ended=timezone.now())


def undo(by: Person, step: DiscussionStep) -> DiscussionStep:
    """Put back what a step changed. Raises NotNow: "cannot-undo", "undone-before", "changed-meanwhile"."""
    with transaction.atomic():
        held = _held(step.discussion)
        check_undo(step, held)
        before = {name: _read(name, value) for name, value in step.facts["before"].items()}
        return _change(held, "undone", by, facts={"step": step.pk, "what": step.kind}, **before)


def check_undo(step: DiscussionStep, discussion: Discussion) -> None:
    """Refuse what cannot be undone, was undone, or was changed by a later step."""
    if step.kind not in UNDOABLE:
        raise NotNow("cannot-undo")
    if discussion.steps.filter(kind="undone", facts__step=step.pk).exists():
        raise NotNow("undone-before")
    if any(_written(getattr(discussion, name)) != value for name, value in step.facts["after"].items()):
        raise NotNow("changed-meanwhile")


def _fill(discussion: Discussion, told: Mapping[str, Any]) -> None:
    for name in TOLD:
        setattr(discussion, name, told[name])
    _want(discussion, told["wanted"], told["within"])
    if not (discussion.source or discussion.theme or discussion.place):
        raise NotNow("nowhere")
    if discussion.closes and discussion.closes < discussion.opened:
        raise NotNow("ends-before")
    same = Discussion.objects.filter(source=discussion.source, thread=discussion.thread).exclude(pk=discussion.pk)
    if discussion.thread and same.exists():
        raise NotNow("followed-already")


def _want(discussion: Discussion, voices: int | None, within: int | None) -> None:
    """Want what a person said, or where that is left open, what is usual."""
    usual = proposed(discussion.source, within=within)
    discussion.wanted, discussion.within = voices or usual.voices, usual.within
    discussion.learnt = None if voices else usual.of


def _held(discussion: Discussion) -> Discussion:
    """Read a discussion anew, so that two who act at once act one after the other."""
    rows = Discussion.objects.select_for_update(of=("self",)).select_related("source", "theme", "place")
    return rows.get(pk=discussion.pk)


def _change(
    discussion: Discussion,
    kind: str,
    by: Person,
    *,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    **fields: Any,  # noqa: ANN401
) -> DiscussionStep:
    """Set fields, and keep in the step what they were, so that it can be undone."""
    kept = {"before": {name: _written(getattr(discussion, name)) for name in fields}}
    kept["after"] = {name: _written(value) for name, value in fields.items()}
    for name, value in fields.items():
        setattr(discussion, name, value)
    discussion.save(update_fields=[*fields])
    record(f"discussion-{kind}", person=by, theme=discussion.theme_id, discussion=discussion.pk)
    told = {**(facts or {}), **kept}
    return DiscussionStep.objects.create(
        discussion=discussion, person=by, kind=kind, facts=told, note=note.strip()[:LONGEST_NOTE]
    )


def _written(value: Any) -> Any:  # noqa: ANN401
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:  # noqa: ANN401
    if name == "taken_at":
        return date.fromisoformat(value) if value else None
    return parse_datetime(value) if isinstance(value, str) else value

"""Undo: take a correction back, and put back what it changed.

What people put elsewhere since stays where they put it; what the machine moved since is put back. A correction of
which nothing can be put back before a later one is undone says which one that is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from kuulo.desk.correcting import tell, whole
from kuulo.desk.not_now import NotNow
from kuulo.desk.standing import Stand, among, placed, put_in, settle, settle_statuses, stands, take_out
from kuulo.desk.themes import followed, mark_stale
from kuulo.models import Correction, Person, Placement, Theme

Kind = Correction.Kind


def undo(correction: Correction, *, person: Person | None) -> int:
    """Put back what was before a correction; give how many of its messages stay, as people moved them on since.

    Raises NotNow: "undone-before", or "later-correction" with the number of the one to undo first.
    """
    with whole():
        check_undo(correction)
        correction.undone_by, correction.undone_at = person, timezone.now()
        correction.save(update_fields=["undone_by", "undone_at"])
        stay = _BACK[Kind(correction.kind)](correction)
        themes = [theme for theme in (correction.theme, correction.other) if theme]
        mark_stale({theme.pk for theme in themes})
        tell(correction, of=themes, kind="undo", undone=correction.kind, at=correction.theme.code, stay=stay)
    return stay


def check_undo(correction: Correction) -> None:
    """Raise NotNow where a correction was undone before, or a later one has to be undone first."""
    correction.refresh_from_db(fields=["undone_at", "before"])
    if correction.undone_at:
        raise NotNow("undone-before")
    if later := later_one(correction):
        raise NotNow("later-correction", correction=later)


def later_one(correction: Correction) -> int | None:
    """Give the number of a later correction in force that stands on this one."""
    later = Correction.objects.filter(pk__gt=correction.pk, undone_at=None).order_by("-pk")
    if correction.kind == Kind.RENAME:
        return _later_name(
            correction, later.filter(kind=Kind.RENAME, theme=correction.theme_id).values_list("pk", "facts")
        )
    if correction.kind in {Kind.MERGE, Kind.SPLIT}:
        # the theme that took the messages in went into another one itself
        return later.filter(kind=Kind.MERGE, theme=correction.other_id).values_list("pk", flat=True).first()
    return _later_place(correction)


def _later_name(correction: Correction, later: Iterable[tuple[int, dict[str, dict[str, str]]]]) -> int | None:
    ours = set(correction.facts["names"])
    return next((pk for pk, facts in later if ours & set(facts["names"])), None)


def _later_place(correction: Correction) -> int | None:
    """Give a later correction that took over every message of this one."""
    saved = _saved(correction)
    if not saved or _free(correction, saved):
        return None
    held = Placement.objects.filter(message__in=among(saved), by=Placement.By.PERSON)
    orders = [why.get("correction") or 0 for why in held.values_list("why", flat=True)]
    return max((order for order in orders if order > correction.pk), default=None)


def _saved(correction: Correction) -> dict[int, list[Stand]]:
    """Give, for each message of a correction, the rows that it took out."""
    found: defaultdict[int, list[Stand]] = defaultdict(list)
    for row in correction.before.get("rows", []):
        stand = Stand(*row)
        found[stand.message].append(stand)
    if correction.kind == Kind.MOVE and correction.message_id:
        found.setdefault(correction.message_id, [])
    for message, _, _ in correction.before.get("statuses", []):
        found.setdefault(message, [])
    return dict(found)


def _free(correction: Correction, saved: Iterable[int]) -> set[int]:
    """Give the messages that no later correction of a person holds."""
    ours = Placement.objects.filter(message__in=among(saved))
    if correction.kind != Kind.NOT_ABOUT:
        return set(ours.filter(why__correction=correction.pk).values_list("message", flat=True))
    later = ours.filter(by=Placement.By.PERSON, why__correction__gt=correction.pk)
    return set(saved) - set(later.values_list("message", flat=True))


def _place_back(correction: Correction) -> int:
    """Put messages back as they stood."""
    saved = _saved(correction)
    free = _free(correction, saved)
    made = _made(correction, free)
    rows = [row for message in sorted(free) for row in _as_it_was(saved[message])]
    rows += _once_homeless(correction, {message for message in free if not saved[message]})
    take_out(made)
    put_in(rows)
    settle(free)
    _status_back(correction, free)
    mark_stale({row.theme for row in (*made, *rows)})
    return len(saved) - len(free)


def _made(correction: Correction, messages: set[int]) -> list[Stand]:
    """Give the rows that a correction made; where it left a message without a home, what the machine found for it."""
    ours = Q(message__in=among(messages), why__correction=correction.pk)
    found = Q(message__in=among(messages & {*correction.before.get("homeless", [])}), by=Placement.By.MACHINE)
    return stands(Placement.objects.filter(ours | found))


def _as_it_was(rows: Sequence[Stand]) -> list[Stand]:
    """Give rows as they were before corrections that were undone since."""
    found: list[Stand] = []
    for row in rows:
        undone = (
            Correction.objects.filter(pk=row.ordered_by, undone_at__isnull=False).first() if row.ordered_by else None
        )
        found += _as_it_was(_saved(undone).get(row.message, [])) if undone else [row]
    return found


def _once_homeless(correction: Correction, messages: set[int]) -> list[Stand]:
    """Give the rows of messages that only an earlier correction, undone since, had left without a home."""
    if not messages:
        return []
    undone = Correction.objects.filter(pk__lt=correction.pk, kind=Kind.NOT_ABOUT, undone_at__isnull=False)
    rows: dict[int, list[Stand]] = {}
    for earlier in undone.order_by("pk"):
        rows |= {message: some for message, some in _saved(earlier).items() if message in messages and some}
    return [row for some in rows.values() for row in _as_it_was(some)]


def _status_back(correction: Correction, messages: set[int]) -> None:
    by_state: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for message, status, reason in correction.before.get("statuses", []):
        if message in messages:
            by_state[status, reason].append(message)
    for (status, reason), some in by_state.items():
        placed(some).update(status=status, reason=reason)
    settle_statuses(messages)


def _name_back(correction: Correction) -> int:
    theme, before = correction.theme, correction.before
    theme.refresh_from_db(fields=["names", "named_by_person"])
    for language in correction.facts["names"]:
        theme.names.pop(language, None)
        if language in before["names"]:
            theme.names[language] = before["names"][language]
        if language not in before["named_by_person"]:
            theme.named_by_person = [one for one in theme.named_by_person if one != language]
    theme.save(update_fields=["names", "named_by_person"])
    return 0


def _pin_back(correction: Correction) -> int:
    """Put the message back among the theme's typical ones where it was, if it was among them."""
    theme, before = correction.theme, correction.before["central"]
    theme.refresh_from_db(fields=["central"])
    others = [one for one in theme.central if one != correction.message_id]
    same = others == [one for one in before if one != correction.message_id]
    theme.central = before if same else others
    theme.save(update_fields=["central"])
    return _place_back(correction)


def _part_again(correction: Correction) -> int:
    """Undo a merge: the theme lives again with its subthemes and what is left of its messages."""
    theme, into, before = correction.theme, correction.other, correction.before
    assert into
    Theme.objects.filter(pk=theme.pk).update(state=Theme.State.LIVE, merged_into=None)
    Theme.objects.filter(pk__in=before["subthemes"], parent=into).update(parent=theme)
    if theme.parent_id:
        ours = Placement.objects.filter(subtheme=into, message__in=among(before["messages"]))
        return len(before["messages"]) - ours.update(subtheme=theme)
    doubles = _saved(correction)
    there = stands(Placement.objects.filter(theme=into, message__in=among(doubles)))
    take_out(there)
    put_in([row for one in there for row in _as_it_was(doubles[one.message])])
    settle(doubles)
    settle_statuses(doubles)
    back = _repointed_back(theme, into, before["messages"])
    return len(before["messages"]) + len(doubles) - back - len(there)


def _repointed_back(theme: Theme, into: Theme, messages: Sequence[int]) -> int:
    """Let messages stand in the theme again, with what came into its subthemes since; give how many of the first."""
    twice = Exists(Placement.objects.filter(theme=theme, message=OuterRef("message")))
    there = Placement.objects.filter(~twice, theme=into)
    back = there.filter(message__in=among(messages)).update(theme=theme)
    there.filter(subtheme__parent=theme).update(theme=theme)
    Placement.objects.filter(~Q(subtheme__parent=theme), theme=theme, subtheme__isnull=False).update(subtheme=None)
    Placement.objects.filter(theme=into, subtheme__parent=theme).update(subtheme=None)
    return back


def _join_again(correction: Correction) -> int:
    """Undo a split: what it took goes back, and so does what came to the new theme since; its address leads there."""
    theme, fresh = correction.theme, correction.other
    assert fresh
    Theme.objects.filter(parent=fresh).update(parent=followed(theme))
    Theme.objects.filter(pk=fresh.pk).update(state=Theme.State.MERGED, merged_into=theme)
    stay = _place_back(correction)
    came = stands(Placement.objects.filter(theme=fresh))
    take_out(came)
    put_in(came)
    settle({row.message for row in came})
    settle_statuses({row.message for row in came})
    return stay


_BACK = {
    Kind.RENAME: _name_back,
    Kind.MERGE: _part_again,
    Kind.SPLIT: _join_again,
    Kind.MOVE: _place_back,
    Kind.NOT_ABOUT: _place_back,
    Kind.PIN: _pin_back,
    Kind.ALWAYS_HERE: _place_back,
}

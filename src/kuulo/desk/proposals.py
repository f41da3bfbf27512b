"""Proposals: changes of themes that the machine found, and people accept or decline. Accepting is a correction."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from kuulo.desk import history
from kuulo.desk.correct import gather, merge, split
from kuulo.desk.not_now import NotNow
from kuulo.desk.standing import among
from kuulo.models import Correction, Person, Placement, Proposal, Theme

Kind, State = Proposal.Kind, Proposal.State
_STILL_THERE = 0.5


def accept(proposal: Proposal, *, person: Person | None, names: Mapping[str, str] | None = None) -> Correction:
    """Do what is proposed, as a correction that can be undone; ``names`` instead of the proposed ones.

    Raises NotNow: "decided" where somebody was faster, "stale" where the themes changed meanwhile (the proposal is
    put away then), or what the correction itself refuses.
    """
    with transaction.atomic():
        _lock(proposal)
        correction = None if is_stale(proposal) else _done(proposal, person, names or proposal.names)
        _decide(proposal, State.ACCEPTED if correction else State.STALE, person, correction)
    if correction is None:
        raise NotNow("stale")
    return correction


def decline(proposal: Proposal, *, person: Person | None) -> None:
    """Put a proposal away. Raises NotNow ("decided")."""
    with transaction.atomic():
        _lock(proposal)
        _decide(proposal, State.DECLINED, person, None)


def is_stale(proposal: Proposal) -> bool:
    """Tell whether the themes are no more, or most of the messages stand elsewhere by now."""
    themes = [theme for theme in (proposal.theme, proposal.other) if theme]
    if any(theme.state != Theme.State.LIVE for theme in themes):
        return True
    if proposal.kind != Kind.SPLIT:
        return False
    there = Placement.objects.filter(theme=proposal.theme, message__in=among(proposal.messages)).count()
    return there < _STILL_THERE * len(proposal.messages)


def _lock(proposal: Proposal) -> None:
    state = Proposal.objects.select_for_update().values_list("state", flat=True).get(pk=proposal.pk)
    if state != State.OPEN:
        raise NotNow("decided")


def _done(proposal: Proposal, person: Person | None, names: Mapping[str, str]) -> Correction:
    if proposal.kind == Kind.NEW:
        return gather(proposal.messages, names=names, person=person)
    assert proposal.theme
    if proposal.kind == Kind.SPLIT:
        return split(proposal.theme, names=names, messages=proposal.messages, person=person)
    assert proposal.other
    return merge(proposal.other, proposal.theme, person=person)


def _decide(proposal: Proposal, state: Proposal.State, person: Person | None, correction: Correction | None) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, person, timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    told = {"person": person, "theme": proposal.theme, "proposal": proposal, "correction": correction}
    history.record(f"proposal-{state}", **told, of=proposal.kind)  # type: ignore[arg-type]

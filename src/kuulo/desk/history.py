"""History: add to the one record of what a person or the machine changed."""

from django.db.models import Model

from kuulo.models import Correction, Event, Intake, Message, Person, Proposal, Theme

Fact = str | int | float | bool | list[int] | list[str] | dict[str, str] | dict[str, int] | None

# All that is told. Each has its words: "correct.log.<kind>".
KINDS = frozenset(
    {
        "account-closed", "account-made", "account-opened", "link-renewed", "logged-in",
        "person-invited", "person-joined", "role-given", "role-taken", "unit-added", "unit-named",
        "intake-brought", "intake-cancelled", "intake-done", "intake-refused", "intake-started",
        "grouped", "placed", "theme-made", "subtheme-founded",
        "regrouped", "regroup-failed", "moved-by-regroup", "settled-by-regroup",
        "message-edited", "message-gone", "message-aside", "message-taken-in", "message-erased", "forgotten",
        "person-searched", "person-exported", "person-erased", "person-blocked",
        "reply-planned", "reply-sent", "reply-refused", "reply-unknown", "reply-settled",
        "reply-bounced", "reply-left", "reply-cancelled",
        "source-made", "source-changed", "source-on", "source-off", "source-asked", "source-trouble", "source-well",
        "source-judged",
        "unread-opened",
        "key-made", "key-revoked",
        "proposed", "proposal-accepted", "proposal-declined", "proposal-stale",
        "tags-merged", "tags-parted", "view-removed", "view-renamed",
        "watch-made", "watch-removed",
        "places-brought", "places-taken-in", "places-refused", "place-added", "place-removed",
        "storm-taken", "storm-given-back", "storm-handed-over", "storm-mentor", "storm-nothing", "storm-confirmed",
        "storm-planned", "storm-note", "storm-learned", "storm-answered", "storm-undone", "storm-budget",
        "planned-made", "planned-removed",
        "discussion-made", "discussion-told", "discussion-changed", "discussion-taken-to", "discussion-not-quiet",
        "discussion-ended", "discussion-undone",
        "practice-go", "practice-paused", "practice-ended",
        "duty-on", "duty-off", "duty-changed", "duty-address", "alert-tested", "alert-sent", "alert-failed",
        "concern-real", "concern-nothing", "concern-open",
        "safety-opened", "safety-closed", "safety-put-back",
        "view-saved", "view-shared", "view-unshared", "undo",
        *Correction.Kind.values,
    }
)  # fmt: skip


def record(
    kind: str,
    *,
    person: Person | None = None,
    theme: Theme | int | None = None,
    message: Message | int | None = None,
    intake: Intake | None = None,
    correction: Correction | None = None,
    proposal: Proposal | None = None,
    **facts: Fact,
) -> Event:
    """Add an event, of a person or (None) the machine. ``facts`` hold codes and numbers, never a resident's text.

    Call it in the transaction of the change that it tells of, so that there is never one without the other.
    Raises ValueError for a kind that is not of KINDS.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    return Event.objects.create(
        kind=kind,
        person=person,
        theme_id=_number(theme),
        message_id=_number(message),
        intake_id=_number(intake),
        correction_id=_number(correction),
        proposal_id=_number(proposal),
        facts=facts,
    )


def _number(subject: Model | int | None) -> int | None:
    return subject.pk if isinstance(subject, Model) else subject

"""History: add to the one record of what a person or the machine changed."""

from kuulo.models import Correction, Event, Intake, Message, Person, Proposal, Theme

Fact = str | int | float | bool | list[int] | list[str] | dict[str, str] | dict[str, int] | None


def record(
    kind: str,
    *,
    person: Person | None = None,
    theme: Theme | None = None,
    message: Message | None = None,
    intake: Intake | None = None,
    correction: Correction | None = None,
    proposal: Proposal | None = None,
    **facts: Fact,
) -> Event:
    """Add an event, of a person or (None) the machine. ``facts`` hold codes and numbers, never a resident's text.

    Call it in the transaction of the change that it tells of, so that there is never one without the other.
    """
    return Event.objects.create(
        kind=kind,
        person=person,
        theme_id=theme.pk if theme else None,
        message_id=message.pk if message else None,
        intake_id=intake.pk if intake else None,
        correction_id=correction.pk if correction else None,
        proposal_id=proposal.pk if proposal else None,
        facts=facts,
    )

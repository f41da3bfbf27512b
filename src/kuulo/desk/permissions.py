"""Who may: which roles may do what at the desk. What may happen now is another question, and not asked here."""

from django.contrib.auth.models import AnonymousUser

from kuulo.models import Person, Role

_EVERYONE = frozenset(Role)
_OFFICIALS = _EVERYONE - {Role.READER}
_LEADERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
# Every act at the desk, and who may do it.
ACTS: dict[str, frozenset[Role]] = {
    "read": _EVERYONE,
    "bring": _OFFICIALS,
    "correct": _OFFICIALS,
    "decide": _OFFICIALS,
    "regroup": _OFFICIALS,
    "share-view": _OFFICIALS,
    "merge-tags": _OFFICIALS,
    "watch": _OFFICIALS,
    "follow-discussions": _OFFICIALS,
    "handle-storm": _OFFICIALS,
    "set-storm-watch": _LEADERS,
    "lead-practice": _LEADERS,
    "reply": _OFFICIALS,
    "judge-concern": _OFFICIALS,
    "send-to-safety": _OFFICIALS,
    "see-safety": _LEADERS,
    "see-workings": _LEADERS,
    "manage-sources": _LEADERS,
    "manage-places": _LEADERS,
    "manage-duty": _LEADERS,
    "reach-own-network": frozenset({Role.ADMINISTRATOR}),
    "open-unread": frozenset({Role.ADMINISTRATOR}),
    "manage-keys": frozenset({Role.ADMINISTRATOR}),
    "handle-person-data": frozenset({Role.ADMINISTRATOR}),
    "manage-people": frozenset({Role.ADMINISTRATOR}),
}


class NotAllowed(Exception):
    """Somebody asked for what their role does not hold; ``act`` is what it was."""

    def __init__(self, act: str) -> None:
        super().__init__(act)
        self.act = act


def may(person: Person | AnonymousUser, act: str) -> bool:
    """Tell whether a person may do an act in any of their roles. Raises KeyError for an act that is none."""
    allowed = ACTS[act]
    if not isinstance(person, Person) or not person.is_active:
        return False
    return not allowed.isdisjoint(roles(person))


def roles(person: Person) -> frozenset[Role]:
    """Give the roles of a person, asked for once."""
    known: frozenset[Role] | None = getattr(person, "_roles", None)
    if known is None:
        known = frozenset(Role(role) for role in person.memberships.values_list("role", flat=True))
        person._roles = known  # type: ignore[attr-defined]
    return known

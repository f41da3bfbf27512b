"""Said: what people say of where a message is about. It stands whatever a machine finds."""

from django.db import transaction

from kuulo.desk.history import record
from kuulo.models import Message, NotHere, Person, Place, Whereabouts

_MOST = 30


def add(message: Message, place: Place, *, person: Person) -> bool:
    """Say that a message is about a place; tell whether it was not said to be before."""
    with transaction.atomic():
        NotHere.objects.filter(message=message, place=place).delete()
        told = {"by": Whereabouts.By.PERSON, "sure": 1.0, "start": None, "end": None, "why": {}}
        row, is_new = Whereabouts.objects.get_or_create(
            message=message, place=place, defaults=told | {"arrived": message.arrived}
        )
        is_new = is_new or row.by != Whereabouts.By.PERSON
        if is_new:
            Whereabouts.objects.filter(pk=row.pk).update(**told)
            record("place-added", person=person, message=message, place=place.pk, called=_name(place))
    return is_new


def take_away(message: Message, place: Place, *, person: Person) -> bool:
    """Say that a message is not about a place: no machine brings it back; tell whether it stood there."""
    with transaction.atomic():
        taken, _ = Whereabouts.objects.filter(message=message, place=place).delete()
        if taken:
            NotHere.objects.get_or_create(message=message, place=place, defaults={"person": person})
            record("place-removed", person=person, message=message, place=place.pk, called=_name(place))
    return bool(taken)


def _name(place: Place) -> str:
    """Give the official name of a place in any language: a public name, as its file has it."""
    return next((names[0] for names in place.names.values() if names), place.code)


def called(words: str) -> list[Place]:
    """Give the places whose names hold these words, those called just so first."""
    wanted = words.casefold().strip()
    if not wanted:
        return []
    found = Place.objects.filter(gone=None, search__contains=wanted).select_related("parent").only(*_LIGHT)
    exact = f"\n{wanted}\n"
    return sorted(
        found.order_by("-messages", "pk")[:500],
        key=lambda place: (exact not in place.search, -place.messages, place.pk),
    )[:_MOST]


_LIGHT = ("code", "names", "kind", "messages", "search", "parent__names", "parent__code")

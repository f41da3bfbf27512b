"""Rows: find rows by what they are called, and make those that are missing."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Manager

from kuulo.models import Message, Tag


def ids_of(manager: Manager[Any], name: str, values: set[str]) -> dict[str, int]:
    """Give the ids of authors or tags by their key or name, made where they are missing."""
    wanted = sorted(values - {""})
    found = manager.filter(**{f"{name}__in": wanted})
    known = dict(found.values_list(name, "pk"))
    if missing := [value for value in wanted if value not in known]:
        manager.bulk_create([manager.model(**{name: value}) for value in missing], ignore_conflicts=True)
        known = dict(found.all().values_list(name, "pk"))
    return known


def add_tags(tagged: Sequence[tuple[int, tuple[str, ...]]]) -> None:
    """Give messages, by id, their hashtags."""
    tags = ids_of(Tag.objects, "name", {tag for _, names in tagged for tag in names})
    bond = Message.tags.through
    bond.objects.bulk_create(
        [bond(message_id=message, tag_id=tags[tag]) for message, names in tagged for tag in names],
        ignore_conflicts=True,
    )

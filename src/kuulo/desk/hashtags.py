"""Hashtags: collections that residents made; two that mean the same can be made one, and parted again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import transaction
from django.db.models import Count

from kuulo.desk.history import record
from kuulo.models import Event, Message, Person, SafetyCase, Tag

SHOWN = 200
_COUNTED = 200
_ALIKE = 0.84


class TagsRefused(Exception):
    """Tags cannot be made one: ``code`` is no-such-tag or the-same."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Collection:
    """A hashtag with those that mean the same, and how often they are used."""

    tag: Tag
    aliases: tuple[Tag, ...]
    uses: int


def collections(*, beginning: str = "", most: int = SHOWN) -> list[Collection]:
    """Give the hashtags that are used most, with their aliases, most used first.

    One that is left of what was erased, or stands only in what is on the path of safety, is not told.
    """
    heads = Tag.objects.all()
    if beginning:
        heads = heads.filter(name__startswith=clean_tag(beginning))
    uses = _uses()
    tags = {tag.pk: tag for tag in heads}
    everything = tags if not beginning else {tag.pk: tag for tag in Tag.objects.all()}
    aliases: dict[int, list[Tag]] = {}
    for tag in everything.values():
        if tag.alias_of_id:
            aliases.setdefault(tag.alias_of_id, []).append(tag)
    found = [_collection(tag, aliases.get(tag.pk, []), uses) for tag in tags.values() if not tag.alias_of_id]
    told = [one for one in found if one.uses or one.aliases]
    return sorted(told, key=lambda one: (-one.uses, one.tag.name))[:most]


def alike(shown: Sequence[Collection], *, most: int = 10) -> list[tuple[Tag, Tag]]:
    """Suggest tags that may mean the same by how they are written, such as #auraus and #aurausta."""
    tags = [one.tag for one in shown[:_COUNTED] if len(one.tag.name) > 3]
    pairs = (
        (first, second)
        for at, first in enumerate(tags)
        for second in tags[at + 1 :]
        if _may_be_alike(first.name, second.name)
    )
    return [pair for pair, _ in zip(pairs, range(most), strict=False)]


def merge_tags(first: str, second: str, *, person: Person) -> Tag:
    """Make the second tag, and what means the same as it, one with the first. Raises TagsRefused."""
    with transaction.atomic():
        head, other = _head(first), _head(second)
        if head == other:
            raise TagsRefused("the-same")
        moved = [other.pk, *Tag.objects.filter(alias_of=other).values_list("pk", flat=True)]
        Tag.objects.filter(pk__in=moved).update(alias_of=head)
        record("tags-merged", person=person, tag=head.pk, tags=moved)
    return head


def part_tag(tag: Tag, *, person: Person) -> None:
    """Let a tag stand for itself again, with those that were its own aliases when it was merged."""
    with transaction.atomic():
        head = tag.alias_of_id
        if not head or not Tag.objects.filter(pk=tag.pk, alias_of=head).update(alias_of=None):
            return
        own = _own_aliases(tag)
        Tag.objects.filter(pk__in=own, alias_of=head).update(alias_of=tag)
        record("tags-parted", person=person, tag=head, tags=[tag.pk, *own])


def _own_aliases(tag: Tag) -> list[int]:
    merged = Event.objects.filter(kind="tags-merged", facts__tags__0=tag.pk).order_by("-id").first()
    return merged.facts["tags"][1:] if merged else []


def clean_tag(name: str) -> str:
    """Give a tag as it is kept: in small letters, without its sign."""
    return name.replace("\0", "").strip().lstrip("#").lower()


def _uses() -> dict[int, int]:
    """Count the messages of each tag, in one walk over an index, without the few that nobody is to read."""
    unseen = Counter(
        Message.tags.through.objects.filter(
            message__in=SafetyCase.objects.values("message"), message__status=Message.Status.SAFETY
        ).values_list("tag", flat=True)
    )
    counted = Tag.objects.annotate(n=Count("messages")).values_list("pk", "n")
    return {tag: n - unseen[tag] for tag, n in counted if n > unseen[tag]}


def _collection(tag: Tag, aliases: list[Tag], uses: dict[int, int]) -> Collection:
    return Collection(tag, tuple(aliases), sum(uses.get(one.pk, 0) for one in (tag, *aliases)))


def _head(name: str) -> Tag:
    tag = Tag.objects.filter(name=clean_tag(name)).select_related("alias_of").first()
    if tag is None:
        raise TagsRefused("no-such-tag")
    return tag.alias_of or tag


def _may_be_alike(first: str, second: str) -> bool:
    if first[:3] != second[:3]:
        return False
    shorter, longer = sorted((first, second), key=len)
    return longer.startswith(shorter) or SequenceMatcher(None, first, second).ratio() >= _ALIKE

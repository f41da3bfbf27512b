"""Seek: find where else a discussion's matter is talked about, a few hundred messages at a time.

Which services the matter belongs to is chosen by a person, or read from the discussion's name and question. A
message is on the matter if it tells of one of these more clearly than of any other service of the vocabulary.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone

from kuulo.desk.discussions.said import elsewhere_since, in_discussion
from kuulo.desk.vectors import Stored, as_rows
from kuulo.models import Discussion, Message

AT_ONCE = 1_000
_STANDING = (Message.Status.GROUPED, Message.Status.UNCERTAIN)
# So much of a text is read: a message may hold ten million letters.
_BEGINNING = 4_000


def seek(*, limit: int = AT_ONCE) -> int:
    """Look some messages through for the matters of the discussions that go on; give how many, 0 where none waits."""
    going_on = Discussion.objects.filter(Q(closes=None) | Q(closes__gte=timezone.localdate()), ended=None)
    for one in going_on.filter(sought__isnull=True):
        _read_matter(one)
    waiting = list(going_on.filter(sought__isnull=False, looked_to__lt=_last()).order_by("looked_to", "pk"))
    together = [one for one in waiting if one.looked_to == waiting[0].looked_to]
    return _look(together, limit) if together else 0


def _read_matter(discussion: Discussion) -> None:
    from kuulo.group.matter import named_services  # noqa: PLC0415 - numpy and more, which no page needs

    sought = discussion.services or named_services(f"{discussion.name}\n{discussion.question}")
    # changed meanwhile, its matter is read anew
    same = Discussion.objects.filter(pk=discussion.pk, name=discussion.name, question=discussion.question)
    same.filter(services=discussion.services, sought__isnull=True).update(sought=sought)


def _last() -> int:
    """Give the number of the last message that can be looked at: all from one that waits to be placed on wait."""
    waiting = Message.objects.filter(status=Message.Status.NEW).aggregate(first=Min("pk"))["first"]
    found = Message.objects.filter(pk__lt=waiting) if waiting else Message.objects.all()
    return found.aggregate(last=Max("pk"))["last"] or 0


def _look(discussions: Sequence[Discussion], limit: int) -> int:
    """Look through the next messages after those that all these discussions have seen."""
    seen, last = discussions[0].looked_to, _last()
    rows = Message.objects.filter(pk__gt=seen, pk__lte=last, arrived__gte=elsewhere_since(), vector__isnull=False)
    found = list(rows.filter(status__in=_STANDING).order_by("pk").values_list("pk", "vector", "text")[:limit])
    by_service = _by_service(found)
    reached = found[-1][0] if len(found) == limit else last
    for one in discussions:
        _keep(one, set().union(*(by_service.get(service, set()) for service in one.sought or [])), seen, reached)
    return max(len(found), 1)


def _by_service(found: Sequence[tuple[int, Stored, str]]) -> dict[str, set[int]]:
    """Give the messages that tell of each service most clearly."""
    from kuulo.group.matter import clearest_services  # noqa: PLC0415

    vectors, texts = as_rows(vector for _, vector, _ in found), [text[:_BEGINNING] for _, _, text in found]
    by_service: dict[str, set[int]] = {}
    for (pk, _, _), service in zip(found, clearest_services(vectors, texts) if found else [], strict=True):
        by_service.setdefault(service, set()).add(pk)
    return by_service


def _keep(discussion: Discussion, found: set[int], seen: int, reached: int) -> None:
    """Add what was found, unless the discussion's matter was changed meanwhile."""
    with transaction.atomic():
        held = Discussion.objects.select_for_update(of=("self",)).select_related("theme").filter(pk=discussion.pk)
        row = held.first()
        if row is None or (row.looked_to, row.sought) != (seen, discussion.sought):
            return
        if found:
            part = set(in_discussion(row).filter(pk__in=found).values_list("pk", flat=True))
            row.elsewhere.add(*(found - part))
        Discussion.objects.filter(pk=row.pk).update(looked_to=reached)

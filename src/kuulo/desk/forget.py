"""Forget: what was kept for its time goes by itself, a little at a time.

Of a message that is forgotten its places, channel, language, time and writer's number stay, so every count stays as
it was. Each step is one transaction with the event that tells of it: stopped anywhere, the rest goes the next time.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from kuulo.desk import examples
from kuulo.desk.history import record
from kuulo.desk.push import KEEP_ANSWERS
from kuulo.desk.safety import kept_as_evidence
from kuulo.desk.withdraw import blank
from kuulo.models import Author, Invitation, Message, Placement, PushAnswer, RawText, Source, Theme, UnreadItem

AT_A_TIME = 500
KEEP_UNREAD = timedelta(days=7)
_KEEP_INVITATION = timedelta(days=30)
# Typical messages are looked for among so many of a theme's latest.
_LOOKED_AT = 400
Status = Message.Status


def forget(*, stop: Callable[[], bool] = lambda: False, now: datetime | None = None) -> dict[str, int]:
    """Forget all that is not kept any longer, until ``stop`` says so; give how much of each kind."""
    now = now or timezone.now()
    forgotten: dict[str, int] = {}
    while not stop() and (some := _step(now)):
        forgotten = {kind: forgotten.get(kind, 0) + some.get(kind, 0) for kind in {*forgotten, *some}}
    if forgotten.get("texts"):
        examples.forget()
    if not stop():
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return forgotten


def _step(now: datetime) -> dict[str, int]:
    """Forget some of each kind; give how much, only of what there was."""
    due = list(_old_texts(now))
    with transaction.atomic():
        counts = {"texts": _forget_texts(due, now), "names": _forget_names(now)}
        counts |= {kind: _delete_some(rows) for kind, rows in _short_lived(now).items()}
        told = {kind: n for kind, n in counts.items() if n}
        if told:
            record("forgotten", **told)  # type: ignore[arg-type]
    return told


def _old_texts(now: datetime) -> Iterator[int]:
    """Give messages that were heard longer ago than their source keeps texts."""
    left = AT_A_TIME
    for source, days in Source.objects.order_by("pk").values_list("pk", "keep_days"):
        old = Message.objects.filter(source=source, gone=None, heard__lt=now - timedelta(days=days))
        old = old.exclude(pk__in=kept_as_evidence())
        found = list(old.order_by("pk").values_list("pk", flat=True)[:left])
        yield from found
        left -= len(found)
        if not left:
            return


def _forget_texts(due: Collection[int], now: datetime) -> int:
    """Take the texts out of messages whose places stay; what waited to be placed is empty now."""
    # whoever hears something for these sources waits, and reads the messages as they are left
    _hold_sources(due)
    rows = Message.objects.select_for_update().filter(pk__in=due, gone=None).order_by("pk")
    messages = list(rows.values_list("pk", flat=True))
    blank(messages, now=now, known=("author", "evidence"))
    Message.objects.filter(pk__in=messages, status=Status.NEW).update(status=Status.EMPTY)
    _hand_on(messages)
    _renew_typical(messages)
    return len(messages)


def _hold_sources(due: Collection[int]) -> None:
    sources = set(Message.objects.filter(pk__in=due).values_list("source", flat=True))
    list(Source.objects.select_for_update().filter(pk__in=sources).order_by("pk"))


def _hand_on(messages: Collection[int]) -> None:
    """Let the first copy that still has its text stand for the others, the forgotten one among them."""
    heads: dict[int, int] = {}
    for one in Message.objects.filter(copy_of__in=messages, gone=None).order_by("pk").only("copy_of"):
        heads.setdefault(one.copy_of_id or 0, one.pk)
    for head, copy in heads.items():
        Message.objects.filter(copy_of=head).exclude(pk=copy).update(copy_of=copy)
        Message.objects.filter(pk=head).update(copy_of=copy)
    Message.objects.filter(pk__in=heads.values()).update(copy_of=None)


def _renew_typical(messages: Collection[int]) -> None:
    """Let others be typical of a theme in the place of forgotten ones: those that fit best among the latest."""
    places = Placement.objects.filter(message__in=messages).values_list("theme", "subtheme")
    gone = set(messages)
    for theme in Theme.objects.filter(pk__in={one for place in places for one in place if one}).only(
        "central", "parent"
    ):
        left = [one for one in theme.central if one not in gone]
        if len(left) < len(theme.central):
            others = [one for one in _best_of(theme) if one not in left]
            theme.central = [*left, *others][: len(theme.central)]
            theme.save(update_fields=["central"])


def _best_of(theme: Theme) -> list[int]:
    held = Placement.objects.filter(counted=True, **{"subtheme" if theme.parent_id else "theme": theme.pk})
    told = held.filter(message__gone=None, message__copy_of=None).order_by("-arrived", "-message")
    fits = list(told.values_list("fit", "message")[:_LOOKED_AT])
    return [message for _, message in sorted(fits, reverse=True)]


def _forget_names(now: datetime) -> int:
    some = list(Author.objects.filter(name_until__lte=now).values_list("pk", flat=True)[:AT_A_TIME])
    return Author.objects.filter(pk__in=some).update(name=b"", name_until=None)


def _short_lived(now: datetime) -> dict[str, QuerySet[Model]]:
    """Give what goes as a whole when its time is over, by kind."""
    return {
        "raw": RawText.objects.filter(until__lte=now).exclude(message__in=kept_as_evidence()),
        "unread": UnreadItem.objects.filter(came__lte=now - KEEP_UNREAD),
        "answers": PushAnswer.objects.filter(came__lte=now - KEEP_ANSWERS),
        "invitations": Invitation.objects.filter(expires__lte=now - _KEEP_INVITATION),
    }


def _delete_some(rows: QuerySet[Model]) -> int:
    some = list(rows.values_list("pk", flat=True)[:AT_A_TIME])
    return rows.model._default_manager.filter(pk__in=some).delete()[0]

"""Subject: what is known of one writer who asks for it: find it, give it out, erase it, keep it from coming back.

A writer is found by name within the running period only (see kuulo.desk.authors). That somebody looked is recorded;
the name is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from kuulo.desk import examples
from kuulo.desk.authors import block, blocked_among, pseudonym
from kuulo.desk.history import record
from kuulo.desk.safety import kept_as_evidence
from kuulo.desk.seal import unseal
from kuulo.desk.withdraw import remove
from kuulo.models import Author, Message, Person, Source

SHOWN = 50
REASONS = ("writer", "other-person", "unlawful", "mistake")
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a writer at one source: how many messages, the latest of them, and whether it is blocked."""

    source: Source
    count: int
    latest: Sequence[Message]
    is_blocked: bool


def search(by: Person, handle: str, sources: Iterable[Source]) -> list[Found]:
    """Find a writer at sources by the name that they write with; give those where something is known."""
    known = _known_at(handle, list(sources))
    found = [_at(handle, source, is_blocked=is_blocked) for source, is_blocked in known.items()]
    record("person-searched", person=by, messages=sum(one.count for one in found), sources=len(found))
    return found


def _known_at(handle: str, sources: Sequence[Source]) -> dict[Source, bool]:
    """Give the sources where a writer has messages or is blocked, and whether they are blocked there."""
    keys = {pseudonym(one, source): source for source in sources for one in _spellings(handle)}
    wrote = Author.objects.filter(key__in=keys, messages__isnull=False).values_list("key", flat=True)
    writes_at = {keys[key] for key in wrote}
    blocked_at = {source: bool(blocked_among(_spellings(handle), source)) for source in sources}
    return {source: is_so for source, is_so in blocked_at.items() if is_so or source in writes_at}


def _at(handle: str, source: Source, *, is_blocked: bool) -> Found:
    own = _messages(handle, source)
    latest = own.select_related("source").defer("vector", "search_text").order_by("-arrived", "-pk")[:SHOWN]
    return Found(source, own.count(), list(latest), is_blocked)


def _spellings(handle: str) -> list[str]:
    """Give a name as sources may tell it: bare, with the sign @ before it, or marked as no more than a name."""
    bare = handle.strip().removeprefix("@")
    return [bare, f"@{bare}", f"name:{bare}"] if bare else []


def _authors(handle: str, source: Source) -> list[int]:
    keys = [pseudonym(one, source) for one in _spellings(handle)]
    return list(Author.objects.filter(key__in=keys).values_list("pk", flat=True))


def _messages(handle: str, source: Source) -> Any:  # noqa: ANN401  a QuerySet that is narrowed further
    return Message.objects.filter(source=source, author__in=_authors(handle, source))


@transaction.atomic
def export(by: Person, handle: str, source: Source) -> dict[str, Any]:
    """Give all that is known of a writer at a source, word for word as long as that is kept."""
    rows = _messages(handle, source).select_related("raw").defer("vector", "search_text")
    rows = rows.prefetch_related("earlier_texts", "placements__theme", "deliveries").order_by("arrived", "pk")
    told = [_told(row) for row in rows]
    names = Author.objects.filter(pk__in=_authors(handle, source)).values_list("name", flat=True)
    record("person-exported", person=by, source=source.pk, messages=len(told))
    kept = [name for sealed in names if (name := unseal(sealed, "author-name") if sealed else None)]
    return {"source": source.name, "names": kept, "messages": told}


def _told(row: Message) -> dict[str, Any]:
    raw = getattr(row, "raw", None)
    return {
        "id": row.pk,
        "id_at_source": row.origin_id,
        "address": row.url,
        "arrived": row.arrived.isoformat(),
        "heard": row.heard.isoformat(),
        "channel": row.channel,
        "language": row.language,
        "title": row.title,
        "text": row.text,
        "word_for_word": unseal(raw.sealed, "text") if raw else None,
        "earlier_texts": [one.text for one in row.earlier_texts.all()],
        "background": row.background,
        "place": [row.latitude, row.longitude] if row.latitude is not None else None,
        "attachments": row.attachments,
        "themes": [one.theme.code for one in row.placements.all()],
        "replies": [one.text for one in row.deliveries.all()],
    }


def erase(by: Person, handle: str, source: Source) -> int:
    """Erase all messages of a writer at a source, and the writer; give how many messages that were.

    What is evidence in an open case of safety stays, without its writer.
    """
    authors, erased = _authors(handle, source), 0
    theirs = Message.objects.filter(author__in=authors).exclude(pk__in=kept_as_evidence())
    while some := list(theirs.values_list("pk", flat=True)[:_AT_A_TIME]):
        with transaction.atomic():
            Source.objects.select_for_update().get(pk=source.pk)  # whoever hears something there waits
            remove(some, now=timezone.now())
            record("person-erased", person=by, source=source.pk, messages=len(some))
        erased += len(some)
    Author.objects.filter(pk__in=authors).delete()
    examples.forget()
    return erased


@transaction.atomic
def keep_out(by: Person, handle: str, source: Source) -> None:
    """Take in nothing more of a writer at a source."""
    for one in _spellings(handle):
        block(one, source)
    record("person-blocked", person=by, source=source.pk)


def erase_message(by: Person, message: Message, *, reason: str) -> None:
    """Erase one message, for one of REASONS; raises ValueError for another."""
    if reason not in REASONS:
        raise ValueError(reason)
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=message.source_id)
        remove([message.pk], now=timezone.now())
        record("message-erased", person=by, message=message, source=message.source_id, reason=reason)
    examples.forget()

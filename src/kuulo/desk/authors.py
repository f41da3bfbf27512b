"""Authors: know that two messages have one writer, without knowing who.

A pseudonym is keyed with a key that lives beside the database, never in it nor in a backup, and for one period of 90
days only. When the period is over, random numbers take the place of its pseudonyms and the key is deleted: that
several messages have one writer stays known, so people are counted as before, but whether a given name is that writer
can no longer be found out (docs/decisions/0011-author-keys.md).
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kuulo.desk.seal import seal
from kuulo.lang.composed import composed
from kuulo.models import Author, Blocked, Source
from kuulo.settings import write_once

DAYS = 90
_KEEP_NAME = timedelta(days=30)
_BLOCKING = "blocked"
_AT_A_TIME = 1000


def pseudonym(author: str, source: Source, *, now: datetime | None = None) -> str:
    """Give the pseudonym of an author, 32 signs that begin with the period's number; "" for none.

    It holds within a source only: that "Anna" on a form is "Anna" of a chat is not known.
    """
    return pseudonyms([author], source, now=now)[author]


def pseudonyms(authors: Iterable[str], source: Source, *, now: datetime | None = None) -> dict[str, str]:
    """Give the pseudonym of each author, as ``pseudonym`` does."""
    period = _period(now or timezone.now())
    hashed = _hashed(authors, source, f"{period}.key")
    return {author: f"{period}-{one}"[:32] if one else "" for author, one in hashed.items()}


def keep_names(names: Mapping[int, str], *, now: datetime) -> None:
    """Keep what authors, by id, are called, sealed, for 30 days: where a source is answered by name."""
    until = now + _KEEP_NAME
    for author, name in names.items():
        Author.objects.filter(pk=author).update(name=seal(name[:200], "author-name"), name_until=until)


def block(author: str, source: Source) -> None:
    """Take in nothing more of what an author says at a source."""
    Blocked.objects.get_or_create(key=_hashed([author], source, f"{_BLOCKING}.key")[author])


def blocked(author: str, source: Source) -> bool:
    """Tell whether an author is blocked at a source."""
    return bool(blocked_among([author], source))


def blocked_among(authors: Iterable[str], source: Source) -> set[str]:
    """Give the authors that are blocked at a source."""
    keys = _hashed(filter(None, authors), source, f"{_BLOCKING}.key")
    there = set(Blocked.objects.filter(key__in=set(keys.values())).values_list("key", flat=True))
    return {author for author, key in keys.items() if key in there}


def close_periods(*, now: datetime | None = None) -> int:
    """Let go of the keys of periods that are over; give how many keys that were.

    The pseudonyms go first: were it stopped in between, it would be done again.
    """
    period = _period(now or timezone.now())
    over = [file for file in _folder().glob("*.key") if file.stem.isdecimal() and int(file.stem) < period]
    if over:
        _make_random(period)
    for file in over:
        file.unlink(missing_ok=True)
    return len(over)


def period(*, now: datetime | None = None) -> tuple[datetime, datetime]:
    """Give when the running period began and when it ends: who wrote before it is not known again."""
    number = _period(now or timezone.now())
    begin, end = (datetime.fromtimestamp(one * DAYS * 86400, UTC) for one in (number, number + 1))
    return begin, end


def _make_random(period: int) -> None:
    """Put random numbers in the place of all pseudonyms but those of a period, and forget names."""
    others = Author.objects.exclude(key__startswith=f"{period}-").exclude(key__startswith="~")
    while some := list(others.only("pk")[:_AT_A_TIME]):
        for author in some:
            author.key, author.name, author.name_until = f"~{secrets.token_hex(15)}", b"", None
        with transaction.atomic():
            Author.objects.bulk_update(some, ["key", "name", "name_until"])


def _period(now: datetime) -> int:
    return int(now.timestamp()) // (DAYS * 86400)


def _hashed(authors: Iterable[str], source: Source, name: str) -> dict[str, str]:
    """Give the keyed hash of each author, 32 hex digits; "" for one without a name."""
    named = {author: " ".join(composed(author).casefold().split()) for author in authors}
    key = _key(_folder() / name) if any(named.values()) else b""
    return {author: _keyed(f"author\0{source.pk}\0{plain}", key) if plain else "" for author, plain in named.items()}


def _keyed(told: str, key: bytes) -> str:
    return hmac.digest(key, told.encode(), "sha256").hex()[:32]


def _folder() -> Path:
    return Path(settings.AUTHOR_KEYS)


def _key(file: Path) -> bytes:
    """Give a key, made at its first use."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(file)
        _read.cache_clear()
    return _read(file)


@lru_cache(maxsize=4)
def _read(file: Path) -> bytes:
    return file.read_bytes().strip()

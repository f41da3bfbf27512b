"""Privacy: what is kept of what somebody wrote, at the door.

There are three levels of a text. Word for word it is kept for 30 days, sealed, in a row of its own. The text for work
is what the desk shows, searches and exports. The text that may be published is masked further.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache

from kuulo.desk.seal import seal, unseal
from kuulo.lang.mask import Spared, mask, spared_names
from kuulo.models import Message, Person, RawText, Unit

KEEP_RAW = timedelta(days=30)
_SPARED, _SECONDS = "kuulo-spared-names", 60


def for_work(text: str) -> str:
    """Give the text for work: marks stand in the place of what surely tells who somebody is."""
    return mask(text, "work", spared=_spared())


def for_public(text: str) -> str:
    """Give the text that may be published: whatever may tell who somebody is has a mark."""
    return mask(text, "public", spared=_spared())


def _spared() -> Spared:
    """Give the names of who speaks for the municipality, people and units of the desk; looked up once a minute."""
    return cache.get_or_set(_SPARED, _look_up_spared, _SECONDS) or ()


def _look_up_spared() -> Spared:
    people = Person.objects.filter(is_active=True).values_list("name", flat=True)
    units = (name for names in Unit.objects.values_list("names", flat=True) for name in names.values())
    # a first name alone is everybody's
    return spared_names([*(name for name in people if " " in name.strip()), *units])


def keep_raw(said: Iterable[tuple[Message, str]], *, now: datetime) -> None:
    """Keep word for word, sealed and for a while, what differs from the text for work."""
    RawText.objects.bulk_create(
        [
            RawText(message=message, sealed=seal(raw, "text"), until=now + KEEP_RAW)
            for message, raw in said
            if raw != message.text
        ],
        update_conflicts=True,
        unique_fields=["message"],
        update_fields=["sealed", "until"],
    )


def same_text(raw: str, *, text: str, sealed: bytes | memoryview | None) -> bool:
    """Tell whether a text is the one that stands, as ``text`` for work and (for a while) ``sealed`` word for word."""
    known = unseal(sealed, "text") if sealed else None
    return raw == known if known is not None else text in (raw, for_work(raw))

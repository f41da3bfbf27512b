"""A concern for a page: the message's words with those marked that told so, and what it may be about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from kuulo.models import Concern, Message
from kuulo.report.encoding import quotable

# So much of a long text is shown, from a little before the first word that told.
_SHOWN, _BEFORE = 1_200, 200


@dataclass(frozen=True, slots=True)
class Concerned:
    """What a page shows of a concern; ``kinds`` are the keys of their words, ``marked`` whether words are marked."""

    concern: Concern
    message: Message
    kinds: list[str]
    text: SafeString
    marked: bool


def told_concern(concern: Concern, *, whole: bool = False) -> Concerned:
    """Make a concern ready; ``whole`` shows all of the text, else the part around the first words that told."""
    message = concern.message
    spans = list(_apart((start, end) for _, start, end in concern.why))
    begin = 0 if whole or not spans else max(0, spans[0][0] - _BEFORE)
    end = len(message.text) if whole else min(begin + _SHOWN, len(message.text))
    text = _marked(message.text, spans, begin, end)
    return Concerned(concern, message, [f"concerns.kind.{kind}" for kind in concern.kinds], text, bool(spans))


def _apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give spans in order that do not overlap."""
    at = -1
    for start, end in sorted(spans):
        if start >= at:
            yield start, end
            at = end


def _marked(text: str, spans: list[tuple[int, int]], begin: int, end: int) -> SafeString:
    at, parts = begin, ["… " if begin else ""]
    for start, stop in spans:
        if begin <= start and stop <= end:
            parts += [_shown(text[at:start]), "<mark>", _shown(text[start:stop]), "</mark>"]
            at = stop
    parts += [_shown(text[at:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(parts))  # noqa: S308 - every part of the text is escaped


def _shown(text: str) -> str:
    return escape(quotable(text))

"""Poison: find messages that the encoder fails on, so that one of them never keeps the others from their places."""

import logging
import secrets
from collections.abc import Sequence

from kuulo.group.embed import Encoder
from kuulo.group.parts import sentences

# the reason of a message that is unreadable because of it
ENCODER_FAILED = "encoder-failed"
log = logging.getLogger("kuulo.desk")


def poisonous(encoder: Encoder, texts: Sequence[str]) -> set[int]:
    """Give the places of the texts that the encoder fails on when it reads them alone.

    Where it fails on a harmless text too, the encoder is broken and no message: what it raises then goes on.
    """
    encoder.raw_vectors([f"The plough came late. {secrets.token_hex(4)}"])  # one that it has not kept
    found = set(_failing(encoder, texts, range(len(texts))))
    if found:
        log.error("the encoder failed on messages: %d of %d", len(found), len(texts))
    return found


def _failing(encoder: Encoder, texts: Sequence[str], places: range) -> list[int]:
    """Look for them by halves: of thousands a few are found in a few dozen tries."""
    if _reads(encoder, [texts[at] for at in places]):
        return []
    if len(places) == 1:
        return [*places]
    half = len(places) // 2
    return [*_failing(encoder, texts, places[:half]), *_failing(encoder, texts, places[half:])]


def _reads(encoder: Encoder, texts: Sequence[str]) -> bool:
    try:
        encoder.raw_vectors([*texts, *(part for text in texts for part in sentences(text))])
    except Exception:  # noqa: BLE001  whatever it is, it would come again with the same text
        return False
    return True

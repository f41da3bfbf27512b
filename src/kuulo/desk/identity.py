"""Identity: what makes a message the same message when a file is brought in again."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Identities:
    """Gives each message of a file its identity within the source: 32 hex digits. Call it for all, in their order.

    It is the message's id; without one its text, its time and how many with the same came before it in the file, so
    that equal rows stay apart and a file brought in twice adds nothing. Where a row has several texts, the column
    belongs to it (``several``).
    """

    several: bool
    _equals: Counter[bytes] = field(default_factory=Counter)

    def of(self, *, origin_id: str, column: str, text: str, time: str) -> str:
        """Give the identity of the next message."""
        place = column if self.several else ""
        if origin_id:
            return identity_of(origin_id, place)
        base = _hashed(("text", place, text, time))
        before = self._equals[base]
        self._equals[base] += 1
        return _hashed((base.hex(), str(before))).hex()


def identity_of(origin_id: str, place: str = "") -> str:
    """Give the identity of what the source has a name of its own for; ``place`` tells several of that name apart."""
    return _hashed(("id", place, origin_id)).hex()


def _hashed(parts: Sequence[str]) -> bytes:
    """Hash parts so that none runs into the next: each goes with its length."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        told = part.encode("utf-8", "surrogatepass")
        digest.update(len(told).to_bytes(8, "big") + told)
    return digest.digest()

"""Meaning: the messages that lie nearest to a text or to another message, by vectors held in memory."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Min
from numpy.typing import NDArray

from kuulo.desk.vectors import WIDTH, as_vector
from kuulo.models import Message

if TYPE_CHECKING:
    from kuulo.group.embed import Encoder

# The newest so many vectors are held: 460 MB.
HELD = 300_000
_AT_ONCE = 4_000
_SAME, _CLOSE = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Near:
    """A message and how near it lies: the cosine, and a plain word for it (same, close, related)."""

    message_id: int
    likeness: float

    @property
    def word(self) -> str:
        """Put the likeness into a word."""
        if self.likeness >= _SAME:
            return "same"
        return "close" if self.likeness >= _CLOSE else "related"


class Vectors:
    """The vectors of the newest messages, in blocks of half-precision numbers, refreshed when they are asked."""

    def __init__(self, held: int = HELD) -> None:
        self._held = held
        self._ids: list[NDArray[np.int64]] = []
        self._blocks: list[NDArray[np.float16]] = []
        self._last = 0
        self._lock = threading.Lock()

    def nearest(self, vector: NDArray[np.float32], *, most: int, apart_from: int = 0) -> list[Near]:
        """Give the messages nearest to a vector (768, of length 1), nearest first."""
        with self._lock:
            self._refresh()
            ids, blocks = [*self._ids], [*self._blocks]
        if not ids:
            return []
        likeness = np.concatenate([block.astype(np.float32) @ vector for block in blocks])
        every = np.concatenate(ids)
        order = np.argsort(-likeness, kind="stable")[: most + 1]
        found = [Near(int(every[at]), float(likeness[at])) for at in order]
        gone = self._drop_gone([near.message_id for near in found])
        return [near for near in found if near.message_id not in gone | {apart_from}][:most]

    def _drop_gone(self, found: Sequence[int]) -> set[int]:
        """Let go of those of the messages whose vector was forgotten since, and give them."""
        gone = {*found} - {*Message.objects.filter(pk__in=found, vector__isnull=False).values_list("pk", flat=True)}
        with self._lock:
            for at, ids in enumerate(self._ids):
                if not (stay := ~np.isin(ids, [*gone])).all():
                    self._ids[at], self._blocks[at] = ids[stay], self._blocks[at][stay]
        return gone

    def _refresh(self) -> None:
        for rows in self._new_rows():
            self._ids.append(np.array([pk for pk, _ in rows], np.int64))
            self._blocks.append(np.frombuffer(b"".join(raw for _, raw in rows), np.float16).reshape(-1, WIDTH))
            self._last = rows[-1][0]
        while sum(map(len, self._ids)) - len(self._ids[0] if self._ids else ()) >= self._held:
            del self._ids[0], self._blocks[0]

    def _new_rows(self) -> Iterator[list[tuple[int, bytes]]]:
        """Give ids and vectors that are not held yet, oldest first, up to the first message that waits for one."""
        waiting = Message.objects.filter(status=Message.Status.NEW).aggregate(first=Min("pk"))["first"]
        found = Message.objects.filter(vector__isnull=False).order_by("pk")
        found = found.filter(pk__lt=waiting) if waiting else found
        last = max(self._last, self._oldest_held())
        while rows := [*found.filter(pk__gt=last).values_list("pk", "vector")[:_AT_ONCE]]:
            yield [(pk, bytes(raw)) for pk, raw in rows if raw]
            last = rows[-1][0]

    def _oldest_held(self) -> int:
        newest = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        return max(newest - self._held, 0)


class Finder:
    """Finds by meaning. The encoder is opened when it is first asked for, in a thread beside the web server's."""

    def __init__(self) -> None:
        self._encoder: Encoder | None = None
        self._opening: threading.Thread | None = None
        self._refused = ""
        self._lock = threading.Lock()

    def is_ready(self) -> bool:
        """Tell whether the encoder is open; begin to open it where it is not."""
        with self._lock:
            if self._encoder is None and self._opening is None:
                self._opening = threading.Thread(target=self._open, daemon=True)
                self._opening.start()
        return self._encoder is not None

    def nearest(self, text: str, *, most: int) -> list[Near]:
        """Give the messages nearest to a text; none while the encoder is being opened."""
        with self._lock:
            if self._encoder is None:
                return []
            vector = self._encoder.vectors([text])[0]
        return VECTORS.nearest(vector, most=most)

    @property
    def refused(self) -> str:
        """Give the code of why the encoder cannot be opened, else ""."""
        return self._refused

    def _open(self) -> None:
        from kuulo.group.embed import Encoder  # noqa: PLC0415 - slow to load, and most web processes never need it
        from kuulo.group.encoder_file import ModelRefused  # noqa: PLC0415

        try:
            self._encoder = Encoder.open(threads=1, cache=False)
        except ModelRefused as refusal:
            self._refused = str(refusal)


VECTORS = Vectors()
FINDER = Finder()


def similar(message: Message, *, most: int = 20) -> list[Near]:
    """Give the messages nearest to a message; none where it has no vector."""
    vector = as_vector(message.vector)
    return [] if vector is None else VECTORS.nearest(vector, most=most, apart_from=message.pk)

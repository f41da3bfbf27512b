"""Keep vectors once made, so that a second run over the same texts takes seconds.

The cache knows no texts, only their checksums. It is a convenience: whatever is wrong with it (broken file,
full disk, another process holding it) costs time and nothing else.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuulo.group.encoder_file import SHA256
from kuulo.group.encoder_store import GRAPH_VERSION, cache_folder

Vector = NDArray[np.float16]
_MOST_VECTORS = 300_000
_KEYS_AT_A_TIME = 500


class VectorCache:
    """Vectors by the checksum of their text."""

    def __init__(self, connection: sqlite3.Connection, recipe: bytes) -> None:
        self._connection = connection
        self._recipe = recipe

    @classmethod
    def open(cls, recipe: str, folder: Path | None = None) -> "VectorCache | None":
        """Open the cache, making it anew where it is broken; None where that cannot be done either."""
        folder = folder or cache_folder()
        path = folder / "vectors.sqlite3"
        key = f"{recipe}-{GRAPH_VERSION}-{SHA256}".encode()
        for _ in range(2):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                return cls(_connect(path), key)
            except sqlite3.DatabaseError:
                _remove(path)
            except OSError:
                return None
        return None

    def get(self, texts: Sequence[str]) -> dict[int, Vector]:
        """Give the known vectors by the place of their text in ``texts``."""
        places: dict[bytes, list[int]] = {}
        for index, text in enumerate(texts):
            places.setdefault(self._key(text), []).append(index)
        keys = list(places)
        found: dict[int, Vector] = {}
        try:
            for start in range(0, len(keys), _KEYS_AT_A_TIME):
                part = keys[start : start + _KEYS_AT_A_TIME]
                marks = ",".join("?" * len(part))
                # only question marks are put into the statement
                query = f"SELECT key, vector, crc FROM vector WHERE key IN ({marks})"  # noqa: S608
                for key, stored, crc in self._connection.execute(query, part):
                    if zlib.crc32(stored) == crc:
                        vector = np.frombuffer(stored, np.float16)
                        found.update(dict.fromkeys(places[key], vector))
        except sqlite3.Error:
            return found
        return found

    def put(self, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors; the oldest are dropped above 300,000."""
        rows = []
        for text, vector in vectors.items():
            stored = vector.astype(np.float16).tobytes()
            rows.append((self._key(text), stored, zlib.crc32(stored)))
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", rows)
                self._connection.execute(
                    "DELETE FROM vector WHERE rowid <= (SELECT max(rowid) FROM vector) - ?", (_MOST_VECTORS,)
                )
        except sqlite3.Error:
            return

    def _key(self, text: str) -> bytes:
        digest = hashlib.blake2b(self._recipe, digest_size=16)
        digest.update(text.encode("utf-8", "surrogatepass"))
        return digest.digest()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vector (key BLOB UNIQUE NOT NULL, vector BLOB NOT NULL, crc INTEGER)"
        )
        connection.execute("SELECT max(rowid) FROM vector").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

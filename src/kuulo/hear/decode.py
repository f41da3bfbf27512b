"""Turn bytes into lines of text; what cannot be decoded is marked, so that its row can be found again."""

import codecs
import io
import re
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from kuulo.hear.refused import Refused

# A lone surrogate stands for what could not be decoded: no decoder ever gives one by itself.
MARK = "\udcff"
_ON_ERROR = "kuulo.mark"
_CHUNK = 1 << 20
# Python calls these text encodings, but no file comes in them.
_NOT_FOR_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile(rf"[\0-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f{MARK}]")


def _mark(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    return MARK, problem.end


codecs.register_error(_ON_ERROR, _mark)


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """An encoding by Python's name; ``fallback`` where nothing spoke for it but that UTF-8 did not fit."""

    name: str
    fallback: bool = False


def choose(stream: BinaryIO, *, order: str) -> Encoding:
    """Choose the encoding: the ordered one, else by byte order mark, else UTF-8, else Windows-1252."""
    if order:
        return _ordered(stream, order=order)
    stream.seek(0)
    head = stream.read(4096)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return Encoding(name=name)
    if name := _markless_utf16(head):
        return Encoding(name=name)
    bad, good = _tally(stream, name="utf-8")
    # Windows-1252 text hardly ever holds a valid UTF-8 sequence, so a few are proof of damaged UTF-8.
    if bad == 0 or good * 2 >= bad:
        return Encoding(name="utf-8")
    return Encoding(name="windows-1252", fallback=True)


def lines(stream: BinaryIO, *, encoding: Encoding) -> Generator[str, None, None]:
    """Yield the physical lines with their line ends (LF, CRLF or CR), without a byte order mark."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding.name, errors=_ON_ERROR, newline="")
    try:
        for number, line in enumerate(text):
            yield line if number else line.removeprefix("\ufeff")
    finally:
        with suppress(ValueError):
            text.detach()


def pieces(stream: BinaryIO, *, encoding: Encoding) -> Generator[str, None, None]:
    """Yield the text in pieces of a bounded length, wherever its lines end."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding.name, errors=_ON_ERROR, newline="")
    try:
        first = True
        while piece := text.read(_CHUNK):
            yield piece.removeprefix("\ufeff") if first else piece
            first = False
    finally:
        with suppress(ValueError):
            text.detach()


def check_is_text(sample: str, *, encoding: Encoding) -> None:
    """Refuse bytes that decode but are no text: many kinds of control characters, or hardly anything else."""
    found = Counter(_CONTROLS.findall(sample))
    share = found.total() / max(1, len(sample))
    many_kinds = 0.05 if encoding.fallback else 0.2
    if share >= 0.7 or (share >= many_kinds and len(found) >= 8):
        raise Refused("not-text", {"looks": "binary"})


def _ordered(stream: BinaryIO, *, order: str) -> Encoding:
    refusal = Refused("bad-encoding", {"encoding": order})
    try:
        name = codecs.lookup(order).name
        if name in _NOT_FOR_FILES:
            raise refusal
        b"a".decode(order, "replace")  # a LookupError for those from bytes to bytes, such as "hex"
        name = "utf-8-sig" if name == "utf-8" else name
        bad, good = _tally(stream, name=name)
    except (LookupError, ValueError) as problem:
        raise refusal from problem
    # A stray byte or two is damage; more than fits beside the good letters is another encoding.
    if bad > good + 3:
        raise refusal
    return Encoding(name=name)


def _markless_utf16(head: bytes) -> str:
    """Recognise UTF-16 that came without its mark: nearly every second byte of Latin text is NUL."""
    pairs = len(head) // 2
    if pairs < 4:
        return ""
    first, second = head[0 : 2 * pairs : 2].count(0) / pairs, head[1 : 2 * pairs : 2].count(0) / pairs
    if second > 0.7 and first < 0.05:
        return "utf-16-le"
    return "utf-16-be" if first > 0.7 and second < 0.05 else ""


def _tally(stream: BinaryIO, *, name: str) -> tuple[int, int]:
    """Count what could not be decoded, and the other characters beyond ASCII that could."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(name)(errors=_ON_ERROR)
    bad = good = 0
    last = False
    while not last:
        chunk = stream.read(_CHUNK)
        last = not chunk
        piece = decoder.decode(chunk, last)
        if not piece.isascii():
            marks = piece.count(MARK)
            bad += marks
            good += len(piece) - len(piece.encode("ascii", "ignore")) - marks
    return bad, good

"""Unpack a foreign zip once, counting, before anything else reads it: declared sizes prove nothing."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kuulo.hear.refused import Refused

_CHUNK = 1 << 18
_LOCAL_HEADER = 30
_MOST_ENTRIES = 20_000
# Honest sheets pack to a tenth or a thirtieth; small files may do as they like.
_RATIO = 200
_RATIO_COUNTS_FROM = 64 << 20
_OVERLAP = 16
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_LOOKS = (
    ("xl/workbook.bin", "xlsb workbook"),
    ("word/document.xml", "docx document"),
    ("ppt/presentation.xml", "pptx presentation"),
    ("content.xml", "OpenDocument document"),
    ("META-INF/MANIFEST.MF", "java archive"),
)


@dataclass(slots=True)
class _Count:
    """What the whole archive has unpacked to so far, and what it may."""

    packed: int
    most: int
    unpacked: int = 0

    def add(self, size: int) -> None:
        self.unpacked += size
        swollen = self.unpacked > _RATIO_COUNTS_FROM and self.unpacked > _RATIO * self.packed
        if self.unpacked > self.most or swollen:
            raise Refused("too-large", {"unpacked": self.unpacked, "limit": self.most})


def check(stream: BinaryIO, *, most: int) -> str:
    """Give "xlsx" or "ods" if the archive is such a workbook and safe to read; else raise Refused.

    Every entry is really unpacked: at most ``most`` bytes together, just as long as declared, without
    encryption and without document types (which entity bombs need).
    """
    try:
        archive = zipfile.ZipFile(stream)
        kind = _kind(archive)
        count = _Count(packed=stream.seek(0, 2), most=most)
        for entry in archive.infolist():
            _check_entry(stream, entry, count=count)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        ValueError,
        EOFError,
        OSError,
        NotImplementedError,
    ) as broken:
        raise Refused("bad-workbook", {"reason": "broken"}) from broken
    except RuntimeError as locked:
        raise Refused("password-protected") from locked
    return kind


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if len(names) != len(archive.infolist()) or len(names) > _MOST_ENTRIES:
        raise Refused("bad-workbook", {"reason": "entries"})
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as entry:
            if entry.read(200).strip() == _ODS:
                return "ods"
    looks = next((looks for name, looks in _LOOKS if name in names), "zip archive")
    raise Refused("not-text", {"looks": looks})


def _check_entry(stream: BinaryIO, entry: zipfile.ZipInfo, *, count: _Count) -> None:
    if entry.flag_bits & 1:
        raise Refused("password-protected")
    size, tail = 0, b""
    markup = False
    for chunk in _unpacked(stream, entry):
        count.add(len(chunk))
        # UTF-16 hides the words between NULs.
        plain = chunk.replace(b"\0", b"")
        markup = markup if size else plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
        if markup:
            _check_markup(tail + plain, name=entry.filename)
        size += len(chunk)
        tail = plain[-_OVERLAP:]
    if size != entry.file_size:
        raise Refused("bad-workbook", {"reason": "sizes"})


def _check_markup(text: bytes, *, name: str) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refused("bad-workbook", {"reason": "entities"})
    if name == "META-INF/manifest.xml" and b"encryption-data" in text:
        raise Refused("password-protected")


def _unpacked(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what an entry really holds, a bounded piece at a time."""
    stream.seek(entry.header_offset)
    header = stream.read(_LOCAL_HEADER)
    name, extra = struct.unpack("<HH", header[26:30])
    stream.seek(name + extra, 1)
    left = entry.compress_size
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Refused("bad-workbook", {"reason": "compression"})
    inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := stream.read(min(left, _CHUNK))):
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        yield from _inflated(inflate, packed)
        if inflate.eof:
            return


def _inflated(inflate: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    more = True
    while more:
        piece = inflate.decompress(packed, _CHUNK)
        yield piece
        packed = inflate.unconsumed_tail
        # A full piece may have left some behind, also when all input is taken.
        more = not inflate.eof and (bool(packed) or len(piece) == _CHUNK)

"""What a file is by its first bytes, whatever its name says."""

from typing import BinaryIO

from kuulo.hear.refused import Refused

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG\r\n", "png image"),
    (b"\xff\xd8\xff", "jpeg image"),
    (b"GIF87a", "gif image"),
    (b"GIF89a", "gif image"),
    (b"II*\x00", "tiff image"),
    (b"MM\x00*", "tiff image"),
    (b"\x7fELF", "executable"),
    (b"\xca\xfe\xba\xbe", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"),
    (b"\x1f\x8b\x08", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!\x1a\x07", "rar archive"),
    (b"SQLite format 3\x00", "sqlite database"),
    (b"{\\rtf", "rtf document"),
    (b"OggS\x00", "sound or video"),
    (b"ID3\x03", "sound or video"),
    (b"ID3\x04", "sound or video"),
    (b"wOFF", "font"),
)
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP: tuple[tuple[bytes, str], ...] = ((b"<!doctype html", "html"), (b"<html", "html"), (b"<?xml", "xml"))
# Streams of the old Office container, by the names in its directory (UTF-16LE).
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "doc"),
)
_HEAD = 4096


def is_workbook(stream: BinaryIO) -> bool:
    """Tell whether the file is a zip (so perhaps XLSX or ODS); refuse what is neither that nor text."""
    stream.seek(0)
    head = stream.read(_HEAD)
    if head.startswith(_ZIPS):
        return True
    if head.startswith(_OLE):
        _refuse_ole(stream)
    if looks := _signature(head):
        raise Refused("not-text", {"looks": looks})
    return False


def _signature(head: bytes) -> str:
    for start, looks in _SIGNATURES:
        if head.startswith(start):
            return looks
    if head.startswith(b"RIFF") and head[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        return "webp image" if head[8:12] == b"WEBP" else "sound or video"
    if head[4:8] == b"ftyp":
        return "sound or video"
    # "MZ" and "BM" may begin an honest sentence: only with the NUL bytes of a program or an image.
    if head.startswith((b"MZ", b"BM")) and head[:64].count(0) > 8:
        return "executable" if head.startswith(b"MZ") else "bmp image"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((looks for start, looks in _MARKUP if text.startswith(start)), "")


def _refuse_ole(stream: BinaryIO) -> None:
    """Refuse an old Office file, telling a password-protected XLSX from an old XLS."""
    stream.seek(0)
    found = ""
    tail = b""
    while chunk := stream.read(1 << 20):
        window = tail + chunk
        names = [looks for name, looks in _OLE_STREAMS if _utf16(name) in window]
        if "encrypted" in names:
            raise Refused("password-protected")
        found = found or (names[0] if names else "")
        tail = window[-64:]
    raise Refused("not-text", {"looks": found or "old Office document"})


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")

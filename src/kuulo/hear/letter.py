"""Letter: what a mail's bytes hold, however they are written: who, what, in reply to what, and what came along.

Nothing of it is trusted: a mail of a thousand parts, or nested five hundred deep, is read or refused in bounded time.
"""

import hashlib
import io
import re
from binascii import Error as BadBase64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import collapse_rfc2231_value, parseaddr
from typing import Literal

from selectolax.lexbor import LexborNode

from kuulo.hear.connector import Attachment
from kuulo.hear.decode import choose
from kuulo.hear.html_text import around_block, node_text, parsed
from kuulo.hear.instant import instant
from kuulo.hear.mail_text import about, forwarded, fresh
from kuulo.hear.refused import Refused

MOST_BYTES = 25 << 20
_MOST_TEXT, _MOST_LINES, _MOST_TAGS = 400_000, 20_000, 20_000
_MOST_ATTACHMENTS, _LONGEST_HEADER, _LONGEST_ID = 100, 8_000, 400
# Lines times the containers that each of them may end: what the parser has to do.
_MOST_WORK = 4_000_000
_CONTAINERS = re.compile(rb"multipart/|message/", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_ID = re.compile(r"<([^<>\s]+)>")
_ADDRESS = re.compile(r"[^\s<>()\",;:]+@[^\s<>()\",;:]+")
_AWAY = (
    "automaattinen vastaus", "poissaoloviesti", "poissa:", "autosvar", "automatiskt svar", "frånvaromeddelande",
    "automatisk svar", "fraværsmelding", "fråværsmelding", "automatic reply", "auto reply", "autoreply",
    "out of office",
)  # fmt: skip
_IN, _OUT = "\ue0f1", "\ue0f2"
_OLDER = "-----Original Message-----"
Kind = Literal["letter", "bounce", "list", "automatic"]


class _Short(Compat32):
    """Reads headers, cut where no honest one is longer: their readers take the square of the length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


_POLICY = _Short()


class Unreadable(Exception):
    """A mail that cannot be read; ``code`` tells why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail. Ids are without their angle brackets; ``id`` is made of the mail's bytes where it names none.

    ``references`` are the mails before it, oldest first. ``answer_to`` is the address to reply to, "" for none.
    ``forwarder`` is the host of who sent it on, where the writer is the one inside.
    """

    id: str
    kind: Kind
    named: bool
    subject: str
    text: str
    address: str
    name: str
    answer_to: str
    time: datetime | None
    references: tuple[str, ...]
    parent: str
    language: str
    attachments: tuple[Attachment, ...]
    forwarder: str = ""


def read_letter(raw: bytes) -> Letter:
    """Read a mail. Raises Unreadable: "too-large", "too-many-headers" or "too-nested"."""
    if len(raw) > MOST_BYTES:
        raise Unreadable("too-large")
    if _BLANK.split(raw, maxsplit=1)[0].count(b"\n") > _MOST_LINES:
        raise Unreadable("too-many-headers")
    if raw.count(b"\n") * (1 + len(_CONTAINERS.findall(raw))) > _MOST_WORK:
        raise Unreadable("too-nested")
    try:
        return _letter(raw, message_from_bytes(raw, policy=_POLICY))
    except RecursionError as error:
        raise Unreadable("too-nested") from error


def letter_id(raw: bytes) -> str:
    """Give the id of a mail of which only the beginning is known; "" where it names none there."""
    return _first_id(message_from_bytes(raw, policy=_POLICY), "Message-ID")


def _letter(raw: bytes, mail: Message) -> Letter:
    told = _first_id(mail, "Message-ID")
    address, name = _sender(mail, "From")
    subject = _header(mail, "Subject")
    text = body_text(mail)
    sent_on = forwarded(subject, text)
    parent = _first_id(mail, "In-Reply-To")
    references = _references(mail, parent)
    reply_to, _ = _sender(mail, "Reply-To")
    answer_to, forwarder = reply_to or address, ""
    if sent_on and sent_on.text:
        text, forwarder = sent_on.text, address.partition("@")[2]
        address, name, answer_to = sent_on.address or sent_on.name, sent_on.name, sent_on.address
    else:
        text = fresh(text, name=name)
    return Letter(
        id=told or f"sha256:{hashlib.sha256(raw).hexdigest()}",
        kind=_kind(mail, subject),
        named=bool(told),
        subject=about(subject),
        text=text or ("" if parent else about(subject)),
        address=address,
        name=name,
        answer_to=answer_to,
        time=instant(_header(mail, "Date")),
        references=references,
        parent=parent or (references[-1] if references else ""),
        language=re.split(r"[-_,;\s]", _header(mail, "Content-Language"), maxsplit=1)[0].lower()[:8],
        attachments=tuple(_attachments(mail)),
        forwarder=forwarder,
    )


def body_text(mail: Message) -> str:
    """Give what a mail says, with all its history: its plain text, else what its HTML shows."""
    text = "\n\n".join(part for part in _texts(mail) if part.strip())
    lines = text[:_MOST_TEXT].replace("\0", "\N{REPLACEMENT CHARACTER}").split("\n", _MOST_LINES)
    return "\n".join(lines[:_MOST_LINES])


def _texts(part: Message) -> Iterator[str]:
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        yield _best(part)
    elif part.get_content_maintype() == "multipart":
        for child in _children(part):
            yield from _texts(child)
    elif kind in {"text/plain", "text/html"} and not _is_attachment(part):
        yield _plain(part) if kind == "text/plain" else _shown(part)


def _best(part: Message) -> str:
    """Of the ways to write one text take the plain one, where it says anything."""
    children = _children(part)
    plain = [child for child in children if child.get_content_type() == "text/plain"]
    others = [child for child in children if child.get_content_type() != "text/plain"]
    told = ("\n\n".join(_texts(child)) for child in [*plain, *others])
    return next((text for text in told if text.strip()), "")


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _plain(part: Message) -> str:
    text = _decoded(_payload(part), str(part.get_content_charset("")))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unwrapped(text, joined=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def unwrapped(text: str, *, joined: bool) -> str:
    """Join the lines that a program broke (RFC 3676). ``joined``: the space at which it broke is no part of them."""
    out: list[str] = []
    flowing = False
    depth = 0
    for line in text.split("\n"):
        rest = line.lstrip(">")
        before, depth = depth, len(line) - len(rest)
        rest = rest.removeprefix(" ")
        if flowing and depth == before and rest.rstrip(" ") != "--":
            out.append(rest)
        else:
            out.append(("\n" if out else "") + (">" * depth + " " if depth else "") + rest)
        flowing = rest.endswith(" ") and rest != "-- "
        if flowing and joined:
            out[-1] = out[-1][:-1]
    return "".join(out)


def _shown(part: Message) -> str:
    html = _decoded(_payload(part), str(part.get_content_charset("")))
    # a parser takes the square of how deep the tags stand in each other
    html = "<".join(html.split("<", _MOST_TAGS)[:_MOST_TAGS])
    body = parsed(html.replace(_IN, "").replace(_OUT, "")).body
    return "\n".join(_quoting(node_text(body, around=_around))) if body else ""


def _around(node: LexborNode) -> tuple[str, str]:
    """Mark what is quoted and where an older mail begins, as mail programs write it in HTML."""
    before, after = around_block(node)
    attributes = node.attributes
    if node.tag == "blockquote":
        return f"\n{_IN}\n", f"\n{_OUT}\n"
    style = (attributes.get("style") or "")[:500].replace(" ", "").lower()
    if attributes.get("id") == "divRplyFwdMsg" or "border-top:solid#e1e1e1" in style:
        return f"\n{_OLDER}\n", after
    return before, after


def _quoting(text: str) -> Iterator[str]:
    depth = 0
    for line in text.split("\n"):
        depth += (line == _IN) - (line == _OUT)
        if line not in {_IN, _OUT}:
            yield ("> " + line).rstrip() if depth else line


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload[: 4 * _MOST_TEXT] if isinstance(payload, bytes) else b""


def _decoded(raw: bytes, charset: str) -> str:
    """Decode as declared, where that fits, else as it looks. What programs call Latin 1 is Windows-1252."""
    declared = "windows-1252" if charset.lower() in {"iso-8859-1", "latin1", "latin-1", "l1"} else charset
    declared = "" if declared.lower() in {"us-ascii", "ascii", "unknown-8bit"} else declared
    try:
        encoding = choose(io.BytesIO(raw), order=declared)
    except Refused:
        encoding = choose(io.BytesIO(raw), order="")
    return raw.decode(encoding.name, "replace")


def _is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _attachments(mail: Message) -> Iterator[Attachment]:
    found = 0
    for part in mail.walk():
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            continue
        kind = part.get_content_type()
        if kind in {"text/plain", "text/html"} and not _is_attachment(part):
            continue
        found += 1
        if found > _MOST_ATTACHMENTS:
            return
        yield Attachment(name=_file_name(part) or kind, type=kind[:100], size=_size(part))


def _size(part: Message) -> int:
    """Give the size of a file in bytes without decoding it, to a few bytes."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        return 0
    encoded = str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"
    return (len(payload) - payload.count("\n")) * 3 // 4 if encoded else len(payload)


def _file_name(part: Message) -> str:
    """Give a file's name without its folders, in whichever of the ways it is written."""
    told = part.get_param("filename", None, "content-disposition") or part.get_param("name", None)
    if not told:
        return ""
    try:
        name = _words(collapse_rfc2231_value(told))
    except (LookupError, ValueError):
        name = ""
    return re.split(r"[/\\]", "".join(sign for sign in name if sign.isprintable()))[-1].strip()[:200]


def _header(mail: Message, name: str) -> str:
    """Give a header as a reader sees it, on one line."""
    wanted = name.lower()
    for one, value in mail.raw_items():
        if one.lower() == wanted:
            return " ".join(_words(str(value)).split())
    return ""


def _words(value: str) -> str:
    """Decode the words of a header: RFC 2047, or bytes that nobody declared."""
    raw = value.encode("utf-8", "surrogateescape")
    if not raw.isascii():
        return _decoded(raw, "")
    try:
        parts = decode_header(value)
    except (HeaderParseError, BadBase64, ValueError):
        return value
    return "".join(part if isinstance(part, str) else _decoded(part, charset or "") for part, charset in parts)


def _sender(mail: Message, name: str) -> tuple[str, str]:
    """Give the address and the name of a header; the address is read before anything in it is decoded."""
    raw = next((str(value) for one, value in mail.raw_items() if one.lower() == name.lower()), "")
    _, address = parseaddr(raw)
    said, _ = parseaddr(raw.replace(",", " ") if "=?" in raw else raw)
    found = _ADDRESS.fullmatch(address) or _ADDRESS.search(raw)
    shown = " ".join(_words(said).split())[:200]
    return (found.group().lower() if found else ""), ("" if "@" in shown else shown)


def _first_id(mail: Message, header: str) -> str:
    told = _header(mail, header)
    found = _ID.search(told)
    name = found[1] if found else "".join(told.split())
    return name if len(name) <= _LONGEST_ID else f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def _references(mail: Message, parent: str) -> tuple[str, ...]:
    """Give the mails before this one, oldest first; of a very long line the first and the last ones."""
    told = [one for one in _ID.findall(_header(mail, "References")) if len(one) <= _LONGEST_ID]
    told = [one for one in told if one != parent] + [parent] * bool(parent)
    return tuple(told if len(told) <= 20 else [told[0], *told[-19:]])


def _kind(mail: Message, subject: str) -> Kind:
    """Tell a letter from what a machine sent by itself."""

    def told(name: str) -> str:
        return _header(mail, name).lower()

    if mail.get_content_type() == "multipart/report" or told("From").startswith("mailer-daemon@"):
        return "bounce"
    if told("List-Id") or told("List-Unsubscribe") or told("Precedence") == "list":
        return "list"
    by_machine = (
        told("Auto-Submitted").partition(";")[0].strip() not in {"", "no"}
        or told("Precedence") in {"bulk", "junk"}
        or told("X-Auto-Response-Suppress") not in {"", "none"}
        or told("Return-Path") == "<>"
        or subject.lower().startswith(_AWAY)
    )
    return "automatic" if by_machine else "letter"

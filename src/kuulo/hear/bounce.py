"""Bounce: of which mail a server tells that it did not arrive, and by what status (RFC 3464, RFC 3463)."""

import re
from dataclasses import dataclass

# What is returned of a long mail beyond this is of no interest.
_MOST_BYTES = 1 << 20
_BLANK = re.compile(rb"\r?\n\r?\n")
_FAILED = re.compile(rb"^action:[ \t]*failed\b", re.IGNORECASE | re.MULTILINE)
# Exim tells of it in its own way
_FAILED_FOR = re.compile(rb"^x-failed-recipients:", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(rb"^status:[ \t]*([45]\.\d{1,3}\.\d{1,3})\b", re.IGNORECASE | re.MULTILINE)
_RETURNED = re.compile(rb"^message-id:\s*<([^<>\s]{1,400})>", re.IGNORECASE | re.MULTILINE)
_REPLIED_TO = re.compile(rb"^in-reply-to:\s*<([^<>\s]{1,400})>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Returned:
    """The id of the mail that did not arrive, without its angle brackets, and the status, such as "5.1.1", or ""."""

    id: str
    status: str


def returned(raw: bytes) -> Returned | None:
    """Read a bounce: None where it only tells of a delay, or not which mail it is about.

    The returned mail stands in the bounce in one of many ways, but its headers always stand on lines of their own.
    """
    head, *rest = _BLANK.split(raw[:_MOST_BYTES], maxsplit=1)
    body = rest[0] if rest else b""
    if not (_FAILED.search(body) or _FAILED_FOR.search(head)):
        return None
    about = _RETURNED.search(body) or _REPLIED_TO.search(head)
    status = _STATUS.search(body)
    told = status[1].decode() if status else ""
    return Returned(about[1].decode("utf-8", "replace"), told) if about else None

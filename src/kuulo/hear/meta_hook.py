"""Meta hook: the calls by which Meta tells of what is said, and the proof that it is Meta who calls.

The signature is over the bytes as they came and names no time: a call that is replayed is told from a first one by
nothing, and does no harm, because what it brings is known already.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kuulo.hear.graph import Node, text
from kuulo.hear.trouble import Trouble

SIGNATURE = "x-hub-signature-256"
_CHALLENGE = re.compile(r"[\w-]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened at an account: ``time`` in seconds since 1970, 0 where it is not told."""

    account: str
    time: int
    field: str
    value: Node


def greeting(query: Mapping[str, str], *, token: str) -> str:
    """Give the challenge back to who knows the token. Raises Trouble."""
    challenge = query.get("hub.challenge", "")
    told = query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not _same(told, token) or not _CHALLENGE.fullmatch(challenge):
        raise Trouble("refused", "wrong-token")
    return challenge


def check_signature(headers: Mapping[str, str], body: bytes, *, secret: str) -> None:
    """Raise Trouble where the call is not signed with the secret."""
    signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not secret or not _same(headers.get(SIGNATURE, ""), f"sha256={signed}"):
        raise Trouble("refused", "forged")


def changes(body: bytes) -> Iterator[Change]:
    """Give the changes of a call, in any of the three envelopes that Meta uses. Raises ValueError."""
    told = json.loads(body)
    if not isinstance(told, dict):
        raise ValueError("no envelope")  # noqa: TRY004  not the caller's mistake
    if "entry" not in told:  # Threads
        yield _change(text(told, "target_id"), told, told.get("values"))
    for entry in _nodes(told.get("entry")):
        inside = _nodes(entry.get("changes")) if "changes" in entry else [entry]  # Instagram's own login has none
        for change in inside:
            yield _change(text(entry, "id"), entry, change)


def _change(account: str, entry: Node, change: object) -> Change:
    value = change.get("value") if isinstance(change, dict) else None
    return Change(
        account, _seconds(entry.get("time")), text(change, "field"), value if isinstance(value, dict) else {}
    )


def _nodes(told: object) -> list[Node]:
    return [node for node in told if isinstance(node, dict)] if isinstance(told, list) else []


def _seconds(told: object) -> int:
    """Give the seconds of a time that is told in seconds or milliseconds."""
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told < 10**14:
        return 0
    return told // 1000 if told > 10**11 else told


def _same(told: str, wanted: str) -> bool:
    return bool(wanted) and hmac.compare_digest(told.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))

"""Push: other programs bring messages with a key, each key those of one source.

    key = make_key(person, source, name="Feedback service")      # the whole key is told once
    take(found, body, idempotency_key="...")                     # Answer, stored with the messages

What comes is refused as a whole while more wait than can be placed in a while, so that nothing is lost and the desk
does not drown: who brings it keeps it until later.
"""

import hashlib
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kuulo.desk.health import oldest_waiting
from kuulo.desk.history import record
from kuulo.desk.receive import Received, receive
from kuulo.hear.push import Pushed, read_pushed
from kuulo.models import ApiKey, Message, Person, PushAnswer, Source

# half an hour of placing on two cores
MOST_WAITING = 100_000
SECONDS_TO_WAIT = 60
KEEP_ANSWERS = timedelta(days=1)
_BEGINNING = "kuulo_"
# counting what waits takes some thousandths of a second: often enough is once a second
_COUNTED_FOR = 1.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The lag of the grouping: how many messages wait, and for how many seconds the oldest has waited."""

    messages: int
    oldest_seconds: float


class Drowning(Exception):
    """More messages wait than the desk can place in a while. ``wait`` is after how many seconds to try again."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class OtherBody(Exception):
    """An idempotency key came again with another body."""


def make_key(by: Person, source: Source, *, name: str) -> str:
    """Make a key for a program; it is told once, here, and not kept."""
    told = _BEGINNING + secrets.token_urlsafe(32)
    with transaction.atomic():
        begins = told[: len(_BEGINNING) + 5]
        made = ApiKey.objects.create(
            source=source, name=name, key_hash=_hashed(told.encode()), begins=begins, made_by=by
        )
        record("key-made", person=by, source=source.pk, key=made.pk)
    return told


@transaction.atomic
def revoke_key(by: Person, key: ApiKey) -> None:
    """Make a key void at once; of two presses the first counts."""
    if ApiKey.objects.filter(pk=key.pk, revoked=None).update(revoked=timezone.now()):
        record("key-revoked", person=by, source=key.source_id, key=key.pk)


def key_of(told: str) -> ApiKey | None:
    """Give the key that a program shows; None for one that is unknown or void."""
    found = ApiKey.objects.filter(key_hash=_hashed(told.encode("utf-8", "replace")), revoked=None)
    return found.select_related("source").first()


def take(key: ApiKey, body: bytes, *, idempotency_key: str = "") -> tuple[dict[str, Any], bool]:
    """Store what a program brings; give its answer, and whether it is that of an earlier time.

    Raises BadBody (see kuulo.hear.push), Drowning where too many wait, and OtherBody.
    """
    body_hash = _hashed(body)
    if idempotency_key and (before := _answered(key, idempotency_key, body_hash)):
        return before, True
    now_waiting = waiting()
    if now_waiting.messages > MOST_WAITING:
        raise Drowning(SECONDS_TO_WAIT)
    pushed = read_pushed(body)
    with transaction.atomic():
        # one at a time for each key: the same request twice at once is stored once
        ApiKey.objects.select_for_update().get(pk=key.pk)
        if idempotency_key and (before := _answered(key, idempotency_key, body_hash)):
            return before, True
        answer = _answer(receive(key.source, pushed.items), pushed, now_waiting)
        _note(key, idempotency_key, body_hash, answer)
    return answer, False


def waiting() -> Waiting:
    """Give what waits to be placed, as it was within the last second."""
    return _lag.now()


class _Lag:
    """Counts what waits, seldom."""

    def __init__(self) -> None:
        self._told, self._at = Waiting(0, 0.0), -_COUNTED_FOR

    def now(self) -> Waiting:
        if time.monotonic() - self._at >= _COUNTED_FOR:
            self._told, self._at = lag(), time.monotonic()
        return self._told


_lag = _Lag()


def lag() -> Waiting:
    """Count what waits to be placed now; it walks through an index of just these."""
    new = Message.objects.filter(status=Message.Status.NEW).order_by()
    return Waiting(new.values("pk")[: MOST_WAITING + 1].count(), round(oldest_waiting(), 1))


def _answered(key: ApiKey, idempotency_key: str, body_hash: str) -> dict[str, Any] | None:
    found = PushAnswer.objects.filter(api_key=key, idempotency_key=idempotency_key)
    row = found.filter(came__gt=timezone.now() - KEEP_ANSWERS).first()
    if row is None:
        return None
    if row.body_hash != body_hash:
        raise OtherBody
    answer: dict[str, Any] = row.answer
    return answer


def _answer(told: Received, pushed: Pushed, now_waiting: Waiting) -> dict[str, Any]:
    counts = {"added": told.added, "changed": told.changed, "known": told.known, "deleted": told.gone}
    counts |= {"passed": sum(told.passed.values()), "refused": len(pushed.bad)}
    return counts | {"errors": [asdict(one) for one in pushed.bad], "waiting": asdict(now_waiting)}


def _note(key: ApiKey, idempotency_key: str, body_hash: str, answer: dict[str, Any]) -> None:
    """Keep the answer for a day, and that the key was used."""
    now = timezone.now()
    PushAnswer.objects.filter(came__lte=now - KEEP_ANSWERS).delete()
    if idempotency_key:
        PushAnswer.objects.create(
            api_key=key, idempotency_key=idempotency_key, body_hash=body_hash, answer=answer, came=now
        )
    if key.used is None or now - key.used > timedelta(minutes=1):
        ApiKey.objects.filter(pk=key.pk).update(used=now)


def _hashed(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()

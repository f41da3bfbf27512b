"""Call: an alert as a signed call to another program, as "Standard Webhooks" signs it. See docs/reference/api.md."""

import base64
import hashlib
import hmac
import json

from django.utils import timezone

from kuulo.desk.storm.duty import secret_of
from kuulo.desk.storm.letter import card
from kuulo.desk.storm.sentence import LANGUAGES, name_of, sentence
from kuulo.hear.http import Http
from kuulo.hear.trouble import Trouble
from kuulo.models import Alert, Duty, Storm

# what is answered is not read; who is slow is called again later
_MOST_BYTES, _SECONDS = 64 << 10, 20.0


def call(alert: Alert, duty: Duty) -> None:
    """Call a program. Raises Trouble."""
    key = secret_of(duty)
    if key is None:
        raise Trouble("settings", "secrets-lost")
    body = json.dumps(told(alert), ensure_ascii=False).encode()
    http = Http(own_network=duty.own_network, most_bytes=_MOST_BYTES, whole=_SECONDS)
    try:
        http.ask("POST", duty.address, headers=_headers(alert.key, body, key), body=body)
    finally:
        http.close()


def told(alert: Alert) -> dict[str, object]:
    """Give what a program is told: codes, numbers and names, and no resident's words."""
    begin = {"id": alert.pk, "key": alert.key, "kind": alert.kind}
    return begin | (_of_storm(alert.storm) if alert.storm else {"storm": None})


def signature(key: bytes, *, name: str, at: int, body: bytes) -> str:
    """Sign a call by its name, its time in seconds since 1970, and its body."""
    signed = hmac.digest(key, f"{name}.{at}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def _headers(name: str, body: bytes, key: bytes) -> dict[str, str]:
    at = int(timezone.now().timestamp())
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": name,
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(key, name=name, at=at, body=body),
    }


def _of_storm(storm: Storm) -> dict[str, object]:
    return {
        "storm": storm.pk,
        "level": storm.level,
        "theme": storm.theme.code if storm.theme else None,
        "place": storm.place.code if storm.place else None,
        "names": {language: name_of(storm, language) for language in LANGUAGES},
        "sentences": {language: sentence(storm, language) for language in LANGUAGES},
        "messages": storm.counted,
        "people": storm.people,
        "window_seconds": storm.window,
        "expected": round(storm.expected, 2),
        "began": storm.began.isoformat(),
        "opened": storm.opened.isoformat(),
        "link": card(storm) or None,
    }

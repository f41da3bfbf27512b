"""Own form: what residents say on the municipality's own page is stored like what comes from anywhere else."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from kuulo.desk.listen import count, open_connector
from kuulo.desk.receive import receive
from kuulo.desk.seal import seal
from kuulo.hear.connector import Post
from kuulo.hear.connectors.form import OwnForm
from kuulo.models import Connection

# Nobody reads a page and writes within this; a page that stood open longer is asked for anew.
FASTEST, SLOWEST = 3.0, 24 * 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What somebody said. ``network`` is where from: it is not kept, and tells only whether it came twice."""

    text: str
    language: str
    network: str
    name: str = ""
    email: str = ""


def form_at(page: str) -> tuple[Connection, OwnForm] | None:
    """Give the form that stands at this page; None where there is none, or it is switched off."""
    if not page.isprintable():  # no database looks for some of these signs
        return None
    found = Connection.objects.filter(connector=OwnForm.name, settings__page=page).exclude(state=Connection.State.OFF)
    connection = found.select_related("source").order_by("pk").first()
    return (connection, cast("OwnForm", open_connector(connection))) if connection else None


def stamp(page: str, now: datetime) -> str:
    """Give a mark of when a form was opened, which nobody else can make."""
    return Signer(salt="own form").sign(f"{page}:{now.timestamp():.0f}")


def wrong_with(stamped: str, page: str, now: datetime) -> str:
    """Tell what is wrong with the mark that comes back: "too-fast", "too-old" (also for a forged one), or ""."""
    try:
        told, _, at = Signer(salt="own form").unsign(stamped).rpartition(":")
    except BadSignature:
        return "too-old"
    age = now.timestamp() - float(at)
    if told != page or age > SLOWEST:
        return "too-old"
    return "too-fast" if age < FASTEST else ""


def take(connection: Connection, said: Said, *, now: datetime) -> str:
    """Store what somebody said; give its reference. The same text from the same place on one day is one message."""
    reference = _reference(connection, said, now)
    post = Post(
        id=reference,
        text=said.text,
        time=now,
        form="message",
        author=said.email,
        language=said.language,
        channel=connection.source.channel or "form",
        private=True,
        reply_to=_contact(said),
    )
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        count(held, receive(held.source, [post]), {})
        held.save(update_fields=["heard_count", "known_count", "passed", "last_heard", "last_news"])
    return reference


def _contact(said: Said) -> dict[str, str]:
    """Give name and address sealed: only who replies opens them."""
    if not said.email:
        return {}
    told = json.dumps({"name": said.name, "email": said.email})
    return {"contact": base64.b64encode(seal(told, "reply")).decode()}


def _reference(connection: Connection, said: Said, now: datetime) -> str:
    """Give twelve signs that are easy to read out: K7QX-M2PA-9TRW."""
    told = "\0".join(("own form", str(connection.pk), f"{now:%Y-%m-%d}", said.network, " ".join(said.text.split())))
    drawn = hmac.new(settings.SECRET_KEY.encode(), told.encode("utf-8", "replace"), hashlib.sha256).digest()
    signs = base64.b32encode(drawn[:10]).decode()[:12]
    return "-".join((signs[:4], signs[4:8], signs[8:]))

"""Rows for the tests of storms: a theme that many people suddenly write about, and its alarm."""

from datetime import timedelta

import numpy as np
from django.utils import timezone
from tests.desk.desk_rows import add_message, add_theme, place

from kuulo.models import Author, Message, Storm, Theme

WINDOW = timedelta(hours=2)


def vector(*along: float) -> bytes:
    """A unit vector as messages keep them, in the directions that are given."""
    full = np.zeros(768, np.float32)
    full[: len(along)] = along
    return (full / np.linalg.norm(full)).astype(np.float16).tobytes()


def author(number: int) -> Author:
    return Author.objects.get_or_create(key=f"writer {number}")[0]


def the_theme() -> Theme:
    return Theme.objects.filter(code="T1").first() or add_theme("T1")


def say(text: str, minutes: float, **rest: object) -> Message:
    """A message of the theme, so many minutes ago."""
    known = rest.pop("by", None)
    given = {
        "vector": vector(1.0),
        "language": "fi",
        "dated": True,
        "author": author(known) if known else None,
    } | rest
    message = add_message(text, arrived=timezone.now() - timedelta(minutes=minutes), **given)
    place(message, the_theme())
    return message


def storm(*, began: float = 120, opened: float = 60, closed: float | None = None, **rest: object) -> Storm:
    """An alarm on the theme; times are minutes ago."""
    now = timezone.now()

    def ago(minutes: float) -> object:
        return now - timedelta(minutes=minutes)

    theme = rest.pop("theme") if "theme" in rest else the_theme()
    given = {"stream": f"theme:{theme.pk if theme else 0}", "scope": "theme", "theme": theme, "level": "storm"}
    numbers = {"threshold": 16.0, "evidence": 20.3, "peak": 24.0, "window": 7200, "counted": 17, "people": 14}
    moments = {"began": ago(began), "opened": ago(opened), "seen": ago(opened), "closed": None}
    if closed is not None:
        moments["closed"] = ago(closed)
    return Storm.objects.create(**(given | numbers | {"expected": 1.0} | moments | rest))


def many(n: int = 12, *, began: float = 115) -> list[Message]:
    """As many messages as people, evenly from ``began`` minutes ago on."""
    return [say(f"Lumivalli portilla numero {at}", began - at * began / n, by=at) for at in range(1, n + 1)]

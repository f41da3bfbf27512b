"""Storm: what is told in a practice, in its order, through the door that all messages come in by.

A message is told once, whatever is killed: which were told is read out of the messages themselves.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from kuulo.desk.backup import write_backup
from kuulo.desk.intake import source_named
from kuulo.desk.practice.clock import ORIGIN, the_clock
from kuulo.desk.receive import receive
from kuulo.hear.connector import Post
from kuulo.models import Message

# The storm, and the desk as it was before the first of it was told.
STORM, BEFORE = "practice-storm.json", "practice-before.zip"


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the storm: the minute in which it is told, the name of its source, and what a source tells."""

    minute: float
    source: str
    post: Post


def write_storm(folder: Path, said: Iterable[tuple[datetime, str, dict[str, Any]]]) -> int:
    """Keep a storm: when it was said, the source's name, and fields of a Post; give how many messages it has.

    Ids and writers get names of their own; a ``parent`` that is not of the storm is left out.
    """
    rows = sorted(said, key=lambda one: one[0])
    ids = {post["id"]: f"{ORIGIN}{n}" for n, (_, _, post) in enumerate(rows, 1)}
    lines = [
        {"minute": (at - rows[0][0]).total_seconds() / 60, "source": source, "post": _renamed(post, ids)}
        for at, source, post in rows
    ]
    part = folder / f".{STORM}.part"
    part.write_text(json.dumps(lines, ensure_ascii=False), "utf-8")
    part.replace(folder / STORM)
    return len(lines)


def the_storm() -> Sequence[Line]:
    """Read the storm of this training copy, in its order; nothing while it is being prepared."""
    file = settings.DATA_DIR / STORM
    return _read(file, file.stat().st_mtime_ns) if file.exists() else ()


def told_at() -> dict[str, datetime]:
    """Give when each message was told that was, by its id."""
    ids = [line.post.id for line in the_storm()]
    return dict(Message.objects.filter(origin_id__in=ids).values_list("origin_id", "arrived"))


def tell_due(stop: Callable[[], bool]) -> int:
    """Tell what is due by the clock, in order, as said now; give how many were told."""
    clock, storm = the_clock(), the_storm()
    if not clock.goes:
        return 0
    told, minute = told_at().keys(), clock.minute(timezone.now())
    if storm and not told:
        write_backup(settings.DATA_DIR / BEFORE, uploads=settings.DATA_DIR / "uploads")
    due = [line for line in storm if line.minute <= minute and line.post.id not in told]
    for n, line in enumerate(due):
        if stop():
            return n
        receive(source_named(line.source), [replace(line.post, time=timezone.now())])
    return len(due)


@lru_cache(maxsize=1)
def _read(file: Path, _version: int) -> Sequence[Line]:
    rows = json.loads(file.read_text("utf-8"))
    return tuple(Line(row["minute"], row["source"], _post(row["post"])) for row in rows)


def _post(told: dict[str, Any]) -> Post:
    pairs = tuple((name, value) for name, value in told.pop("background", ()))
    return Post(**told, background=pairs)


def _renamed(post: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    author = f"{ORIGIN}{post['author']}" if post["author"] else ""
    return post | {"id": ids[post["id"]], "author": author, "parent": ids.get(post.get("parent", ""), "")}

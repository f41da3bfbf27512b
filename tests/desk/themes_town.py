"""A town with themes in rows: what a test says of each message is what is counted by hand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from kuulo.models import Author, Message, Placement, Source, Theme

HELSINKI = ZoneInfo("Europe/Helsinki")
NEWEST = datetime(2026, 3, 29, 12, tzinfo=HELSINKI)  # a Sunday


@dataclass
class Said:
    """A message to be stored: ``at`` are the codes of its themes and subthemes, the first the main one."""

    at: Sequence[str] = ("T1",)
    days: int = 0  # before the newest
    channel: str = "form"
    language: str = "fi"
    kind: str = "tells"
    author: str = ""
    text: str = ""
    source: str = "Palaute"
    copy_of: "Said | None" = None
    status: str = "grouped"
    background: list[list[str]] = field(default_factory=list)
    row: Message | None = None


def build(said: Sequence[Said], names: dict[str, dict[str, str]] | None = None, **merged: str) -> dict[str, Theme]:
    """Store messages, themes with their figures, and placements; ``merged`` are codes and what they went into."""
    codes = sorted({code for one in said for code in one.at} | set(names or {}) | set(merged))
    themes: dict[str, Theme] = {}
    for number, code in enumerate(codes):
        given = (names or {}).get(code, {"fi": f"teema {code}", "en": f"theme {code}"})
        parent = themes.get(code.partition(".")[0]) if "." in code else None
        turn = np.array([np.cos(number), np.sin(number)], np.float16)
        themes[code] = Theme.objects.create(
            code=code, parent=parent, names=given, at_x=number, at_y=-number, centroid=turn.tobytes(), firmness=0.9
        )
    for code, into in merged.items():
        themes[code].state, themes[code].merged_into = Theme.State.MERGED, themes[into]
    for number, one in enumerate(said, start=Message.objects.count()):
        _store(one, number, themes)
    for code, theme in themes.items():
        own = [one for one in said if code in one.at]
        theme.figures = figures(own) | {
            "first_here": sum(one.at[0] == code and one.status == "grouped" for one in own)
        }
        theme.central = [one.row.pk for one in own if one.row and one.status == "grouped" and not one.copy_of][:3]
        theme.save()
    return themes


def _store(one: Said, number: int, themes: dict[str, Theme]) -> None:
    source, _ = Source.objects.get_or_create(name=one.source)
    author = Author.objects.get_or_create(key=one.author)[0] if one.author else None
    one.row = Message.objects.create(
        source=source,
        identity=f"{number:032d}",
        channel=one.channel,
        language=one.language,
        kind=one.kind,
        author=author,
        arrived=NEWEST - timedelta(days=one.days),
        text=one.text or f"message {number}",
        status=one.status,
        copy_of=one.copy_of.row if one.copy_of else None,
        background=one.background,
    )
    tops = [code for code in one.at if "." not in code]
    for top in tops:
        part = next((code for code in one.at if code.startswith(f"{top}.")), None)
        Placement.objects.create(
            message=one.row,
            theme=themes[top],
            subtheme=themes[part] if part else None,
            main=top == tops[0],
            counted=one.status == "grouped",
            fit=0.8,
            arrived=one.row.arrived,
        )


def figures(said: Iterable[Said]) -> dict[str, object]:
    """Count what a theme's page shows, by hand."""
    every = list(said)
    held = [one for one in every if one.status == "grouped"]
    moments = [NEWEST - timedelta(days=one.days) for one in held]
    authors = {one.author for one in held if one.author}
    background: dict[str, Counter[str]] = {}
    for one in held:
        for column, value in one.background:
            background.setdefault(column, Counter())[value] += 1
    return {
        "messages": len(held),
        "distinct": sum(one.copy_of is None for one in held),
        "people": len(authors) or None,
        "uncertain": sum(one.status == "uncertain" for one in every),
        "channels": Counter(one.channel for one in held),
        "languages": Counter(one.language for one in held),
        "kinds": Counter(one.kind for one in held),
        "sources": Counter(one.source for one in held),
        "background": background,
        "weeks": Counter(str((at - timedelta(days=at.weekday())).date()) for at in moments),
        "latest": max(moments).isoformat() if moments else None,
        "first": min(moments).isoformat() if moments else None,
        "growth": {
            "now": sum(one.days < 7 for one in held),
            "before": sum(7 <= one.days < 35 for one in held) / 4,
            "until": str(NEWEST.date()),
        },
    }

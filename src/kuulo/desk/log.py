"""Log: what happened to a theme, or at the whole desk, latest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kuulo.desk.rules import went_into
from kuulo.models import Correction, Event, Theme

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, the correction that it tells of, the themes of both by code, and whether it can be undone here."""

    event: Event
    correction: Correction | None
    themes: Mapping[str, Theme]

    @property
    def theme(self) -> str:
        """Give the code of the theme that the event is about, "" where there is none."""
        return next((code for code, theme in self.themes.items() if theme.pk == self.event.theme_id), "")

    @property
    def can_undo(self) -> bool:
        """Tell whether the correction that this event made is in force."""
        made = self.correction
        return made is not None and made.undone_at is None and self.event.kind == made.kind


def of_theme(theme: Theme, *, before: int | None = None) -> list[Entry]:
    """Give a page of a theme's history, with that of its subthemes and of the themes that went into it."""
    here = Q(theme_id__in=[theme.pk, *went_into(theme)]) | Q(theme_id__in=theme.subthemes.values("pk"))
    return _page(Event.objects.filter(here), before)


def of_desk(*, before: int | None = None) -> list[Entry]:
    """Give a page of the history of the whole desk."""
    return _page(Event.objects.all(), before)


def of_message(pk: int) -> list[Entry]:
    """Give the latest of what happened to a message."""
    return _page(Event.objects.filter(message_id=pk), None)


def of_messages(pks: Sequence[int]) -> dict[int, list[Entry]]:
    """Give what happened to each of some messages, latest first; the latest of all of them together."""
    told: dict[int, list[Entry]] = {}
    for entry in _page(Event.objects.filter(message_id__in=pks), None, most=AT_ONCE * 10):
        told.setdefault(entry.event.message_id or 0, []).append(entry)
    return told


def _page(events: QuerySet[Event], before: int | None, *, most: int = AT_ONCE) -> list[Entry]:
    """Give one more entry than a page holds where there is more. What is told of two themes is told once."""
    some = events.filter(pk__lt=before) if before else events
    found = list(some.select_related("person").order_by("-pk")[: most + 1])
    made = Correction.objects.defer("before").in_bulk([event.correction_id for event in found if event.correction_id])
    themes = _themes(found)
    return [Entry(event, made.get(event.correction_id or 0), themes) for event in _once(found)]


def _themes(events: Sequence[Event]) -> dict[str, Theme]:
    """Give the themes that events tell of, by code."""
    codes = {str(event.facts[side]) for event in events for side in ("at", "to") if side in event.facts}
    told = Q(code__in=codes) | Q(pk__in={event.theme_id for event in events if event.theme_id})
    return {theme.code: theme for theme in Theme.objects.filter(told).only("code", "names")}


def _once(events: Sequence[Event]) -> list[Event]:
    seen = set()
    left = []
    for event in events:
        key = (event.kind, event.correction_id)
        if event.correction_id is None or key not in seen:
            left.append(event)
        seen.add(key)
    return left

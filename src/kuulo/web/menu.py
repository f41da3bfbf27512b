"""The menu: the rooms of the desk that this reader may enter, and which of them they stand in."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from kuulo import __version__
from kuulo.desk import concern
from kuulo.desk.deliver import needing_person
from kuulo.desk.permissions import may
from kuulo.desk.storm.overview import open_count
from kuulo.web.access import act_of

register = template.Library()

ROOMS = (
    "themes", "inbox", "storms", "concerns", "places", "search", "compare", "bring", "sources", "uncertain",
    "proposals", "replies",
)  # fmt: skip
OWN = ("duty", "safety", "watch", "tags", "views", "history", "people", "units", "keys", "person_data", "processing")
# Rooms where something may wait, and how much that is; some stand in the menu only while something does.
WAITING = {"replies": lambda: needing_person().count(), "storms": open_count, "concerns": concern.likely_waiting}
_ONLY_THEN = frozenset({"desk.replies"})
# A page that is not in the menu belongs to a room that is.
BELONGS = {
    "theme": "themes",
    "message": "inbox",
    "intakes": "bring",
    "intake": "bring",
    "watch_one": "watch",
    "watch_new": "watch",
}
BELONGS |= dict.fromkeys(("place", "places_map", "places_bring", "places_file"), "places")
BELONGS |= dict.fromkeys(("storm", "storm_report", "storm_settings", "storm_plan"), "storms")
BELONGS |= dict.fromkeys(("discussions", "discussion", "discussion_new", "discussion_change"), "storms")
BELONGS |= dict.fromkeys(("source", "sources_new", "source_new", "source_change", "source_unread"), "sources")


@dataclass(frozen=True)
class Room:
    """An entry of the menu. ``here`` is what aria-current says: "page", "true" for a page within it, or "".

    ``waiting`` is how much waits there for somebody; None where that is not counted.
    """

    key: str
    address: str
    here: str
    waiting: int | None = None


@register.simple_tag
def version() -> str:
    """Give the version of Kuulo."""
    return __version__


@register.simple_tag
def own_colours() -> str:
    """Give the address of the municipality's own colours, or "" where it has none."""
    return reverse("theme_css") if settings.THEME_CSS else ""


@register.simple_tag
def is_practice() -> bool:
    """Tell whether this is a training copy."""
    return bool(settings.PRACTICE)


@register.simple_tag
def tongues() -> list[tuple[str, str]]:
    """Give the languages of the desk: the code, and the name in the language itself."""
    return settings.LANGUAGES


@register.simple_tag(takes_context=True)
def rooms(context: dict[str, HttpRequest]) -> list[Room]:
    """Give the rooms that everybody works in."""
    return _entries(context["request"], ROOMS)


@register.simple_tag(takes_context=True)
def own_rooms(context: dict[str, HttpRequest]) -> list[Room]:
    """Give the rooms that stand in the person's own menu."""
    return _entries(context["request"], OWN)


def _entries(request: HttpRequest, names: tuple[str, ...]) -> list[Room]:
    found = request.resolver_match
    page = found.view_name if found else ""
    open_ones = [
        Room(f"desk.{name}", address, _here(page, name), WAITING[name]() if name in WAITING else None)
        for name in names
        if (address := _open_door(request, name))
    ]
    return [room for room in open_ones if room.waiting != 0 or room.key not in _ONLY_THEN]


def _here(page: str, room: str) -> str:
    if page == room:
        return "page"
    return "true" if BELONGS.get(page) == room else ""


def _open_door(request: HttpRequest, name: str) -> str:
    """Give the address of a room, or "" where the reader may not enter: the view itself says who may."""
    try:
        address = reverse(name)
        view = resolve(address).func
    except (NoReverseMatch, Resolver404):
        return ""
    return address if may(request.user, act_of(view)) else ""

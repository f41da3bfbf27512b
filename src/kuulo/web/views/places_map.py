"""The map of places, drawn on the server, with a table of the same numbers."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kuulo.desk.asked import read_day
from kuulo.desk.places.map import Area, Cluster, Drawing, drawn
from kuulo.desk.themes import find_theme
from kuulo.models import Place
from kuulo.web.access import allowed
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import with_query
from kuulo.web.message_lists import query_of
from kuulo.web.names import theme_names
from kuulo.web.place_names import kind_name, place_in, place_name, place_page
from kuulo.web.speech import spoken
from kuulo.web.views.places import inbox

COLUMNS = ("id", "code", "kind", "name", "messages")
# an area that is not this large on the map has no room for its number, a larger one for its name too
_ROOM_FOR_NUMBER, _ROOM_FOR_NAME = 34.0, 110.0
_LONGEST_NAME = 16


@require_GET
@allowed("read")
def places_map(request: HttpRequest) -> HttpResponseBase:
    """Show the map, of all messages or of a theme and some days."""
    asked = {name: request.GET.get(name, "").replace("\0", "").strip()[:40] for name in ("theme", "kind")}
    days = {name: read_day(request.GET.get(name, "").strip()) for name in ("since", "until")}
    theme = find_theme(asked["theme"]) if asked["theme"] else None
    with_points = request.GET.get("points") == "1"
    drawing = drawn(theme=theme, kind=asked["kind"], with_points=with_points, **days)
    if wanted_format(request):
        return as_data(request, name="places-map", columns=COLUMNS, rows=_cells(drawing))
    narrowed = {name: day.isoformat() for name, day in days.items() if day}
    narrowed |= {"theme": theme.code} if theme else {}
    shown = {
        "drawing": drawing,
        "areas": [_area(one, narrowed) for one in drawing.areas],
        "clusters": [_cluster(one, narrowed) for one in drawing.clusters],
        "rows": [(place, n, inbox(place, **narrowed)) for place, n in _counted(drawing)],
        "theme": theme,
        "with_points": with_points,
        "themes": theme_names(also=asked["theme"]),
        "kinds": [(kind, kind_name(kind)) for kind in drawing.kinds],
        **days,
        "data": query_of(request, "format"),
    }
    return render(request, "places_map.html", shown)


def _area(one: Area, narrowed: dict[str, str]) -> dict[str, object]:
    name = place_name(one.place)
    return {
        "one": one,
        "label": _label(name, one.n),
        "address": inbox(one.place, **narrowed) if narrowed else place_page(one.place.pk),
        "number": one.room >= _ROOM_FOR_NUMBER,
        "name": name if one.room >= _ROOM_FOR_NAME and len(name) <= _LONGEST_NAME else "",
    }


def _label(name: str, n: int) -> str:
    return f"{name}: {spoken().count('messages', n)}"


def _cluster(one: Cluster, narrowed: dict[str, str]) -> dict[str, object]:
    alone = one.places[0] if len(one.places) == 1 else None
    if alone:
        name, address = place_name(alone), inbox(alone, **narrowed) if narrowed else place_page(alone.pk)
    else:
        name = spoken().say("places.map.cluster", n=len(one.places))
        address = with_query(reverse("places"), box=str(one.box))
    return {"one": one, "label": _label(name, one.n), "address": address}


def _counted(drawing: Drawing) -> list[tuple[Place, int]]:
    """Give what the map tells, the most first."""
    areas = [(one.place, one.n) for one in drawing.areas]
    found = sorted(areas, key=lambda one: (-one[1], one[0].pk))
    return found + sorted(drawing.points, key=lambda one: (-one[1], one[0].pk))


def _cells(drawing: Drawing) -> list[list[Cell]]:
    language = spoken().language
    return [[p.pk, p.code, p.kind, place_in(p, language).value, n] for p, n in _counted(drawing)]

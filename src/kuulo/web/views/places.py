"""Places: the list of those that are talked about, and the files that they come from."""

from pathlib import PurePath

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kuulo.desk.health import SILENT_AFTER, worker_age
from kuulo.desk.places import again, gazetteers
from kuulo.desk.places import listing as desk
from kuulo.hear.refused import Refused
from kuulo.models import Gazetteer, Place
from kuulo.place.gazetteer import KINDS
from kuulo.web import told
from kuulo.web.access import allowed
from kuulo.web.correcting import person_of
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import messages_of, with_query
from kuulo.web.names import language_name
from kuulo.web.notice import tell
from kuulo.web.place_names import kind_name, place_in
from kuulo.web.speech import spoken

COLUMNS = ("id", "code", "kind", "name", "part_of", "messages", "own_messages", "latitude", "longitude")
LANGUAGES = ("fi", "sv", "nb", "nn", "en", "se")
_LONGEST, _LARGEST = 120, 2**63 - 1


@require_GET
@allowed("read")
def places(request: HttpRequest) -> HttpResponseBase:
    """Show the places, those that most is said about first."""
    asked = {name: request.GET.get(name, "").replace("\0", "").strip()[:_LONGEST] for name in _ASKED}
    box = desk.Box.of(asked["box"])
    found = desk.listed(words=asked["name"], kind=asked["kind"], box=box, after=asked["after"])
    if wanted_format(request):
        return as_data(request, name="places", columns=COLUMNS, rows=map(row, found.places))
    kept = {name: asked[name] for name in ("name", "kind", "box")}
    shown = {
        **files_shown(),
        "asked": asked,
        "kinds": [(kind, kind_name(kind)) for kind in desk.kinds()],
        "rows": [(place, inbox(place)) for place in found.places],
        "next": with_query("", **kept, after=found.after) if found.after else "",
        "data": {form: with_query("", **kept, after=asked["after"], format=form) for form in ("csv", "json")},
        "is_narrowed": any(kept.values()),
    }
    return render(request, "places.html", shown)


_ASKED = ("name", "kind", "box", "after")


def files_shown() -> dict[str, object]:
    """Give what is told of the files and of the looking through."""
    age = worker_age()
    progress = again.progress()
    return {
        "files": desk.files(),
        "progress": None if progress is None else round(100 * progress),
        "is_silent": age is None or age > SILENT_AFTER,
    }


def inbox(place: Place, **filters: str) -> str:
    """Give the inbox's address for the messages about a place."""
    return messages_of(place=str(place.pk), **filters)


def row(place: Place) -> list[Cell]:
    """Give a place as a line of the data."""
    language = spoken().language
    return [
        place.pk,
        place.code,
        place.kind,
        place_in(place, language).value,
        place_in(place.parent, language).value if place.parent else "",
        place.messages,
        place.own,
        place.latitude,
        place.longitude,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("manage-places")
def bring(request: HttpRequest) -> HttpResponse:
    """Take a file of places."""
    if request.method != "POST":
        return _form(request)
    upload = request.FILES.get("file")
    if upload is None or upload.file is None:
        return _form(request, spoken().say("places.bring.nothing"))
    name = PurePath(upload.name or "-").name
    chosen = {"kind": _one_of(request, "kind", KINDS), "language": _one_of(request, "language", LANGUAGES)}
    try:
        held, is_new = gazetteers.bring(upload.file, name=name, person=person_of(request), **chosen)
    except Refused as refused:
        return _form(request, refusal(refused.code, {"file": name, **refused.facts}))
    if not is_new:
        tell(request, spoken().say("places.bring.known"))
    return redirect("places_file", held.pk)


def _one_of(request: HttpRequest, name: str, choices: tuple[str, ...]) -> str:
    given = request.POST.get(name, "")
    return given if given in choices else ""


def _form(request: HttpRequest, problem: str = "") -> HttpResponse:
    shown = {
        "problem": problem,
        "kinds": [(kind, kind_name(kind)) for kind in KINDS],
        "languages": [(code, language_name(code)) for code in LANGUAGES],
    }
    return render(request, "places_bring.html", shown, status=422 if problem else 200)


@require_GET
@allowed("read")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what became of a file of places."""
    held = get_object_or_404(Gazetteer.objects.select_related("brought_by"), pk=min(pk, _LARGEST))
    shown = {
        **files_shown(),
        "file": held,
        "waits": held.state in {"queued", "running"},
        "refused": refusal(held.refusal.get("code", ""), held.refusal.get("facts", {})) if held.refusal else "",
        "kinds": [(kind_name(kind), n, with_query(reverse("places"), kind=kind)) for kind, n in _kinds(held)],
        "faults": [(fault["row"], _fault(fault), fault["kept"]) for fault in held.told.get("listed", ())],
        "mended": sum(held.told.get("faults", {}).values()) - held.told.get("refused", 0),
    }
    part = "parts/places_file.html" if request.headers.get("HX-Request") == "true" else "places_file.html"
    return render(request, part, shown)


def _kinds(held: Gazetteer) -> list[tuple[str, int]]:
    return sorted(held.told.get("kinds", {}).items(), key=lambda one: (-one[1], one[0]))


def refusal(code: str, facts: dict[str, str | int]) -> str:
    """Say why a file of places cannot be read."""
    shape = spoken().words.get(f"places.refusal.{code}")
    return shape.format_map(told.Known(facts)) if shape else told.refusal(code, facts)


def _fault(fault: dict[str, object]) -> str:
    facts = fault["facts"] if isinstance(fault["facts"], dict) else {}
    shape = spoken().words.get(f"places.fault.{fault['code']}", str(fault["code"]).replace("-", " "))
    return shape.format_map(told.Known(facts))

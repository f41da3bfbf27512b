"""The watch list: where matters are talked about, and where nobody from the municipality has answered."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kuulo.desk import watch as desk
from kuulo.desk.inbox import in_order
from kuulo.desk.watch import Discussion, Watched
from kuulo.models import Watch
from kuulo.web.access import allowed
from kuulo.web.correcting import person_of
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import message_page, messages_of
from kuulo.web.message_lists import entries
from kuulo.web.notice import tell
from kuulo.web.speech import spoken
from kuulo.web.watch_form import WatchForm, service_names

_COLUMNS = ("source", "thread", "message", "messages", "people", "official_replies", "latest")
_SHOWN = 50


@require_GET
@allowed("read")
def watches(request: HttpRequest) -> HttpResponseBase:
    """Show what is watched."""
    listed = Watch.objects.order_by("name")
    if wanted_format(request):
        rows: list[list[Cell]] = [[one.pk, one.name, one.words, " ".join(one.services)] for one in listed]
        return as_data(request, name="watch", columns=("id", "name", "words", "services"), rows=rows)
    return render(request, "watches.html", {"watches": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("watch")
def new(request: HttpRequest) -> HttpResponse:
    """Take something new to watch."""
    form = WatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("watch_one", desk.make(person_of(request), **form.cleaned_data).pk)
    return render(request, "watch_new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allowed("read")
def watch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show where a matter is talked about, and the discussions without an official's reply."""
    one = get_object_or_404(Watch, pk=pk)
    found = desk.watched(one)
    if wanted_format(request):
        return as_data(request, name=f"watch-{pk}", columns=_COLUMNS, rows=map(_row, found.discussions))
    since = {"since": found.since.isoformat(), "watch": str(pk)}
    shown = {
        "watch": one,
        "services": [name for code, name in service_names() if code in one.services],
        "sources": one.sources.order_by("name"),
        "found": found,
        "places": [(place, messages_of(source=place.name, **since)) for place in found.places],
        "gap": _gap(found, since),
        "gap_total": len(found.gap),
    }
    return render(request, "watch.html", shown)


def _gap(found: Watched, since: dict[str, str]) -> list[dict[str, object]]:
    shown = found.gap[:_SHOWN]
    begin = {one.message.pk: one for one in entries(in_order([one.message for one in shown]))}
    return [{"one": one, "entry": begin.get(one.message), "link": _link(one, since)} for one in shown]


def _link(one: Discussion, since: dict[str, str]) -> str:
    """Give the address of the very messages that are counted; of an unnamed discussion, the message that began it."""
    if one.thread:
        return messages_of(source=one.name, thread=one.thread, **since)
    return message_page(one.message)


def _row(one: Discussion) -> list[Cell]:
    return [one.name, one.thread, one.message, one.messages, len(one.people), one.official, one.latest.isoformat()]


@require_POST
@allowed("watch")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Watch a matter no more."""
    desk.remove(person_of(request), get_object_or_404(Watch, pk=pk))
    tell(request, spoken().say("watch.removed"))
    return redirect("watch")

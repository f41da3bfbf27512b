"""Where a message is about: a person adds a place or takes one away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kuulo.desk.places import said
from kuulo.desk.places.whereabouts import STANDING
from kuulo.models import Message, Place
from kuulo.web.access import allowed
from kuulo.web.correcting import person_of
from kuulo.web.links import message_page
from kuulo.web.notice import tell
from kuulo.web.place_names import place_name
from kuulo.web.speech import spoken

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("correct")
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the places that a name may mean; or say that the message is about one."""
    message = _message(pk)
    if request.method == "POST":
        place = _place(request)
        if said.add(message, place, person=person_of(request)):
            tell(request, spoken().say("places.added", place=place_name(place)))
        return redirect(message_page(message.pk))
    words = request.GET.get("name", "").replace("\0", "").strip()[:120]
    return render(request, "message_places.html", {"message": message, "name": words, "found": said.called(words)})


@require_POST
@allowed("correct")
def take_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the message is not about a place."""
    message, place = _message(pk), _place(request)
    if said.take_away(message, place, person=person_of(request)):
        undo = f"{reverse('message_places', args=[message.pk])}?place={place.pk}"
        tell(request, spoken().say("places.taken_away", place=place_name(place)), undo=undo)
    return redirect(message_page(message.pk))


def _message(pk: int) -> Message:
    return get_object_or_404(Message, pk=min(pk, _LARGEST), status__in=STANDING)


def _place(request: HttpRequest) -> Place:
    asked = request.POST.get("place") or request.GET.get("place", "")
    return get_object_or_404(Place, pk=int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0)

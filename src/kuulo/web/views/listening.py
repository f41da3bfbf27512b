"""Listening: for everybody, what the municipality listens to, why, and what becomes of what is said."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from kuulo.desk.authors import DAYS
from kuulo.desk.openly import TOLD, Place, places
from kuulo.desk.privacy import KEEP_RAW
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.speech import LANGUAGES, spoken


@require_safe
def listening(request: HttpRequest) -> HttpResponseBase:
    """Show every place that is listened to; it needs no log-in, no cookie and no script."""
    found = places()
    if wanted_format(request):
        return as_data(request, name="kuulo-listening", columns=("way", *TOLD), rows=map(_row, found))
    wanted = request.GET.get("lang", "")
    with translation.override(wanted if wanted in LANGUAGES else translation.get_language()):
        shown = {
            "own": {"title": spoken().say("listening.title")},
            "languages": settings.LANGUAGES,
            "places": found,
            "days": DAYS,
            "raw_days": KEEP_RAW.days,
            "contact": settings.DATA_CONTACT,
        }
        return render(request, "listening.html", shown)


def _row(place: Place) -> list[Cell]:
    return [place.way, *(getattr(place.source, name) for name in TOLD)]

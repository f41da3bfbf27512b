"""Say: the municipality's own page, where anybody can say something, without an account, a cookie or a script."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kuulo.desk import own_form
from kuulo.hear.connectors.form import OwnForm
from kuulo.models import Connection
from kuulo.web.say_form import SayForm
from kuulo.web.speech import spoken
from kuulo.web.throttle import network, too_often

# a library or a school writes from one address
MOST, SECONDS = 20, 600


@csrf_exempt  # within another site no cookie comes along; the signed mark of the page guards instead
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, page: str) -> HttpResponse:
    """Show the form; take what is said and give its reference."""
    found = own_form.form_at(page)
    if found is None or not found[1].languages():
        raise Http404
    connection, form = found
    with translation.override(_language(request, form)):
        return _framed(_answer(request, connection, form), form)


def _answer(request: HttpRequest, connection: Connection, own: OwnForm) -> HttpResponse:
    form = SayForm(request.POST or None, contact=own.settings["ask_contact"] == "yes", page=own.settings["page"])
    shown: dict[str, object] = {"form": form, "own": _words_of(own), "languages": _languages(own)}
    shown["embedded"] = request.GET.get("embed") == "1"
    status = 200
    if request.method == "POST" and form.is_valid():
        if not too_often("say", network(request), most=MOST, seconds=SECONDS):
            return render(request, "say_thanks.html", shown | {"reference": _taken(request, connection, form)})
        form.add_error(None, spoken().say("say.too-often"))
        status = 429
    return render(request, "say.html", shown | {"stamp": form.stamp_again()}, status=status)


def _taken(request: HttpRequest, connection: Connection, form: SayForm) -> str:
    said = own_form.Said(language=spoken().language, network=network(request), **form.said())
    return own_form.take(connection, said, now=timezone.now())


def _words_of(own: OwnForm) -> dict[str, str]:
    """Give the municipality's own words in the language of the page."""
    return {part: own.settings[f"{part}_{spoken().language}"].strip() for part in ("title", "intro", "thanks")}


def _languages(own: OwnForm) -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    return [(one, str(names[one])) for one in own.languages()] if len(own.languages()) > 1 else []


def _language(request: HttpRequest, own: OwnForm) -> str:
    offered = own.languages()
    for wanted in (request.GET.get("lang", ""), translation.get_language() or ""):
        if wanted in offered:
            return wanted
    return offered[0]


def _framed(answer: HttpResponse, own: OwnForm) -> HttpResponse:
    """Let the sites that the settings name show the page within theirs, and no other."""
    if sites := own.sites():
        answer.xframe_options_exempt = True
        answer._csp_replace = {"frame-ancestors": sites}  # type: ignore[attr-defined]
    return answer

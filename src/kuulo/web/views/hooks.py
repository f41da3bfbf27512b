"""Hooks: the addresses that sources call when there is something new. Programs ask here, so no page is made."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kuulo.desk import hooks
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection
from kuulo.web.body import TooLarge, body_of
from kuulo.web.throttle import network, too_often

LARGEST = 2**20
# a page that everybody talks about brings some calls a second; who does not know the address is guessing
MOST_CALLS, MOST_GUESSES = 1200, 30


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, token: str) -> HttpResponse:
    """Greet the source that asks, and take in what it brings."""
    connection = hooks.called(token)
    if connection is None:
        slow = too_often("guess a hook", network(request), most=MOST_GUESSES, seconds=60)
        return _wait() if slow else _answer(404)
    if too_often("hook", token, most=MOST_CALLS, seconds=60):
        return _wait()
    try:
        return _greeted(request, connection) if request.method == "GET" else _taken(request, connection)
    except Trouble:
        return _answer(403)
    except TooLarge:
        return _answer(413)


def _greeted(request: HttpRequest, connection: Connection) -> HttpResponse:
    return _answer(200, hooks.greet(connection, request.GET.dict()))


def _taken(request: HttpRequest, connection: Connection) -> HttpResponse:
    headers = {name.lower(): value for name, value in request.headers.items()}
    hooks.take_call(connection, headers, body_of(request, most=LARGEST))
    return _answer(200)


def _answer(status: int, text: str = "") -> HttpResponse:
    # never HTML: what a source asks to hear again is not to run in anybody's browser
    headers = {"X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _wait() -> HttpResponse:
    answer = _answer(429)
    answer["Retry-After"] = "60"
    return answer

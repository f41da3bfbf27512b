"""The door for programs that watch over the desk: they come from this machine, or bring the token."""

import hmac
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.cache import patch_vary_headers

View = Callable[[HttpRequest], HttpResponse]


def watcher(view: View) -> View:
    """Let in who comes from this machine or knows KUULO_METRICS_TOKEN; to others there is no such page."""

    @wraps(view)
    def asked(request: HttpRequest) -> HttpResponse:
        known = is_local(request) or _has_token(request)
        response = view(request) if known else HttpResponseNotFound("", content_type="text/plain")
        patch_vary_headers(response, ["Authorization"])
        return response

    asked.watcher = True  # type: ignore[attr-defined]
    return asked


def is_local(request: HttpRequest) -> bool:
    """Tell whether a request was made on this machine: what a proxy passes on was not."""
    passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    try:
        return not passed_on and ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted: str = settings.METRICS_TOKEN
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())

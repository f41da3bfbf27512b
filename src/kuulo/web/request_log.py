"""The log of requests: one line of JSON each, with a number that ties together what belongs to one request."""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kuulo.models import Person
from kuulo.web.log_lines import NUMBER
from kuulo.web.metrics import REQUESTS

LOG = logging.getLogger("kuulo.requests")
# what a proxy or a program may call its request; anything else could carry somebody's words into the log
_ACCEPTABLE = re.compile(r"[\w-]{8,64}", re.ASCII)


class RequestLog:
    """Number each request, time it, and write what was asked and answered: never an address's query or any text."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and log it."""
        number = _number(request)
        request.number = number  # type: ignore[attr-defined]
        NUMBER.set(number)
        start = time.perf_counter()
        response = self.answer(request)
        response["X-Request-ID"] = number
        seconds = time.perf_counter() - start
        page = view_name(request)
        REQUESTS.labels(page).observe(seconds)
        LOG.info("request", extra={"facts": _facts(request, response, page, seconds)})
        return response


def view_name(request: HttpRequest) -> str:
    """Give the name of the page that answered, or "" where there is none."""
    return (request.resolver_match.view_name or "unnamed") if request.resolver_match else ""


def _number(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if _ACCEPTABLE.fullmatch(given) else uuid4().hex


def _facts(request: HttpRequest, response: HttpResponseBase, page: str, seconds: float) -> dict[str, object]:
    # who it is was found out by then, or need not be found out for the log's sake
    user = getattr(request, "_cached_user", None)
    return {
        "method": request.method,
        "view": page,
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "person": user.pk if isinstance(user, Person) else None,
    }

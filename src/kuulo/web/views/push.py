"""Push: where programs bring messages, and the description of how they do."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk import push
from kuulo.hear.push import LARGEST_BODY, BadBody
from kuulo.models import ApiKey
from kuulo.web import api
from kuulo.web.body import TooLarge, body_of
from kuulo.web.throttle import network, too_often

MOST_GUESSES = 30


@csrf_exempt
@never_cache
@require_POST
def messages(request: HttpRequest) -> JsonResponse:
    """Take in messages from a program that shows a key."""
    key = push.key_of(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
    if key is None:
        slow = too_often("guess a key", network(request), most=MOST_GUESSES, seconds=60)
        return api.refusal("too-often", wait=60) if slow else api.refusal("no-key")
    wrong = _wrong_with(request)
    return api.refusal(wrong) if wrong else _taken(request, key)


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """Give the description of the interface for programs."""
    return JsonResponse(api.document(request.build_absolute_uri("/").rstrip("/")))


def _wrong_with(request: HttpRequest) -> str:
    """Give the code of what is wrong with a request before its body is read, "" for nothing."""
    if (
        request.content_type != "application/json"
        or request.headers.get("Content-Encoding", "identity") != "identity"
    ):
        return "other-type"
    if not request.META.get("CONTENT_LENGTH"):
        return "no-length"
    given = request.headers.get("Idempotency-Key", "")
    return "long-key" if len(given) > 255 or not (given.isascii() and given.isprintable()) else ""


def _taken(request: HttpRequest, key: ApiKey) -> JsonResponse:
    given = request.headers.get("Idempotency-Key", "")
    try:
        answer, again = push.take(key, body_of(request, most=LARGEST_BODY), idempotency_key=given)
    except TooLarge:
        return api.refusal("too-large")
    except BadBody as refused:
        return api.refusal(refused.code)
    except push.OtherBody:
        return api.refusal("other-body")
    except push.Drowning as drowning:
        return api.refusal("drowning", wait=drowning.wait)
    return _told(answer, again=again)


def _told(answer: dict[str, Any], *, again: bool) -> JsonResponse:
    told = JsonResponse(answer | {"errors": api.told_errors(answer["errors"])})
    if again:
        told["Idempotent-Replayed"] = "true"
    return told

"""Signs of life for who runs the desk: alive, ready, and figures for Prometheus."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kuulo.desk.health import troubles
from kuulo.web.metrics import KIND, exposition
from kuulo.web.watcher import watcher


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """Say that the process answers. Nothing else is looked at."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
@watcher
def ready(_request: HttpRequest) -> JsonResponse:
    """Say whether the desk can do its work, and else, by code, what is in the way: status 503."""
    found = troubles()
    return JsonResponse({"ready": not found, "troubles": found}, status=503 if found else 200)


@never_cache
@require_safe
@watcher
def metrics(_request: HttpRequest) -> HttpResponse:
    """Give the figures in Prometheus's form."""
    return HttpResponse(exposition(), content_type=KIND)

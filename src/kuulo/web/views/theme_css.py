"""The municipality's own colours."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(max_age=60)
def theme_css(_request: HttpRequest) -> HttpResponse:
    """Give the file of KUULO_THEME_CSS, read anew."""
    try:
        colours = Path(settings.THEME_CSS).read_bytes()
    except OSError as error:
        raise Http404 from error
    return HttpResponse(colours, content_type="text/css; charset=utf-8")

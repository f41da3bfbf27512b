"""The language that somebody reads the desk in."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from kuulo.models import Person


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Remember the chosen language in a cookie, and with the person where somebody is logged in."""
    language = request.POST.get("language", "")
    if isinstance(request.user, Person) and check_for_language(language):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return set_language(request)

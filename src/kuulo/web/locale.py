"""Which language a request is answered in."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from kuulo.models import Person

SPOKEN = dict(settings.LANGUAGES)
# Who asks for Norwegian of any kind is answered in bokmål.
NEAR = {"nn": "nb", "no": "nb"}


class ReadersLocale(LocaleMiddleware):
    """The person's own choice goes first, then the cookie, then what the browser asks for, then English."""

    def process_request(self, request: HttpRequest) -> None:
        """Turn on the language of this request."""
        language = _own(request) or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if language not in SPOKEN:
            language = _asked_for(request.headers.get("Accept-Language", ""))
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def _own(request: HttpRequest) -> str:
    return request.user.language if isinstance(request.user, Person) else ""


def _asked_for(header: str) -> str:
    for asked, _weight in parse_accept_lang_header(header):
        primary = asked.split("-")[0]
        if (language := NEAR.get(primary, primary)) in SPOKEN:
            return language
    return settings.LANGUAGE_CODE

"""Rising: the notice of open storms on every page, for those on duty and the leaders, until they put it aside."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.http import HttpRequest

from kuulo.desk.permissions import may
from kuulo.desk.storm.letter import CARD
from kuulo.desk.storm.rising import rising, unseen
from kuulo.desk.storm.sentence import name_of
from kuulo.models import Person, Storm
from kuulo.web.speech import spoken

register = template.Library()
_SEEN, _MOST_SEEN = "storms_seen", 200


@dataclass(frozen=True, slots=True)
class Notice:
    """A storm as the notice tells of it."""

    name: str
    card: str


@register.inclusion_tag("parts/rising.html", takes_context=True)
def rising_storms(context: dict[str, HttpRequest]) -> dict[str, object]:
    """Tell of the storms that the reader has not put aside."""
    return shown(context["request"])


def shown(request: HttpRequest) -> dict[str, object]:
    """Give what the notice is drawn of. ``mark`` tells what it shows, so that nothing is drawn anew in vain."""
    storms = _storms(request)
    language = spoken().language
    notices = [Notice(name_of(storm, language), CARD.format(storm=storm.pk)) for storm in storms]
    return {"request": request, "notices": notices, "mark": _mark(storms)}


def put_aside(request: HttpRequest) -> None:
    """Show what is shown now no more in this session, unless it grows."""
    seen = request.session.get(_SEEN, {}) | {str(storm.pk): storm.told_at for storm in _storms(request)}
    request.session[_SEEN] = dict([*seen.items()][-_MOST_SEEN:])


def _storms(request: HttpRequest) -> list[Storm]:
    if not isinstance(request.user, Person) or not may(request.user, "read"):
        return []
    storms = rising(request.user)
    return unseen(storms, request.session.get(_SEEN, {})) if storms else []


def _mark(storms: Sequence[Storm]) -> str:
    return " ".join(f"{storm.pk}.{storm.told_at}" for storm in storms)

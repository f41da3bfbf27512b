"""Correcting in the browser: what every form of a correction has in common, and what it says when it is done."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kuulo.desk.not_now import NotNow
from kuulo.desk.themes import find_theme, followed
from kuulo.models import Correction, Person, Theme
from kuulo.web.speech import spoken
from kuulo.web.tags import day, plain_name

LATEST = "latest_correction"


def done(request: HttpRequest, act: Callable[[], Correction], *, said: str, back: str) -> HttpResponseRedirect:
    """Do a correction, say so with a way to undo it, or say why it cannot be done; go back to where it was asked."""
    try:
        correction = act()
    except NotNow as refusal:
        messages.error(request, why_not(refusal))
    else:
        request.session[LATEST] = correction.pk
        undo = reverse("correction_undo", args=[correction.pk])
        messages.success(
            request, spoken().say(said, theme=plain_name(correction.other or correction.theme)), extra_tags=undo
        )
    return redirect(next_page(request, back))


def why_not(refusal: NotNow) -> str:
    """Say why something cannot be done now."""
    facts = dict(refusal.facts)
    if refusal.code == "later-correction":
        later = Correction.objects.select_related("made_by").get(pk=refusal.facts["correction"])
        facts = {"what": spoken().say(f"correct.kind.{later.kind}"), "day": day(later.made_at)}
    return spoken().say(f"correct.refused.{refusal.code}", **facts)


def next_page(request: HttpRequest, default: str) -> str:
    """Give the page of this desk that the form asks to go to, else ``default``."""
    asked = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(asked, allowed_hosts=None, require_https=request.is_secure())
    return asked if here and asked.startswith("/") else default


def person_of(request: HttpRequest) -> Person:
    """Give who asks; the door has let nobody else in."""
    assert isinstance(request.user, Person)
    return request.user


def theme_or_404(code: str) -> Theme:
    """Give the theme with a code, or the one that it went into."""
    if theme := find_theme(code):
        return theme
    raise Http404


def chosen_theme(request: HttpRequest) -> Theme:
    """Give the theme that was typed or chosen, by its code or by its name. Raises NotNow ("no-such-theme")."""
    asked = request.POST.get("theme", "").strip()
    code = asked.split(maxsplit=1)[0] if asked else ""
    found = Theme.objects.filter(code=code.upper()).first() or _by_name(asked)
    if found is None:
        raise NotNow("no-such-theme", asked=asked[:80])
    return followed(found)


def _by_name(asked: str) -> Theme | None:
    wanted = asked.casefold()
    live = Theme.objects.filter(state=Theme.State.LIVE).order_by("parent", "pk").only("code", "names")
    return next((theme for theme in live if wanted in {name.casefold() for name in theme.names.values()}), None)


def reason_of(request: HttpRequest) -> str:
    """Give the reason that was typed."""
    return request.POST.get("reason", "")

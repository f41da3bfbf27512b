"""Correct a theme: its names, what it goes into, what leaves it, and what always belongs in it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from kuulo.desk.always import always_here, caught, check_always, sign_of
from kuulo.desk.correct import merge, rename, split
from kuulo.desk.correcting import LANGUAGES
from kuulo.desk.not_now import NotNow
from kuulo.models import Correction, Theme
from kuulo.web.access import allowed
from kuulo.web.correcting import chosen_theme, done, person_of, reason_of, theme_or_404, why_not
from kuulo.web.links import theme_page
from kuulo.web.speech import spoken

_SHOWN = 5


@require_POST
@allowed("correct")
def rename_theme(request: HttpRequest, code: str) -> HttpResponse:
    """Give a theme the names that were typed and differ from those it has."""
    theme = theme_or_404(code)
    typed = {language: request.POST.get(f"name_{language}", "") for language in LANGUAGES}
    names = {language: name for language, name in typed.items() if name.strip() != theme.names.get(language, "")}

    def act() -> Correction:
        return rename(theme, names, person=person_of(request), reason=reason_of(request))

    return done(request, act, said="correct.done.rename", back=theme_page(theme.code))


@require_POST
@allowed("correct")
def merge_theme(request: HttpRequest, code: str) -> HttpResponse:
    """Let a theme go into the chosen one."""
    theme = theme_or_404(code)

    def act() -> Correction:
        return merge(theme, chosen_theme(request), person=person_of(request), reason=reason_of(request))

    return done(request, act, said="correct.done.merge", back=theme_page(theme.code))


@require_POST
@allowed("correct")
def split_theme(request: HttpRequest, code: str) -> HttpResponse:
    """Let the chosen subthemes be a theme of their own."""
    theme = theme_or_404(code)
    parts = list(Theme.objects.filter(code__in=request.POST.getlist("part")))
    names = {spoken().language: request.POST.get("name", "")}

    def act() -> Correction:
        return split(theme, names=names, subthemes=parts, person=person_of(request), reason=reason_of(request))

    return done(request, act, said="correct.done.split", back=theme_page(theme.code))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("correct")
def always(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what a rule of words would bring into a theme; make it one where that is sent."""
    theme = theme_or_404(code)
    typed = (request.POST if request.method == "POST" else request.GET).get("words", "")
    sign = sign_of(typed)
    if request.method == "POST":

        def act() -> Correction:
            return always_here(theme, sign, person=person_of(request), reason=reason_of(request))

        return done(request, act, said="correct.done.always-here", back=theme_page(theme.code))
    told: dict[str, object] = {"theme": theme, "typed": typed, "sign": sign}
    try:
        check_always(theme, sign)
    except NotNow as refusal:
        return render(request, "always.html", told | {"refusal": why_not(refusal) if typed else ""})
    found = caught(theme, sign)
    some = found.defer("vector", "search_text").order_by("-arrived", "-pk")[:_SHOWN]
    return render(request, "always.html", told | {"count": found.count(), "some": some})

"""Correct where a message stands."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from kuulo.desk import aside
from kuulo.desk.always import Sign
from kuulo.desk.correct import always_here, gather, move, not_about, pin
from kuulo.desk.not_now import NotNow
from kuulo.models import Correction, Message, Person
from kuulo.web.access import allowed
from kuulo.web.correcting import chosen_theme, done, person_of, reason_of, theme_or_404
from kuulo.web.links import message_page
from kuulo.web.notice import refuse, tell
from kuulo.web.speech import spoken

_LARGEST = 2**63 - 1


@require_POST
@allowed("correct")
def move_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a message to the chosen theme, away from the one that the form names or else its main one."""
    message = _message(pk)
    away = theme_or_404(request.POST["away"]) if request.POST.get("away") else None

    def act() -> Correction:
        return move(message, chosen_theme(request), away=away, person=person_of(request), reason=reason_of(request))

    return _done(request, message, act, "correct.done.move")


@require_POST
@allowed("correct")
def not_about_theme(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a message out of a theme for good."""
    message, theme = _message(pk), theme_or_404(request.POST.get("theme", ""))

    def act() -> Correction:
        return not_about(message, theme, person=person_of(request), reason=reason_of(request))

    return _done(request, message, act, "correct.done.not-about")


@require_POST
@allowed("correct")
def pin_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a message in a theme, first among its quotes."""
    message, theme = _message(pk), theme_or_404(request.POST.get("theme", ""))

    def act() -> Correction:
        return pin(message, theme, person=person_of(request), reason=reason_of(request))

    return _done(request, message, act, "correct.done.pin")


@require_POST
@allowed("correct")
def own_theme(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a message and its near-copies be a theme of their own."""
    message = _message(pk)
    names = {spoken().language: request.POST.get("name", "")}

    def act() -> Correction:
        return gather([message.pk], names=names, person=person_of(request), reason=reason_of(request))

    return _done(request, message, act, "correct.done.split")


@require_POST
@allowed("correct")
def copies_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Place a message and all copies of it, also those to come, in the chosen theme."""
    message = _message(pk)

    def act() -> Correction:
        sign = Sign(copies_of=message)
        return always_here(chosen_theme(request), sign, person=person_of(request), reason=reason_of(request))

    return _done(request, message, act, "correct.done.always-here")


@require_POST
@allowed("correct")
def ours(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a message that was set aside."""
    return _decided(request, pk, aside.take_in, "message.relevance.done_ours")


@require_POST
@allowed("correct")
def not_ours(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a message aside."""
    return _decided(request, pk, aside.set_aside, "message.relevance.done_aside")


def _decided(request: HttpRequest, pk: int, act: Callable[[Person, int], None], said: str) -> HttpResponse:
    message = _message(pk)
    try:
        act(person_of(request), message.pk)
    except NotNow as now:
        refuse(request, f"message.relevance.not_now.{now.code}")
    else:
        tell(request, spoken().say(said))
    return redirect(message_page(message.pk))


def _message(pk: int) -> Message:
    return get_object_or_404(
        Message.objects.exclude(status=Message.Status.SAFETY).defer("search_text"), pk=min(pk, _LARGEST)
    )


def _done(request: HttpRequest, message: Message, act: Callable[[], Correction], said: str) -> HttpResponse:
    return done(request, act, said=said, back=message_page(message.pk))

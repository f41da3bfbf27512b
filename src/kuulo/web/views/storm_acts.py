"""What people do in a storm, from its card: each press is one act, and the card says what came of it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from kuulo.desk.not_now import NotNow
from kuulo.desk.storm import acts as desk
from kuulo.models import Person, Storm, StormStep
from kuulo.web.access import allowed
from kuulo.web.correcting import next_page, person_of
from kuulo.web.notice import tell
from kuulo.web.speech import spoken
from kuulo.web.storm_forms import AnsweredForm, HandOverForm, PlannedForm
from kuulo.web.storm_words import refused
from kuulo.web.views.storms import card_page, storm_or_404

Act = Callable[[HttpRequest, Storm, Person], StormStep]


@require_POST
@allowed("handle-storm")
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Do one act of ACTS in a storm, say so with a way to undo it, or say why it cannot be done."""
    if act not in ACTS:
        raise Http404
    storm = storm_or_404(pk)
    return _done(request, storm, lambda: ACTS[act](request, storm, person_of(request)))


@require_POST
@allowed("handle-storm")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what a step changed."""
    step = get_object_or_404(StormStep.objects.select_related("storm"), pk=pk)
    return _done(request, step.storm, lambda: desk.undo(step, person_of(request)))


def _done(request: HttpRequest, storm: Storm, do: Callable[[], StormStep]) -> HttpResponse:
    try:
        step = do()
    except NotNow as refusal:
        messages.error(request, refused(refusal))
    else:
        back = reverse("storm_undo", args=[step.pk]) if step.kind in desk.UNDOABLE else ""
        tell(request, spoken().say(f"storms.done.{step.kind}"), undo=back)
    return redirect(next_page(request, card_page(storm.pk)))


def _note_of(request: HttpRequest) -> str:
    # which no database keeps
    return request.POST.get("note", "").replace("\0", "")


def _hand_over(request: HttpRequest, storm: Storm, by: Person) -> StormStep:
    return desk.hand_over(storm, by, to=_read(HandOverForm(request.POST))["to"])


def _answered(request: HttpRequest, storm: Storm, by: Person) -> StormStep:
    return desk.mark_answered(storm, by, **_read(AnsweredForm(request.POST)))


def _planned(request: HttpRequest, storm: Storm, by: Person) -> StormStep:
    return desk.was_planned(storm, by, **_read(PlannedForm(request.POST)))


def _read(form: Form) -> dict[str, Any]:
    if not form.is_valid():
        raise NotNow("incomplete")
    return form.cleaned_data


ACTS: Mapping[str, Act] = {
    "take": lambda _, storm, by: desk.take(storm, by),
    "give-back": lambda _, storm, by: desk.give_back(storm, by),
    "hand-over": _hand_over,
    "mentor": lambda request, storm, by: desk.call_mentor(storm, by, note=_note_of(request)),
    "nothing": lambda request, storm, by: desk.not_a_storm(storm, by, note=_note_of(request)),
    "confirm": lambda request, storm, by: desk.it_was_a_storm(storm, by, note=_note_of(request)),
    "planned": _planned,
    "note": lambda request, storm, by: desk.note(storm, by, _note_of(request)),
    "learned": lambda request, storm, by: desk.learned(storm, by, _note_of(request)),
    "answered": _answered,
}

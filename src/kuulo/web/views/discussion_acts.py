"""What people do about discussions: follow one, change it, take it to where people are, let it be."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kuulo.desk.discussions import acts as desk
from kuulo.desk.not_now import NotNow
from kuulo.models import Discussion, DiscussionStep, Person
from kuulo.web.access import allowed
from kuulo.web.correcting import next_page, person_of
from kuulo.web.discussion_forms import DiscussionForm, TakenForm, refused, told_of
from kuulo.web.notice import tell
from kuulo.web.speech import spoken

Act = Callable[[HttpRequest, Discussion, Person], DiscussionStep]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("follow-discussions")
def new(request: HttpRequest) -> HttpResponse:
    """Take a discussion to follow; the address may name its source and its thread."""
    first = {"opened": timezone.localdate(), **{name: request.GET.get(name, "") for name in ("source", "thread")}}
    form = DiscussionForm(request.POST or None, initial=first)
    made = _kept(form, lambda: desk.follow(person_of(request), form.cleaned_data))
    if made:
        return redirect("discussion", made.pk)
    return _form(request, form, reverse("discussion_new"), None)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("follow-discussions")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is told of a discussion."""
    one = get_object_or_404(Discussion.objects.select_related("theme"), pk=pk)
    form = DiscussionForm(request.POST or None, initial=told_of(one))
    if _kept(form, lambda: desk.change(person_of(request), one, form.cleaned_data)):
        tell(request, spoken().say("discussions.done.changed"))
        return redirect("discussion", pk)
    return _form(request, form, reverse("discussion_change", args=[pk]), one)


def _kept(form: DiscussionForm, keep: Callable[[], Discussion]) -> Discussion | None:
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return keep()
    except NotNow as refusal:
        form.add_error(None, refused(refusal.code))
        return None


def _form(request: HttpRequest, form: DiscussionForm, address: str, one: Discussion | None) -> HttpResponse:
    shown = {"form": form, "address": address, "discussion": one}
    return render(request, "discussion_form.html", shown, status=422 if form.errors else 200)


@require_POST
@allowed("follow-discussions")
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Do one act of ACTS about a discussion, say so with a way to undo it, or say why it cannot be done."""
    if act not in ACTS:
        raise Http404
    one = get_object_or_404(Discussion, pk=pk)
    return _done(request, pk, lambda: ACTS[act](request, one, person_of(request)))


@require_POST
@allowed("follow-discussions")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what a step changed."""
    step = get_object_or_404(DiscussionStep.objects.select_related("discussion"), pk=pk)
    return _done(request, step.discussion_id, lambda: desk.undo(person_of(request), step))


def _done(request: HttpRequest, pk: int, do: Callable[[], DiscussionStep]) -> HttpResponse:
    try:
        step = do()
    except NotNow as refusal:
        messages.error(request, refused(refusal.code))
    else:
        back = reverse("discussion_undo", args=[step.pk]) if step.kind in desk.UNDOABLE else ""
        tell(request, spoken().say(f"discussions.done.{step.kind}"), undo=back)
    return redirect(next_page(request, reverse("discussion", args=[pk])))


def _take(request: HttpRequest, one: Discussion, by: Person) -> DiscussionStep:
    form = TakenForm(request.POST)
    if not form.is_valid():
        raise NotNow("incomplete")
    return desk.take_to(by, one, **form.cleaned_data)


def _note_of(request: HttpRequest) -> str:
    # which no database keeps
    return request.POST.get("note", "").replace("\0", "")


ACTS: Mapping[str, Act] = {
    "take": _take,
    "not-quiet": lambda request, one, by: desk.not_quiet(by, one, note=_note_of(request)),
    "end": lambda request, one, by: desk.end(by, one, note=_note_of(request)),
}

"""The log of a theme, the history of the desk, and undoing what stands in them."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk import log
from kuulo.desk.asked import whole_number
from kuulo.desk.correct import undo
from kuulo.desk.log import AT_ONCE, Entry
from kuulo.desk.not_now import NotNow
from kuulo.models import Correction
from kuulo.web import told
from kuulo.web.access import allowed
from kuulo.web.correcting import LATEST, next_page, person_of, theme_or_404, why_not
from kuulo.web.data import as_data, wanted_format
from kuulo.web.links import message_page
from kuulo.web.speech import spoken

_COLUMNS = ("at", "by", "what", "reason", "message", "undone")
_LARGEST = 2**63 - 1


@require_safe
@allowed("read")
def theme_log(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show what happened to a theme."""
    theme = theme_or_404(code)
    return _shown(request, log.of_theme(theme, before=_before(request)), {"theme": theme})


@require_safe
@allowed("see-workings")
def history(request: HttpRequest) -> HttpResponseBase:
    """Show what happened at the whole desk."""
    return _shown(request, log.of_desk(before=_before(request)), {})


def _shown(request: HttpRequest, entries: Sequence[Entry], further: dict[str, object]) -> HttpResponseBase:
    here = entries[:AT_ONCE]
    lines = [(entry, told.event(entry)) for entry in here]
    if wanted_format(request):
        return as_data(request, name="kuulo-log", columns=_COLUMNS, rows=[_row(*line) for line in lines])
    more = here[-1].event.pk if len(entries) > AT_ONCE else None
    return render(request, "log.html", further | {"lines": lines, "more": more})


def _row(entry: Entry, said: str) -> tuple[str | int | None, ...]:
    event, made = entry.event, entry.correction
    undone = made.undone_at.isoformat() if made and made.undone_at else None
    return (
        event.at.isoformat(),
        str(event.person or ""),
        said,
        made.reason if made else "",
        event.message_id,
        undone,
    )


def _before(request: HttpRequest) -> int | None:
    return whole_number(request.GET.get("before", ""))


@require_POST
@allowed("correct")
def undo_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a correction back."""
    correction = get_object_or_404(Correction.objects.select_related("theme", "other"), pk=min(pk, _LARGEST))
    try:
        stay = undo(correction, person=person_of(request))
    except NotNow as refusal:
        messages.error(request, why_not(refusal))
    else:
        if request.session.get(LATEST) == pk:
            del request.session[LATEST]
        messages.success(request, spoken().say("correct.undone") + (f" {_stay(stay)}" if stay else ""))
    return redirect(next_page(request, _page_of(correction)))


def _stay(stay: int) -> str:
    return spoken().say("correct.stay", messages=spoken().count("messages", stay))


def _page_of(correction: Correction) -> str:
    if correction.message_id:
        return message_page(correction.message_id)
    return reverse("theme_log", args=[correction.theme.code])

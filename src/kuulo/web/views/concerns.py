"""Messages to look at at once: what may be grave, and what a person said it is."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk import concern
from kuulo.desk.inbox import ANY, CONCERNS
from kuulo.models import Concern
from kuulo.web.access import allowed
from kuulo.web.concerned import told_concern
from kuulo.web.correcting import next_page, person_of
from kuulo.web.links import messages_of
from kuulo.web.notice import tell
from kuulo.web.speech import spoken

PAGE = 50
_LARGEST = 2**63 - 1
# What the address calls them.
LISTS = {"waiting": "", "real": Concern.Said.REAL, "nothing": Concern.Said.NOTHING}


@require_safe
@allowed("read")
def concerns(request: HttpRequest) -> HttpResponse:
    """Show what waits for somebody to look at, or what was said to be real or nothing; the latest of it."""
    asked = request.GET.get("concern", "")
    which = asked if asked in LISTS else "waiting"
    found = [*concern.listed(LISTS[which])[: PAGE + 1]]
    shown: dict[str, object] = {
        "which": which,
        "lists": [*LISTS],
        "listed": [told_concern(one) for one in found[:PAGE]],
    }
    if which == "waiting":
        shown |= {"by_kind": [*_by_kind()], "likely": _many(concern.likely_waiting())}
    return render(request, "concerns.html", {**shown, "more": len(found) > PAGE, "most": PAGE})


def _by_kind() -> Iterator[tuple[str, str, str]]:
    """Give what waits, all of it and of each kind: the key of its words, how many, and the messages in the inbox."""
    for kind in CONCERNS:
        n = concern.waiting("" if kind == ANY else kind)
        if n:
            yield f"concerns.kind.{kind}", _many(n), messages_of(concern=kind)


def _many(n: int) -> str:
    """Say a count; nothing for none."""
    return f"{concern.COUNTED_TO}+" if n > concern.COUNTED_TO else f"{n or ''}"


@require_POST
@allowed("judge-concern")
def say_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is something grave, that it is nothing, or take back what was said."""
    said = request.POST.get("said", "")
    try:
        concern.say(person_of(request), min(pk, _LARGEST), said)
    except (Concern.DoesNotExist, ValueError):
        raise Http404 from None
    undo = reverse("message_concern", args=[pk]) if said else ""
    tell(request, spoken().say(f"concerns.said.{said or 'open'}"), undo=undo)
    return redirect(next_page(request, reverse("concerns")))

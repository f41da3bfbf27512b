"""The replies that need a person: nobody knows whether they arrived, or they surely did not."""

from collections.abc import Iterator

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk.deliver import Outcome, needing_person, settle
from kuulo.desk.not_now import NotNow
from kuulo.models import Delivery
from kuulo.web import hearing
from kuulo.web.access import allowed
from kuulo.web.correcting import person_of, why_not
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.notice import refuse_with, tell
from kuulo.web.speech import spoken

_AT_ONCE = 50
_COLUMNS = ("reply", "message", "source", "state", "why", "code", "written", "text")
_OUTCOMES: dict[str, Outcome] = {"arrived": "arrived", "again": "again", "left": "left"}
State = Delivery.State


@require_safe
@allowed("reply")
def replies(request: HttpRequest) -> HttpResponseBase:
    """Show the replies that need a person, the latest first."""
    waiting = needing_person()
    some = list(waiting[:_AT_ONCE])
    if wanted_format(request):
        return as_data(request, name="kuulo-replies", columns=_COLUMNS, rows=map(_row, some))
    cards = [(one, f"replies.state.{one.state}", [*_why(one)]) for one in some]
    return render(request, "replies.html", {"cards": cards, "count": waiting.count()})


@require_POST
@allowed("reply")
def settle_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Note how a reply ended, send it again, or let it be."""
    outcome = _OUTCOMES.get(request.POST.get("outcome", ""))
    if outcome is None:
        raise BadRequest
    try:
        settle(get_object_or_404(Delivery, pk=pk), outcome, person=person_of(request))
    except NotNow as refusal:
        refuse_with(request, why_not(refusal))
    else:
        tell(request, spoken().say(f"replies.done.{outcome}"))
    return redirect("replies")


def _row(one: Delivery) -> list[Cell]:
    why, code = " ".join(_why(one)), str(one.trouble.get("code", ""))
    return [one.pk, one.message_id, one.message.source.name, one.state, why, code, one.made_at.isoformat(), one.text]


def _why(one: Delivery) -> Iterator[str]:
    """Say what happened, in a sentence or two."""
    words, code = spoken(), str(one.trouble.get("code", ""))
    if one.state == State.BOUNCED:
        yield _came_back(str(one.trouble["facts"].get("detail", "")))
    elif one.state == State.UNKNOWN:
        yield words.say("replies.why.stopped" if code == "worker-died" else "replies.why.broke")
        yield words.say("replies.why.look")
    else:
        yield from _refused(one, code)


def _came_back(status: str) -> str:
    """Say why a mail did not arrive, by the status that its server told (RFC 3463)."""
    key = "no-mailbox" if status[1:].startswith(".1.") else "full" if status[1:] == ".2.2" else "came-back"
    said = spoken().say(f"replies.why.{key}")
    return f"{said} ({status})" if status else said


def _refused(one: Delivery, code: str) -> Iterator[str]:
    words, kind = spoken(), one.trouble.get("kind")
    if kind in {"retry", "auth", "settings"}:  # these are tried again, until it is too late
        yield words.say("replies.why.tried")
    if f"replies.why.{code}" in words.words:
        yield words.say(f"replies.why.{code}")
    elif kind != "retry":
        wired = getattr(one.message.source, "connection", None)
        yield hearing.trouble(code, one.trouble.get("facts", {}), connector=wired.connector if wired else "")

"""The path of safety: threats and harassment, out of all lists and kept as evidence; supervisors see them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk import safety as path
from kuulo.desk.log import of_messages
from kuulo.desk.not_now import NotNow
from kuulo.models import Message, SafetyCase
from kuulo.web import told
from kuulo.web.access import allowed
from kuulo.web.correcting import person_of
from kuulo.web.notice import refuse, tell
from kuulo.web.speech import spoken

PAGE = 50
_LARGEST = 2**63 - 1


@require_safe
@allowed("see-safety")
def safety(request: HttpRequest) -> HttpResponse:
    """Show the cases, the open ones first, each with its text and what was done."""
    found = [*path.cases()[: PAGE + 1]]
    log = of_messages([case.message_id for case in found[:PAGE]])
    shown = [
        {"case": one, "message": one.message, "log": [(e, told.event(e)) for e in log.get(one.message_id, [])]}
        for one in found[:PAGE]
    ]
    return render(
        request, "safety.html", {"cases": shown, "more": len(found) > PAGE, "most": PAGE, "along": path.ALONG}
    )


@require_POST
@allowed("send-to-safety")
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message the path of safety."""
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "").replace("\0", "")
    try:
        path.send(person_of(request), min(pk, _LARGEST), reason=reason, note=note)
    except (Message.DoesNotExist, ValueError):
        raise Http404 from None
    except NotNow:
        refuse(request, "safety.refused")
    else:
        tell(request, spoken().say("safety.sent"))
    return redirect("inbox")


@require_POST
@allowed("see-safety")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a case, and put its message back where that is asked."""
    try:
        path.close(person_of(request), min(pk, _LARGEST), put_back=request.POST.get("back") == "yes")
    except SafetyCase.DoesNotExist:
        raise Http404 from None
    except NotNow:
        refuse(request, "safety.refused")
    else:
        tell(request, spoken().say("safety.closed"))
    return redirect("safety")

"""The queue of uncertain messages, one at a time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kuulo.desk.asked import whole_number
from kuulo.desk.uncertain import nearest_to, turn
from kuulo.models import Correction
from kuulo.web.access import allowed
from kuulo.web.correcting import LATEST


@require_safe
@allowed("correct")
def uncertain(request: HttpRequest) -> HttpResponse:
    """Show the message whose turn it is, and the themes that it may belong in."""
    now = turn(_asked(request))
    latest = Correction.objects.filter(pk=request.session.get(LATEST, 0), undone_at=None).only("pk", "kind").first()
    near = list(enumerate(nearest_to(now.message), start=1)) if now else []
    return render(request, "uncertain.html", {"turn": now, "near": near, "latest": latest})


def _asked(request: HttpRequest) -> int | None:
    return whole_number(request.GET.get("message", ""))

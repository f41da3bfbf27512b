"""Files brought in: the list of all, and of each its progress and its ledger."""

import math
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kuulo.desk import intake as desk
from kuulo.desk.asked import whole_number
from kuulo.desk.ledger import IntakeLedger, draw_up, time_left
from kuulo.desk.not_now import NotNow
from kuulo.desk.permissions import may
from kuulo.models import Intake, Person, RejectedRow
from kuulo.web import told
from kuulo.web.access import allowed, not_allowed
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import messages_of
from kuulo.web.speech import spoken
from kuulo.web.views.bring import not_now, preview

_PAGE = 50
_COLUMNS = ("id", "file", "source", "brought", "by", "state", "read", "added", "known", "left_out")
_LEDGER_COLUMNS = ("what", "number", "row", "column", "reason", "message")
_KINDS = ("read", "added", "grouped", "uncertain", "waiting", "empty", "unreadable", "known", "rejected", "copies")
_STATUS = {"waiting": "new"}
_LISTED = (("read", "rows_done"), ("added", "added"), ("known", "known"), ("rejected", "rejected"))
_RUNNING = (Intake.State.QUEUED, Intake.State.RUNNING)


@require_GET
@allowed("read")
def intakes(request: HttpRequest) -> HttpResponseBase:
    """Show the files brought in, the latest first."""
    found = Intake.objects.select_related("source", "brought_by").order_by("-pk")
    if before := _whole(request.GET.get("before", "")):
        found = found.filter(pk__lt=before)
    rows = list(found[: _PAGE + 1])
    if wanted_format(request):
        return as_data(request, name="intakes", columns=_COLUMNS, rows=map(_row, rows[:_PAGE]))
    more = rows[_PAGE - 1].pk if len(rows) > _PAGE else None
    lines = [
        (row, [(kind, getattr(row, name), _address(row, kind)) for kind, name in _LISTED]) for row in rows[:_PAGE]
    ]
    return render(request, "intakes.html", {"intakes": lines, "before": more})


@require_GET
@allowed("read")
def intake(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one file: how it would be read, how far it is, or where its messages went."""
    row = get_object_or_404(Intake.objects.select_related("source", "brought_by"), pk=pk)
    if row.state == Intake.State.PREVIEW:
        return preview(request, row) if may(request.user, "bring") else not_allowed(request, "bring")
    if request.headers.get("HX-Request") == "true":
        return _progress(request, row)
    ledger = draw_up(row)
    if wanted_format(request):
        return as_data(request, name=f"intake-{pk}", columns=_LEDGER_COLUMNS, rows=_ledger_rows(request, row, ledger))
    return render(request, "intake.html", _shown(request, row, ledger))


@require_POST
@allowed("bring")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an intake for good."""
    row = get_object_or_404(Intake, pk=pk)
    assert isinstance(request.user, Person)
    try:
        desk.cancel(row, request.user)
    except NotNow as now:
        return not_now(request, row, now)
    return redirect("intake", pk)


def _progress(request: HttpRequest, row: Intake) -> HttpResponse:
    """Give the part of the page that is asked for every other second; when it is over, the page is asked for anew."""
    answer = render(request, "parts/progress.html", _progress_shown(row))
    if row.state not in _RUNNING:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _progress_shown(row: Intake) -> dict[str, object]:
    left = time_left(row, now=timezone.now())
    return {
        "intake": row,
        "running": row.state in _RUNNING,
        "surveyed": row.rows_total is not None,
        "minutes": math.ceil(left.total_seconds() / 60) if left is not None else 0,
        "left": left is not None,
    }


def _shown(request: HttpRequest, row: Intake, ledger: IntakeLedger) -> dict[str, object]:
    after, only_out = _whole(request.GET.get("after", "")), _only_out(request)
    troubles = list(_troubles(row, only_out=only_out).filter(pk__gt=after)[: _PAGE + 1])
    return _progress_shown(row) | {
        "ledger": ledger,
        "kinds": [(kind, getattr(ledger, kind), _address(row, kind)) for kind in _KINDS if kind != "copies"],
        "only_out": only_out,
        "rows": [(trouble, told.trouble(trouble)) for trouble in troubles[:_PAGE]],
        "after": troubles[_PAGE - 1].pk if len(troubles) > _PAGE else None,
        "notes": [told.note(note["code"], note["facts"]) for note in row.notes],
        "why": told.refusal(row.refusal["code"], {"file": row.file_name} | row.refusal.get("facts", {}))
        if row.refusal
        else "",
    }


def _only_out(request: HttpRequest) -> bool:
    """Tell whether only the rows that were left out are asked for."""
    return request.GET.get("rows") == "out"


def _troubles(row: Intake, *, only_out: bool) -> QuerySet[RejectedRow]:
    odd = RejectedRow.objects.filter(intake=row).order_by("pk")
    return odd.filter(message=None) if only_out else odd


def _address(row: Intake, kind: str) -> str:
    """Give the address of the very messages, or rows, that a number counts; "" where no list holds just these."""
    if kind == "read":
        return ""
    if kind == "known":
        return messages_of(known=str(row.pk))
    if kind == "rejected":
        return f"{reverse('intake', args=[row.pk])}?rows=out#rows"
    return messages_of(intake=str(row.pk), status="" if kind == "added" else _STATUS.get(kind, kind))


def _row(row: Intake) -> tuple[Cell, ...]:
    return (
        row.pk,
        row.file_name,
        row.source.name if row.source else "",
        row.brought_at.isoformat(),
        str(row.brought_by or ""),
        row.state,
        row.rows_done,
        row.added,
        row.known,
        row.rejected,
    )


def _ledger_rows(request: HttpRequest, row: Intake, ledger: IntakeLedger) -> Iterator[tuple[Cell, ...]]:
    words = spoken()
    for kind in _KINDS:
        yield (kind, getattr(ledger, kind), None, "", "", None)
    for trouble in _troubles(row, only_out=_only_out(request)).iterator():
        what = words.say("bring.rows.in" if trouble.message_id else "bring.rows.out")
        yield (what, None, trouble.row, trouble.column, told.trouble(trouble), trouble.message_id)


def _whole(text: str) -> int:
    return whole_number(text) or 0

"""Duty: who is told of storms, whether it reaches them, and the notice on open pages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk.health import SILENT_AFTER, worker_age
from kuulo.desk.outbox import BadMailSettings, outbox
from kuulo.desk.storm import duty as desk
from kuulo.models import Alert, Duty
from kuulo.web.access import allowed
from kuulo.web.alert_lines import alert_line, duty_line, latest_alerts, said_of, to_whom
from kuulo.web.correcting import next_page, person_of
from kuulo.web.data import as_data, wanted_format
from kuulo.web.duty_form import AddressForm, DutyForm, PersonForm
from kuulo.web.notice import tell
from kuulo.web.rising import put_aside, shown
from kuulo.web.speech import spoken

_COLUMNS = ("alert", "due", "sent", "to", "kind", "storm", "level", "count", "state", "told")
# three forms stand on one page
_OWN, _PERSON, _ADDRESS = "own_%s", "person_%s", "address_%s"


@require_safe
@allowed("read")
def duty(request: HttpRequest) -> HttpResponseBase:
    """Show who is told, and what became of the latest alerts."""
    if wanted_format(request):
        return as_data(request, name="alerts", columns=_COLUMNS, rows=[_row(alert) for alert in latest_alerts()])
    return _page(request)


@require_POST
@allowed("read")
def own(request: HttpRequest) -> HttpResponse:
    """Go on duty oneself or off it, or try out whether alerts arrive."""
    by, form = person_of(request), DutyForm(request.POST, auto_id=_OWN)
    held = Duty.objects.filter(person=by).first()
    act = request.POST.get("act", "on")
    if act == "off" and held:
        desk.remove(by, held)
        tell(request, spoken().say("duty.own.is_off"))
    elif act == "test" and held:
        desk.try_out(by, held)
    elif act == "on":
        if not form.is_valid():
            return _page(request, own=form)
        desk.put_on(by, by, **form.cleaned_data)
        tell(request, spoken().say("duty.own.is_on"))
    return redirect("duty")


@require_POST
@allowed("manage-duty")
def add_person(request: HttpRequest) -> HttpResponse:
    """Put somebody on duty."""
    form = PersonForm(request.POST, auto_id=_PERSON)
    if not form.is_valid():
        return _page(request, person=form)
    desk.put_on(person_of(request), **form.cleaned_data)
    tell(request, spoken().say("duty.added"))
    return redirect("duty")


@require_POST
@allowed("manage-duty")
def add_address(request: HttpRequest) -> HttpResponse:
    """Have a program called; show the secret that calls are signed with, this once."""
    form = AddressForm(request.POST, by=person_of(request), auto_id=_ADDRESS)
    if not form.is_valid():
        return _page(request, address=form)
    secret = desk.add_address(person_of(request), **form.cleaned_data)
    answer = _page(request, secret=secret)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@allowed("manage-duty")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody, or a program, off duty."""
    desk.remove(person_of(request), get_object_or_404(Duty, pk=pk))
    tell(request, spoken().say("duty.removed"))
    return redirect("duty")


@require_POST
@allowed("manage-duty")
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test alert; the page then shows what became of it."""
    desk.try_out(person_of(request), get_object_or_404(Duty, pk=pk))
    return redirect("duty")


@require_safe
@allowed("read")
@never_cache
def latest(request: HttpRequest) -> HttpResponse:
    """Give the latest alerts anew, while some are on their way."""
    return render(request, "parts/alerts.html", _latest())


@require_safe
@allowed("read")
@never_cache
def news(request: HttpRequest) -> HttpResponse:
    """Give the notice of open storms anew, or 204 where it would tell the same."""
    notice = shown(request)
    if notice["mark"] == request.GET.get("shown", ""):
        return HttpResponse(status=204)
    return render(request, "parts/rising.html", notice)


@require_POST
@allowed("read")
def seen(request: HttpRequest) -> HttpResponse:
    """Put the notice aside."""
    put_aside(request)
    if request.headers.get("HX-Request"):
        return render(request, "parts/rising.html", shown(request))
    return redirect(next_page(request, "/"))


def _page(request: HttpRequest, *, secret: str = "", **sent: DutyForm) -> HttpResponse:
    """Draw the page; a form that was sent and cannot be taken stands in it with what is wrong."""
    by = person_of(request)
    duties = list(Duty.objects.select_related("person").order_by("address", "person__name", "pk"))
    lines = [duty_line(one) for one in duties]
    held = next((one for one in duties if one.person_id == by.pk), None)
    given = {"least": held.least, "nights": held.nights} if held else None
    forms = {
        "own": sent.get("own", DutyForm(initial=given, auto_id=_OWN)),
        "person": sent.get("person", PersonForm(auto_id=_PERSON)),
        "address": sent.get("address", AddressForm(by=by, auto_id=_ADDRESS)),
    }
    told: dict[str, Any] = {
        "duties": lines,
        "held": held,
        "forms": forms,
        "secret": secret,
    }
    told |= {"mail": _mail(), "is_silent": _is_silent(), "has_address": bool(settings.ADDRESS)}
    return render(request, "duty.html", told | _latest(), status=422 if sent else 200)


def _mail() -> str:
    """Tell in a code how mail is set up: "well", "none" or "bad"."""
    try:
        return "well" if outbox() else "none"
    except BadMailSettings:
        return "bad"


def _is_silent() -> bool:
    age = worker_age()
    return age is None or age > SILENT_AFTER


def _latest() -> dict[str, object]:
    alerts = [alert_line(alert) for alert in latest_alerts()]
    return {"alerts": alerts, "is_moving": any(one.is_moving for one in alerts)}


def _row(alert: Alert) -> list[str | int | float | None]:
    sent = alert.sent_at.isoformat() if alert.sent_at else None
    codes = [alert.kind, alert.storm_id, alert.level, alert.count, alert.state]
    return [alert.pk, alert.due.isoformat(), sent, to_whom(alert), *codes, said_of(alert)]

"""How the watch for storms is set: how many alarms can be borne, what was measured, and what is planned."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kuulo.desk.not_now import NotNow
from kuulo.desk.storm.normal import the_watch
from kuulo.desk.storm.overview import replayed
from kuulo.desk.storm.planned import plan, unplan
from kuulo.desk.storm.rate import measured
from kuulo.desk.storm.setting import how_many, set_budget, threshold_of
from kuulo.group.needed import HOURS
from kuulo.models import PlannedEvent
from kuulo.web.access import allowed
from kuulo.web.correcting import person_of
from kuulo.web.data import as_data, wanted_format
from kuulo.web.notice import tell
from kuulo.web.speech import spoken
from kuulo.web.storm_forms import BudgetForm, EventForm
from kuulo.web.storm_words import refused
from kuulo.web.views.storms import COLUMNS, line_of


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("set-storm-watch")
def settings(request: HttpRequest) -> HttpResponseBase:
    """Show how the watch is set, and set how many alarms a month can be borne."""
    watch = the_watch()
    if wanted_format(request):
        return as_data(request, name="storm-replay", columns=COLUMNS, rows=map(line_of, replayed(watch)))
    form = BudgetForm(request.POST or None, initial={"budget": watch.budget})
    if request.method == "POST" and form.is_valid():
        set_budget(person_of(request), form.cleaned_data["budget"])
        tell(request, spoken().say("storms.budget.set"))
        return redirect("storm_settings")
    return _page(request, form=form, event=EventForm())


@require_POST
@allowed("set-storm-watch")
def plan_event(request: HttpRequest) -> HttpResponse:
    """Register a planned event."""
    form = EventForm(request.POST)
    if form.is_valid():
        try:
            plan(person_of(request), **form.cleaned_data)
        except NotNow as refusal:
            form.add_error(None, refused(refusal))
        else:
            tell(request, spoken().say("storms.planned.made"))
            return redirect("storm_settings")
    return _page(request, form=BudgetForm(initial={"budget": the_watch().budget}), event=form)


@require_POST
@allowed("set-storm-watch")
def unplan_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a planned event."""
    unplan(person_of(request), get_object_or_404(PlannedEvent, pk=pk))
    tell(request, spoken().say("storms.planned.removed"))
    return redirect("storm_settings")


def _page(request: HttpRequest, *, form: BudgetForm, event: EventForm) -> HttpResponse:
    watch = the_watch()
    shown = {
        "form": form,
        "event_form": event,
        "watch": watch,
        "rate": measured(),
        "episodes": replayed(watch),
        "hours": [timedelta(hours=n) for n in HOURS],
        "needed": how_many(threshold_of(watch)),
        "planned": PlannedEvent.objects.filter(until__gte=timezone.now())
        .select_related("theme")
        .order_by("since", "pk"),
    }
    return render(request, "storm_settings.html", shown, status=422 if form.errors or event.errors else 200)

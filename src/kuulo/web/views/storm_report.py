"""The report after a storm: what happened when, what was said and answered, and what was learned."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kuulo.desk.storm.report import Report, report_of
from kuulo.web.access import allowed
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import messages_of
from kuulo.web.speech import spoken
from kuulo.web.storm_chart import draw
from kuulo.web.tags import name_in
from kuulo.web.views.storms import steps_of, storm_or_404

_COLUMNS = ("what", "name", "at", "minutes", "messages", "text")


@require_safe
@allowed("read")
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the report of a storm."""
    one = storm_or_404(pk)
    told = report_of(one)
    if wanted_format(request):
        return as_data(request, name=f"storm-{pk}-report", columns=_COLUMNS, rows=_cells(told))
    marks = {moment.what: moment.at for moment in told.moments if moment.what in {"alarm", "taken", "answered"}}
    shown = {
        "storm": one,
        "report": told,
        "drawing": draw(told.growth, marks),
        "themes": [(theme, n, messages_of(theme.code, storm=str(pk))) for theme, n in told.themes],
        "inbox": messages_of(storm=str(pk)),
        "steps": steps_of(one)[::-1],
    }
    return render(request, "storm_report.html", shown)


def _cells(told: Report) -> Iterator[tuple[Cell, ...]]:
    for moment in told.moments:
        yield ("moment", moment.what, moment.at.isoformat(), moment.minutes, moment.messages, "")
    for step in told.growth.steps:
        yield ("step", "", step.begins.isoformat(), None, step.n, "")
    for theme, n in told.themes:
        yield ("theme", f"{theme.code} {name_in(theme, spoken().language).value}", None, None, n, "")
    for what, found in (("typical", told.voices.typical), ("question", told.voices.questions)):
        yield from ((what, str(one.said.pk), one.said.at.isoformat(), None, one.n, one.text) for one in found)
    yield from (("answer", str(one.message), one.at.isoformat(), None, None, one.text) for one in told.answers)
    if turn := told.turn:
        rates = {"before": turn.before, "after": turn.after}
        rates |= {"questions_before": turn.asked_before, "questions_after": turn.asked_after}
        yield from (("an_hour", name, None, None, round(rate, 2), "") for name, rate in rates.items())

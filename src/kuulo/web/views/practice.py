"""Practising a storm, in a training copy: the clock, and how early the storm was seen, taken and answered."""

from collections.abc import Callable, Iterator, Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk.practice import clock
from kuulo.desk.practice.result import Result, result_of
from kuulo.models import Person
from kuulo.web.access import allowed
from kuulo.web.correcting import person_of
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.practice_chart import draw

ACTS: Mapping[str, Callable[[Person], None]] = {"go": clock.go, "pause": clock.pause, "end": clock.end}
_COLUMNS = ("what", "at", "minute", "messages")
_COMMAND = "kuulo practice --again"


@require_safe
@allowed("read")
@cache_control(private=True, no_cache=True)
def practice(request: HttpRequest) -> HttpResponseBase:
    """Show the clock, and what was reached when."""
    _only_in_practice()
    result = result_of()
    if wanted_format(request):
        return as_data(request, name="practice", columns=_COLUMNS, rows=_cells(result))
    shown = {"result": result, "drawing": draw(result), "speed": clock.the_marker().speed, "command": _COMMAND}
    return render(request, "practice.html", shown)


@require_POST
@allowed("lead-practice")
def act(request: HttpRequest, act: str) -> HttpResponse:
    """Let the clock go, stop it, or end the practice."""
    _only_in_practice()
    if act not in ACTS:
        raise Http404
    ACTS[act](person_of(request))
    return redirect("practice")


def _only_in_practice() -> None:
    if not settings.PRACTICE:
        raise Http404


def _cells(result: Result) -> Iterator[tuple[Cell, ...]]:
    yield ("now", "", result.minute, result.told)
    for one in result.reached:
        yield (one.what, one.at.isoformat() if one.at else "", one.minute, one.messages)
    yield from (("message", "", round(minute, 2), n) for n, minute in enumerate(result.curve, 1))

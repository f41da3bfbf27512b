"""A place: what is said here, what was answered, when, and what lies in it."""

from datetime import date, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from kuulo.desk.days import WEEK
from kuulo.desk.places.listing import Portrait, portrait
from kuulo.models import Place
from kuulo.report.encoding import visible
from kuulo.report.names import language_tag
from kuulo.web.access import allowed
from kuulo.web.charts import bars
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import message_page, messages_of, theme_page
from kuulo.web.message_lists import entries
from kuulo.web.names import language_name
from kuulo.web.place_names import place_in
from kuulo.web.speech import spoken
from kuulo.web.tags import name_in
from kuulo.web.views.places import inbox

COLUMNS = ("what", "name", "value", "messages")
_MOST_WEEKS, _CHART_WIDTH, _LARGEST = 53, 640, 2**63 - 1


@require_GET
@allowed("read")
def place(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a place."""
    one = get_object_or_404(Place.objects.select_related("gazetteer").defer("area", "outline"), pk=min(pk, _LARGEST))
    told = portrait(one)
    if wanted_format(request):
        return as_data(request, name=f"place-{one.pk}", columns=COLUMNS, rows=_cells(told))
    return render(request, "place.html", _shown(one, told))


def _shown(one: Place, told: Portrait) -> dict[str, object]:
    weeks = _weeks(told)
    return {
        "place": one,
        "told": told,
        "names": _other_names(one),
        "inbox": inbox(one),
        "themes": [(theme, theme_page(theme.code), n, inbox(one, theme=theme.code)) for theme, n in told.themes],
        "parts": [(part, inbox(part)) for part in told.parts],
        "bars": bars(weeks, width=_CHART_WIDTH),
        "weeks": [(week, n, _week_inbox(one, week)) for week, n in reversed(weeks)],
        "entries": entries(told.latest.messages, copies=told.latest.copies),
        "answers": [(answer, message_page(answer.message_id)) for answer in told.answers],
    }


def _other_names(one: Place) -> list[tuple[str, str, list[str]]]:
    """Give the names of a place by language but for the one that its page is called by."""
    shown = place_in(one, spoken().language).value
    told = [(code, [visible(name) for name in names if name != shown]) for code, names in sorted(one.names.items())]
    return [(language_tag(code), language_name(code) if code else "", names) for code, names in told if names]


def _weeks(told: Portrait) -> list[tuple[date, int]]:
    """Give the weeks from the first to the last, 53 at most, the oldest first."""
    if not told.weeks:
        return []
    last, first = max(told.weeks), min(told.weeks)
    count = min(_MOST_WEEKS, (last - first).days // WEEK.days + 1)
    return [(week, told.weeks.get(week, 0)) for week in (last - WEEK * ago for ago in reversed(range(count)))]


def _week_inbox(one: Place, week: date) -> str:
    return messages_of(place=str(one.pk), since=week.isoformat(), until=(week + timedelta(days=6)).isoformat())


def _cells(told: Portrait) -> list[tuple[Cell, ...]]:
    """Give every number of the page as a line of the data."""
    language, one = spoken().language, told.place
    rows: list[tuple[Cell, ...]] = [("place", place_in(one, language).value, one.code, one.messages)]
    rows += [("own", place_in(one, language).value, one.code, one.own)]
    rows += [("theme", name_in(theme, language).value, theme.code, n) for theme, n in told.themes]
    rows += [("part", place_in(part, language).value, part.code, part.messages) for part in told.parts]
    rows += [("week", "", week.isoformat(), n) for week, n in _weeks(told)]
    return rows

"""The search: by words, by meaning, by number or id; and where a message went."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kuulo.desk import meaning, ranking
from kuulo.desk.inbox import Filters
from kuulo.models import Message
from kuulo.web.access import allowed
from kuulo.web.data import as_data, wanted_format
from kuulo.web.message_lists import COLUMNS, bar, chips, data_rows, entries, query_of

_LONGEST = 2_000


@require_safe
@allowed("read")
def search(request: HttpRequest) -> HttpResponseBase:
    """Show what fits the words best, or lies nearest in meaning; ``mine`` asks where one message went."""
    filters = Filters.of(request.GET)
    mine = request.GET.get("mine", "").replace("\0", "").strip()[:_LONGEST]
    by_meaning = request.GET.get("by") == "meaning" and bool(filters.words)
    wanted = wanted_format(request)
    found, waits = _found(filters, by_meaning=by_meaning, whole=bool(wanted))
    if wanted:
        rows = data_rows((message, 0) for message in found)
        return as_data(request, name="kuulo-search", columns=COLUMNS, rows=rows)
    return _shown(request, filters, found, mine=mine, by_meaning=by_meaning, waits=waits)


def _shown(
    request: HttpRequest, filters: Filters, found: list[Message], *, mine: str, by_meaning: bool, waits: bool
) -> HttpResponse:
    shown = {
        "filters": filters,
        "others": [(name, value) for name, value in filters.on().items() if name != "words"],
        "bar": bar(filters),
        "chips": [chip for chip in chips(filters) if chip.name != "words"],
        "found": entries(found, filters.words),
        "most": ranking.SHOWN,
        "identified": entries(ranking.identified(filters.words)) if filters.words else [],
        "mine": mine,
        "went": entries(ranking.identified(mine) or ranking.told(mine), mine) if mine else [],
        "searching": True,
        "by_meaning": by_meaning,
        "waits": waits,
        "refused": meaning.FINDER.refused if by_meaning else "",
        "data": query_of(request, "format"),
    }
    return render(request, "search.html", shown)


def _found(filters: Filters, *, by_meaning: bool, whole: bool) -> tuple[list[Message], bool]:
    """Give what was found, and whether the encoder is still being opened."""
    if not filters.words:
        return [], False
    if not by_meaning:
        return ranking.best(filters, whole=whole), False
    if not meaning.FINDER.is_ready():
        return [], not meaning.FINDER.refused
    return ranking.nearest(filters, whole=whole), False

"""The inbox: every message of every channel in one stream."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from kuulo.desk import inbox as desk
from kuulo.desk.asked import whole_number
from kuulo.desk.inbox import Filters, Place
from kuulo.desk.permissions import may
from kuulo.desk.saved_views import seen_by
from kuulo.models import Person
from kuulo.web.access import allowed
from kuulo.web.data import as_data, wanted_format
from kuulo.web.message_lists import COLUMNS, bar, chips, data_rows, entries
from kuulo.web.speech import spoken


@require_safe
@allowed("read")
def inbox(request: HttpRequest) -> HttpResponseBase:
    """Show a page of the inbox, or give all that its filters let through as data."""
    filters = Filters.of(request.GET)
    if wanted_format(request):
        return as_data(request, name="kuulo-inbox", columns=COLUMNS, rows=data_rows(desk.every(filters)))
    before = Place.of(request.GET.get("before", ""))
    newest = desk.newest()
    page = desk.page(filters, before=before)
    assert isinstance(request.user, Person)
    shown = {
        "filters": filters,
        "bar": bar(filters),
        "chips": chips(filters),
        "entries": entries(page.messages, filters.words, page.copies),
        "earlier": page.earlier,
        "before": before,
        "newest": newest,
        "total": page.total,
        "most": desk.COUNTED_TO,
        "views": seen_by(request.user).filter(page="inbox"),
        "may_share": may(request.user, "share-view"),
    }
    return render(request, "inbox.html", shown)


def _mark(request: HttpRequest) -> str | None:
    return f'"{desk.news_mark(Filters.of(request.GET))}-{_since(request)}-{spoken().language}"'


@require_safe
@allowed("read")
@cache_control(private=True, no_cache=True)
@etag(_mark)
def news(request: HttpRequest) -> HttpResponse:
    """Tell how many messages came in since the page was drawn; 304 where nothing has changed at the desk."""
    filters = Filters.of(request.GET)
    n = desk.news(filters, since=_since(request))
    return render(request, "parts/news.html", {"n": n, "most": 1_000, "filters": filters})


def _since(request: HttpRequest) -> int:
    return whole_number(request.GET.get("newest", "")) or 0

"""Sources: the register of channels, and of each whether it is heard."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kuulo.desk import sources as desk
from kuulo.desk.aside import COUNTED_TO, LIMITS, aside_count
from kuulo.desk.health import SILENT_AFTER, worker_age
from kuulo.desk.log import Entry
from kuulo.desk.not_now import NotNow
from kuulo.desk.register import Listed, lately, listed, one_listed, recent_since, unread_of
from kuulo.hear.connectors import connectors
from kuulo.models import Person, Source, UnreadItem
from kuulo.web import hearing, told
from kuulo.web.access import allowed
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import messages_of
from kuulo.web.names import language_name
from kuulo.web.notice import refuse, tell
from kuulo.web.roles import unit_name
from kuulo.web.speech import spoken

_COLUMNS = (
    "id", "name", "platform", "connector", "address", "unit", "language", "purpose", "owner", "run_by", "since",
    "until", "followers", "legal_basis", "keep_days", "quotable", "by_name", "health", "trouble", "last_heard",
    "new_in_7_days", "heard", "known", "gone", "passed_over", "unread", "findings",
)  # fmt: skip


@require_GET
@allowed("read")
def sources(request: HttpRequest) -> HttpResponseBase:
    """Show every channel of the register, with how it fares."""
    register = listed()
    if wanted_format(request):
        return as_data(request, name="sources", columns=_COLUMNS, rows=map(_row, register))
    shown = {"rows": [_shown(one) for one in register], "findings": _findings(register), "is_silent": _is_silent()}
    return render(request, "sources.html", shown)


@require_GET
@allowed("read")
def source(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one source: how it fares, what came of it, and what is told of it."""
    one = one_listed(pk)
    if one is None:
        raise Http404
    if wanted_format(request):
        return as_data(request, name=f"source-{pk}", columns=_COLUMNS, rows=[_row(one)])
    if request.headers.get("HX-Request") == "true":
        return _moving(request, one)
    return render(request, "source.html", _shown(one) | _details(request, one))


@require_POST
@allowed("manage-sources")
def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Listen to a source from now on."""
    return _done(request, pk, desk.switch_on, "sources.is_on")


@require_POST
@allowed("manage-sources")
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Listen to a source no more."""
    return _done(request, pk, desk.switch_off, "sources.is_off")


@require_POST
@allowed("manage-sources")
def listen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a source be heard next."""
    return _done(request, pk, desk.listen_now, "sources.is_asked")


@never_cache
@require_POST
@allowed("open-unread")
def unread(request: HttpRequest, pk: int) -> HttpResponse:
    """Show, this once, what could not be read."""
    item = get_object_or_404(UnreadItem.objects.select_related("source"), pk=pk)
    assert isinstance(request.user, Person)
    text = desk.open_unread(request.user, item)
    return render(request, "unread.html", {"item": item, "text": text})


def _done(request: HttpRequest, pk: int, act: Callable[[Person, Source], None], said: str) -> HttpResponse:
    assert isinstance(request.user, Person)
    source = get_object_or_404(Source, pk=pk)
    try:
        act(request.user, source)
    except NotNow as now:
        refuse(request, f"sources.not_now.{now.code}")
    else:
        tell(request, spoken().say(said))
    return redirect("source", pk)


def _moving(request: HttpRequest, one: Listed) -> HttpResponse:
    """Give the part of the page that is asked for every other second; when it is over, the page is asked for anew."""
    answer = render(request, "parts/source_health.html", _shown(one))
    if not one.health.is_moving:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _shown(one: Listed) -> dict[str, object]:
    stands, connector = hearing.stands(one.health), one.connection.connector if one.connection else ""
    return {
        "one": one,
        "source": one.source,
        "connection": one.connection,
        "way_in": hearing.way_in(one.source.channel, connector),
        "about": _about(one.source),
        "stands": stands,
        "colour": hearing.COLOURS.get(stands, "neutral"),
        "sentences": hearing.sentences(one.health, connector=connector),
        "is_moving": one.health.is_moving,
        "recent": messages_of(source=one.source.name, since=recent_since().isoformat()),
        "inbox": messages_of(source=one.source.name),
        "address": reverse("source", args=[one.source.pk]),
    }


def _about(source: Source) -> list[str]:
    """Tell in short whose a channel is, who looks after it, in which language, and how many follow it."""
    words = spoken()
    told = [
        words.say(f"sources.run_by.{source.run_by}") if source.run_by else "",
        unit_name(source.unit) if source.unit else "",
        source.owner,
        language_name(source.language) if source.language else "",
        words.count("sources.follow", source.followers) if source.followers is not None else "",
    ]
    return [one for one in told if one]


def _details(request: HttpRequest, one: Listed) -> dict[str, object]:
    connection, source = one.connection, one.source
    connector = connection.connector if connection else ""
    return {
        "is_silent": _is_silent(),
        "is_there": connector in connectors(),
        "is_on": bool(connection) and one.health.code != "off",
        "passed": sorted((hearing.passed(why), n) for why, n in connection.passed.items()) if connection else [],
        "unread": [(item, hearing.unread(item.code, connector=connector)) for item in unread_of(source)],
        "events": [
            (event, told.event(Entry(event, None, {})), _why(event.facts, connector)) for event in lately(source)
        ],
        "hook": _hook(request, one),
        "aside": aside_count(source),
        "most": COUNTED_TO,
        "aside_inbox": messages_of(source=source.name, status="aside"),
        "limit": next((code for code, limit in LIMITS.items() if limit == source.relevance_limit), ""),
    }


def _why(facts: dict[str, str], connector: str) -> str:
    return hearing.trouble(facts["code"], {}, connector=connector) if "code" in facts else ""


def _hook(request: HttpRequest, one: Listed) -> str:
    """Give the address that the source is to call, where it calls by itself."""
    token = one.connection.token if one.connection else None
    return request.build_absolute_uri(f"/hooks/{token}/") if token else ""


def _findings(register: list[Listed]) -> list[tuple[str, list[Source]]]:
    """Give each finding with the sources that it is about; what is only known of need not be told in full."""
    codes = sorted({code for one in register for code in one.findings})
    return [(code, [one.source for one in register if code in one.findings]) for code in codes]


def _is_silent() -> bool:
    age = worker_age()
    return age is None or age > SILENT_AFTER


def _row(one: Listed) -> tuple[Cell, ...]:
    return (*_told(one), *_fares(one))


def _told(one: Listed) -> tuple[Cell, ...]:
    source = one.source
    return (
        source.pk,
        source.name,
        source.channel,
        one.connection.connector if one.connection else "",
        source.address,
        unit_name(source.unit) if source.unit else "",
        source.language,
        source.purpose,
        source.owner,
        source.run_by,
        source.since.isoformat() if source.since else "",
        source.until.isoformat() if source.until else "",
        source.followers,
        source.legal_basis,
        source.keep_days,
        str(source.quotable).lower(),
        str(source.by_name).lower(),
    )


def _fares(one: Listed) -> tuple[Cell, ...]:
    health, held = one.health, one.connection
    counts = (held.heard_count, held.known_count, held.gone_count, one.passed, held.unread_count) if held else ()
    return (
        hearing.stands(health),
        str(health.trouble.get("code", "")),
        health.heard.isoformat() if health.heard else "",
        one.recent,
        *(counts or (None,) * 5),
        " ".join(one.findings),
    )

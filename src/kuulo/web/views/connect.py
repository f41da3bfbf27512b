"""Connect: choose how messages come from a channel, say what it needs, try it out and keep it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from kuulo.desk import sources as desk
from kuulo.desk.aside import judge_anew
from kuulo.desk.asked import whole_number
from kuulo.desk.permissions import may
from kuulo.hear.connector import Connector
from kuulo.hear.connectors import connectors
from kuulo.hear.trouble import Trouble
from kuulo.models import Connection, Person, Source
from kuulo.web import hearing
from kuulo.web.access import allowed
from kuulo.web.notice import tell
from kuulo.web.source_forms import SourceForm
from kuulo.web.speech import spoken

# Channels that nobody may listen to by machine: their words stand in "sources.by_hand.<code>".
BY_HAND = ("facebook-groups", "x", "tiktok-linkedin", "closed")
KNOWN = "known"


@require_GET
@allowed("manage-sources")
def choose(request: HttpRequest) -> HttpResponse:
    """Show what can be connected, and what can only come by hand."""
    offered = [
        (code, hearing.connector_name(code), hearing.of_connector(made, "about"))
        for code, made in connectors().items()
    ]
    words = spoken()
    by_hand = [(words.say(f"sources.by_hand.{code}"), words.say(f"sources.by_hand.{code}.why")) for code in BY_HAND]
    source = _unconnected(request)
    shown = {"offered": sorted(offered, key=lambda one: one[1].casefold()), "by_hand": by_hand, "source": source}
    return render(request, "sources_new.html", shown)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("manage-sources")
def new(request: HttpRequest, connector: str) -> HttpResponse:
    """Take a new source, or connect one that was only known of."""
    made = connectors().get(connector)
    if made is None and connector != KNOWN:
        raise Http404
    return _form(request, made, source=_unconnected(request) if made else None)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("manage-sources")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is told of a source, and how it is connected."""
    source = get_object_or_404(Source.objects.select_related("connection"), pk=pk)
    held = getattr(source, "connection", None)
    is_theirs = held is None or not held.own_network or may(request.user, "reach-own-network")
    made = connectors().get(held.connector) if held and is_theirs else None
    return _form(request, made, source=source, held=held)


def _unconnected(request: HttpRequest) -> Source | None:
    """Give the source of the register that is to be connected, where the address names one."""
    pk = whole_number(request.GET.get("source", ""))
    return Source.objects.filter(pk=pk, connection=None).first() if pk else None


def _form(
    request: HttpRequest,
    made: type[Connector] | None,
    *,
    source: Source | None = None,
    held: Connection | None = None,
) -> HttpResponse:
    assert isinstance(request.user, Person)
    form = SourceForm(request.POST or None, by=request.user, made=made, source=source, held=held)
    shown: dict[str, object] = {"form": form, "source": source, "held": held, "made": made is not None}
    is_part = (
        request.headers.get("HX-Request") == "true"
    )  # only the test is asked for in part: it never keeps anything
    is_test = made is not None and (is_part or "test" in request.POST)
    if is_test:
        shown |= _tested(request.user, form)
        if is_part:
            return render(request, "parts/tested.html", shown)
    elif request.method == "POST" and form.is_valid():
        return _kept(request, request.user, form)
    if made:
        shown |= {"title": hearing.connector_name(made.name), "about": hearing.of_connector(made, "about")}
    status = 422 if form.is_bound and form.errors and not is_test else 200
    return render(request, "source_form.html", shown, status=status)


def _tested(by: Person, form: SourceForm) -> dict[str, object]:
    """Try the connection out as it is written; say what was met, or what is wrong."""
    if not form.can_be_tested():
        return {"wrong": [f"{field.label}: {error}" for field in form.connection() for error in field.errors]}
    wiring = form.wiring()
    try:
        met = desk.try_out(by, form.held, wiring)
    except Trouble as trouble:
        return {"wrong": [hearing.trouble(trouble.code, trouble.facts, connector=wiring.connector)]}
    return {"met": hearing.found(met, connector=wiring.connector)}


def _kept(request: HttpRequest, by: Person, form: SourceForm) -> HttpResponse:
    wiring = form.wiring() if form.made else None
    told = form.told()
    source = desk.change(by, form.source, told, wiring) if form.source else desk.make(by, told, wiring)
    if "on" in request.POST:
        desk.switch_on(by, source)
    aside, taken = judge_anew(by, source)
    if aside or taken:
        tell(request, spoken().say("sources.judged.anew", aside=aside, taken=taken))
    tell(request, spoken().say("sources.is_on" if "on" in request.POST else "sources.is_kept"))
    return redirect("source", source.pk)

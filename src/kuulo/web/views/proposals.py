"""The proposals: what the machine would change about the themes, and why; people decide."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kuulo.desk.not_now import NotNow
from kuulo.desk.proposals import accept, decline
from kuulo.models import Message, Proposal, Theme
from kuulo.report.names import in_language
from kuulo.web.access import allowed
from kuulo.web.correcting import done, next_page, person_of, why_not
from kuulo.web.data import as_data, wanted_format
from kuulo.web.speech import spoken

_AT_ONCE = 50
_SAMPLES = 3
_COLUMNS = ("proposal", "kind", "theme", "other", "name", "messages", "why")


@require_safe
@allowed("read")
def proposals(request: HttpRequest) -> HttpResponseBase:
    """Show the open proposals, the oldest first."""
    open_ones = Proposal.objects.filter(state=Proposal.State.OPEN).select_related("theme", "other").order_by("pk")
    some = list(open_ones[:_AT_ONCE])
    if wanted_format(request):
        return as_data(request, name="kuulo-proposals", columns=_COLUMNS, rows=[_row(one) for one in some])
    samples = _samples(some)
    cards = [(one, _name(one), _what(one), _reasons(one), samples[one.pk]) for one in some]
    return render(request, "proposals.html", {"cards": cards, "count": open_ones.count()})


def _row(one: Proposal) -> tuple[str | int | None, ...]:
    codes = (one.theme.code if one.theme else None, one.other.code if one.other else None)
    return (one.pk, one.kind, *codes, _name(one), len(one.messages), " ".join(_reasons(one)))


def _name(one: Proposal) -> str:
    return str(in_language(one.names, spoken().language, default="").value)


def _what(one: Proposal) -> str:
    said = spoken().count("messages", len(one.messages))
    themes = {"theme": _shown(one.theme), "other": _shown(one.other)}
    return spoken().say(f"proposals.what.{one.kind}", messages=said, name=_name(one), **themes)


def _shown(theme: Theme | None) -> str:
    if theme is None:
        return ""
    name = in_language(theme.names, spoken().language, default=theme.code).value
    return f"{name} ({spoken().count('messages', theme.figures.get('messages', 0))})"


def _reasons(one: Proposal) -> list[str]:
    """Say why, shares as per cent; a reason without words of its own is shown by its code."""
    return [_reason(dict(reason) if isinstance(reason, dict) else {"code": str(reason)}) for reason in one.reasons]


def _reason(reason: dict[str, object]) -> str:
    code = str(reason.pop("code", ""))
    facts = {name: _figure(fact) for name, fact in reason.items()}
    try:
        return spoken().say(f"proposals.reason.{code}", **facts)
    except KeyError:
        return code.replace("-", " ")


def _figure(fact: object) -> str | int:
    if isinstance(fact, float):
        return round(fact * 100)
    return fact if isinstance(fact, int) else str(fact)


def _samples(some: Sequence[Proposal]) -> dict[int, list[Message]]:
    """Give three messages of each proposal: of what would change, or of both themes that would be one."""
    chosen = {one.pk: _sample_ids(one) for one in some}
    asked = {pk for ids in chosen.values() for pk in ids}
    found = Message.objects.exclude(status=Message.Status.SAFETY).defer("vector", "search_text").in_bulk(asked)
    return {pk: [found[one] for one in ids if one in found] for pk, ids in chosen.items()}


def _sample_ids(one: Proposal) -> list[int]:
    if one.kind != Proposal.Kind.MERGE or not (one.theme and one.other):
        return list(one.messages[:_SAMPLES])
    return [*one.theme.central[:_SAMPLES], *one.other.central[:_SAMPLES]]


@require_POST
@allowed("decide")
def accept_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what is proposed, under the name that was typed."""
    one = get_object_or_404(Proposal.objects.select_related("theme", "other"), pk=pk)
    typed = request.POST.get("name", "").strip()
    names = one.names | {spoken().language: typed} if typed and typed != _name(one) else None
    return done(
        request,
        lambda: accept(one, person=person_of(request), names=names),
        said=f"proposals.accepted.{one.kind}",
        back=reverse("proposals"),
    )


@require_POST
@allowed("decide")
def decline_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a proposal away."""
    one = get_object_or_404(Proposal.objects.select_related("theme"), pk=pk)
    try:
        decline(one, person=person_of(request))
    except NotNow as refusal:
        messages.error(request, why_not(refusal))
    else:
        messages.success(request, spoken().say("proposals.declined"))
    return redirect(next_page(request, reverse("proposals")))

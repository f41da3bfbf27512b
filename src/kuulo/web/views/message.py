"""The message: its whole text, where it stands and why, and what is like it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kuulo.desk import meaning
from kuulo.desk.coordinated import one_text
from kuulo.desk.inbox import COUNTED_TO, in_order
from kuulo.desk.one_message import Portrait, Why, portrait
from kuulo.desk.places.whereabouts import STANDING
from kuulo.lang.heat import heated, matter
from kuulo.lang.relevance import names, relevance
from kuulo.models import Message
from kuulo.web import told
from kuulo.web.access import allowed
from kuulo.web.concerned import told_concern
from kuulo.web.data import as_data, wanted_format
from kuulo.web.message_lists import COLUMNS, data_rows, entries
from kuulo.web.names import language_name
from kuulo.web.place_reasons import reason
from kuulo.web.speech import spoken
from kuulo.web.tags import day

_LARGEST = 2**63 - 1
_LONGEST_CODE = 20


@require_safe
@allowed("read")
def message(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a message, or give it as data."""
    told = _portrait(pk)
    if wanted_format(request):
        rows = data_rows([(found, told.copy_count) for found in in_order([pk], whole=True)])
        return as_data(request, name=f"kuulo-message-{pk}", columns=COLUMNS, rows=rows)
    return render(request, "message.html", {**_shown(told), "to": request.GET.get("to", "")[:_LONGEST_CODE]})


@require_safe
@allowed("read")
def similar(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the messages nearest in meaning, as a page or as the part of one."""
    found = get_object_or_404(
        Message.objects.exclude(status=Message.Status.SAFETY).select_related("source"), pk=min(pk, _LARGEST)
    )
    home = found.placements.filter(main=True).first()
    near = {one.message_id: one for one in meaning.similar(found)}
    listed = [
        {"entry": entry, "near": near[entry.message.pk], "elsewhere": _elsewhere(entry.placement, home)}
        for entry in entries(in_order([*near]))
    ]
    page = "parts/similar.html" if request.headers.get("HX-Request") else "similar.html"
    return render(request, page, {"message": found, "near": listed, "home": home})


def _elsewhere(placement: object, home: object) -> bool:
    return getattr(placement, "theme_id", None) != getattr(home, "theme_id", None)


def _portrait(pk: int) -> Portrait:
    try:
        return portrait(min(pk, _LARGEST))
    except Message.DoesNotExist:
        raise Http404 from None


def _shown(known: Portrait) -> dict[str, object]:
    found = known.message
    return {
        "told": known,
        "message": found,
        "most": COUNTED_TO,
        "language": language_name(found.language),
        "certainty": round(found.certainty * 100),
        "reason": spoken().reason(found.reason) if found.reason else "",
        "is_web": found.url.startswith(("https://", "http://")),
        "whys": [_why(why) for why in known.whys],
        "relevance": _relevance(found),
        "matter": _matter(found),
        "one_text": one_text(found.copy_of_id or found.pk) if found.copy_of_id or known.copy_count else None,
        "places": [(row, reason(row)) for row in known.places],
        "standing": found.status in STANDING,
        "concern": told_concern(found.concern, whole=True) if hasattr(found, "concern") else None,
        "events": [(entry, told.event(entry)) for entry in known.events],
        "thread": entries(known.thread),
        "original": next(iter(entries([known.original] if known.original else [])), None),
        "copies": entries(known.copies),
        "replies": entries(known.replies),
    }


def _matter(found: Message) -> dict[str, object] | None:
    """Give what a heated message is about, apart from its tone: sentences that ask, and words of services."""
    if not heated(found.text):
        return None
    told = relevance(found.text, found.language, names(())).why
    return {"sentences": matter(found.text), "services": [word for code, word in told if code == "service"]}


def _relevance(found: Message) -> list[tuple[str, str]]:
    """Give why a message was taken in or set aside: each kind of reason in words, with the words of the message."""
    words: dict[str, list[str]] = {}
    for code, word in found.relevance_why:
        words.setdefault(code, []).append(word)
    return [
        (spoken().say(f"message.relevance.{code}"), " · ".join(filter(None, told))) for code, told in words.items()
    ]


def _why(why: Why) -> dict[str, object]:
    near = entries(why.near, " ".join(why.words))
    if why.correction is None:
        return {"why": why, "near": near}
    by = why.correction.made_by
    return {"why": why, "near": near, "who": str(by or "–"), "day": day(why.correction.made_at)}

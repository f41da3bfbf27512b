"""Bring a file: drop or choose one, or paste text; then look at how it is read and take it in."""

import errno
import io
from dataclasses import replace
from pathlib import PurePath
from typing import IO, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kuulo.desk import intake as intakes
from kuulo.desk.intake import Preview
from kuulo.desk.not_now import NotNow
from kuulo.hear.columns import ALONE
from kuulo.hear.reading import Orders
from kuulo.hear.refused import Refused
from kuulo.models import Intake, Person, Source
from kuulo.web import told
from kuulo.web.access import allowed
from kuulo.web.speech import spoken
from kuulo.web.uploading import is_too_large

ROLES = ("text", *ALONE, "background")
ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16", "cp850")
DELIMITERS = {",": "comma", ";": "semicolon", "tab": "tab", "|": "bar", "none": "none"}
_READING = ("encoding", "delimiter", "header", "sheet")
_SHOWN, _LONGEST = 60, 240
_SOURCES = 200


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("bring")
def bring(request: HttpRequest) -> HttpResponse:
    """Show the form; or store what came and go on to look at it."""
    if request.method != "POST":
        return render(request, "bring.html")
    assert isinstance(request.user, Person)
    if is_too_large(int(request.META.get("CONTENT_LENGTH") or 0)):
        return _again(request, told.refusal("too-large", {"file": "–"}))
    given = _given(request)
    if given is None:
        return _again(request, spoken().say("bring.nothing"))
    name, file = given
    try:
        intake = intakes.bring(file, name=name, person=request.user)
    except Refused as refused:
        return _again(request, told.refusal(refused.code, {"file": name, **refused.facts}))
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        return _again(request, told.refusal("no-space", {}))
    return redirect("intake", intake.pk)


@require_POST
@allowed("bring")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was decided about the file; then look again, or start."""
    intake = get_object_or_404(Intake, pk=pk)
    assert isinstance(request.user, Person)
    try:
        intakes.check_can_start(intake)
        orders = _orders(request, intake)
        if request.POST.get("do") != "start":
            intakes.order(intake, orders=orders)
            return _back(request, pk)
        look = intakes.preview(intake, orders=orders)
        if problem := _problem(request, look):
            return preview(request, intake, orders=orders, problem=problem, status=422)
        if new := _new_source(request):
            problem = spoken().say("bring.source.new", source=new)
            return preview(request, intake, orders=orders, problem=problem, new_source=new, status=422)
        source = intakes.source_named(request.POST["source"], channel=request.POST.get("channel", ""))
        intakes.start(intake, orders=_as_looked(orders, look), source=source, person=request.user)
    except NotNow as now:
        return not_now(request, intake, now)
    except _RoleTwice as twice:
        return preview(request, intake, problem=twice.sentence, status=422)
    return redirect("intake", pk)


def preview(
    request: HttpRequest,
    intake: Intake,
    *,
    orders: Orders | None = None,
    problem: str = "",
    new_source: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the beginning of the file, with the role of each column in a choice above it.

    ``new_source`` is the name of a source that there is not yet, which is made when the file is started again.
    """
    orders = intakes.orders_of(intake) if orders is None else orders
    look = intakes.preview(intake, orders=orders)
    written = request.POST or request.GET
    shown = {
        "intake": intake,
        "look": look,
        "orders": orders,
        "problem": problem,
        "refused": told.refusal(look.refused.code, look.refused.facts) if look.refused else "",
        "columns": list(enumerate(look.roles.items()))[:_SHOWN],
        "looked": look.looked,
        "more": max(0, len(look.roles) - _SHOWN),
        "rows": _rows(look),
        "notes": [told.note(note.code, note.facts) for note in look.notes],
        "roles": ROLES,
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "delimiter_name": DELIMITERS.get(look.begun.guess.delimiter.replace("\t", "tab"), "") if look.begun else "",
        "sources": Source.objects.order_by("name")[:_SOURCES],
        "source": written.get("source") or (look.before.source.name if look.before and look.before.source else ""),
        "channel": written.get("channel", ""),
        "new_source": new_source,
    }
    return render(request, "preview.html", shown, status=status)


def not_now(request: HttpRequest, intake: Intake, now: NotNow) -> HttpResponse:
    """Say why what was asked for cannot happen now."""
    why = told.refusal(now.code, {"file": intake.file_name})
    return render(request, "intake_not_now.html", {"intake": intake, "why": why}, status=409)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """Go back to the file, with what was written of its source."""
    written = {name: text for name in ("source", "channel") if (text := request.POST.get(name, ""))}
    return redirect(f"{reverse('intake', args=[pk])}?{urlencode(written)}")


def _again(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "bring.html", {"problem": problem, "text": request.POST.get("text", "")}, status=422)


def _given(request: HttpRequest) -> tuple[str, IO[bytes]] | None:
    """Give the name and content of what came: a file, else pasted text."""
    if upload := request.FILES.get("file"):
        assert upload.file is not None
        return PurePath(upload.name or "-").name, upload.file
    text = request.POST.get("text", "")
    if not text.strip():
        return None
    return spoken().say("bring.pasted"), io.BytesIO(text.encode("utf-8", "replace"))


class _RoleTwice(Exception):
    def __init__(self, role: str) -> None:
        super().__init__(role)
        words = spoken()
        self.sentence = words.say("bring.role.twice", role=words.say(f"bring.role.{role}"))


def _orders(request: HttpRequest, intake: Intake) -> Orders:
    """Give what the form says. Where the file is to be read otherwise than before, its columns are guessed anew."""
    before = intakes.orders_of(intake)
    reading = Orders(
        encoding=_word(request, "encoding"),
        delimiter=_word(request, "delimiter"),
        header={"yes": True, "no": False}.get(_word(request, "header")),
        sheet=_word(request, "sheet"),
    )
    if any(getattr(reading, name) != getattr(before, name) for name in _READING):
        return reading
    look = intakes.preview(intake, orders=before)
    roles = {name: request.POST.get(f"role-{at}", role) for at, (name, role) in enumerate(look.roles.items())}
    return reading if roles == look.roles and before.guess else _with_roles(reading, roles)


def _word(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()[:200]


def _with_roles(reading: Orders, roles: dict[str, str]) -> Orders:
    columns = {role: tuple(name for name, its in roles.items() if its == role) for role in ROLES}
    if twice := next((role for role in ALONE if len(columns[role]) > 1), ""):
        raise _RoleTwice(twice)
    alone: dict[str, Any] = {role: columns[role][0] for role in ALONE if columns[role]}
    return replace(reading, guess=False, text=columns["text"], background=columns["background"], **alone)


def _as_looked(orders: Orders, look: Preview) -> Orders:
    """Order the columns just as they were shown: the rest of the file must not be judged otherwise."""
    return orders if not orders.guess else _with_roles(orders, look.roles)


def _rows(look: Preview) -> list[list[tuple[str, bool]]]:
    """Give the cells of the first rows, and whether each is a message's text."""
    is_text = [role == "text" for role in look.roles.values()]
    rows = look.begun.rows if look.begun else ()
    return [[(cell[:_LONGEST], text) for cell, text in zip(row[:_SHOWN], is_text, strict=False)] for row in rows]


def _new_source(request: HttpRequest) -> str:
    """Give the name of a source that would be made and was not asked about yet; "" where there is no other."""
    name = _word(request, "source")
    asked = name == _word(request, "new_source")
    return "" if asked or intakes.known_source(name) or not Source.objects.exists() else name


def _problem(request: HttpRequest, look: Preview) -> str:
    if look.refused:
        return told.refusal(look.refused.code, look.refused.facts)
    return "" if _word(request, "source") else spoken().say("bring.source.missing")

"""Processing: the record of processing and the beginning of an impact assessment, out of the configuration.

What the desk knows is told; what only people can judge is asked for.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kuulo.desk.authors import DAYS
from kuulo.desk.forget import KEEP_UNREAD
from kuulo.desk.openly import TOLD, Place, places
from kuulo.desk.privacy import KEEP_RAW
from kuulo.desk.push import KEEP_ANSWERS
from kuulo.desk.register import findings
from kuulo.report.encoding import json_text
from kuulo.web.access import allowed
from kuulo.web.data import wanted_format
from kuulo.web.speech import spoken

_DATA = ("text", "raw", "writer", "name", "circumstances", "staff")
_MEASURES = ("masked", "sealed", "code", "forgets", "roles", "history", "own-machine", "rights")
_RISKS = ("known-again", "sensitive", "afraid", "wrong-place", "leak")
# what only people at the municipality know or can judge
_ASKED_RECORD = ("controller", "officer", "processors", "joint", "transfers")
_ASKED_ASSESSMENT = ("need", "heard", "risks", "opinion", "decision")


@require_safe
@allowed("handle-person-data")
def processing(request: HttpRequest) -> HttpResponse:
    """Show the record and the assessment, to be printed and filled in, or give both as JSON."""
    found = places()
    told = {
        "data": _said("processing.data.", _DATA),
        "measures": _said("processing.measure.", _MEASURES),
        "risks": _said("processing.risk.", _RISKS),
        "asked_record": _said("processing.asked.", _ASKED_RECORD),
        "asked_assessment": _said("processing.asked.", _ASKED_ASSESSMENT),
    }
    if wanted_format(request):
        return _as_json(found, told)
    shown = {"rows": [(one, findings(one.source, getattr(one.source, "connection", None))) for one in found]}
    return render(request, "processing.html", told | shown | {"kept": _kept(), "now": timezone.now()})


def _said(beginning: str, codes: tuple[str, ...]) -> dict[str, str]:
    return {code: spoken().say(f"{beginning}{code}") for code in codes}


def _kept() -> list[tuple[str, int]]:
    """Give what else is kept and for how many days."""
    days = {"raw": KEEP_RAW.days, "key": DAYS, "name": KEEP_RAW.days, "unread": KEEP_UNREAD.days}
    days["answer"] = KEEP_ANSWERS.days
    return [(spoken().say(f"processing.kept.{code}"), n) for code, n in days.items()]


def _as_json(found: list[Place], told: dict[str, dict[str, str]]) -> HttpResponse:
    record = {
        "made": timezone.now().isoformat(),
        "sources": [_row(place) for place in found],
        "kept_days": dict(_kept()),
        **told,
        # left empty: a person fills these in
        **{key: [{"question": question, "answer": None} for question in told[key].values()] for key in told if
           key.startswith("asked_")},
        "risks": [{"risk": risk, "likelihood": None, "severity": None} for risk in told["risks"].values()],
    }  # fmt: skip
    named = {"Content-Disposition": 'attachment; filename="kuulo-processing.json"'}
    return HttpResponse(json_text(record), content_type="application/json", headers=named)


def _row(place: Place) -> dict[str, object]:
    missing = findings(place.source, getattr(place.source, "connection", None))
    told = {name: getattr(place.source, name) for name in TOLD}
    return {"way": place.way, **told, "owner": place.source.owner, "missing": missing}

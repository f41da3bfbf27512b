"""Discussions that the municipality opened: the quiet ones first, and of each where the people are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kuulo.desk.discussions.acts import UNDOABLE
from kuulo.desk.discussions.count import judged
from kuulo.desk.discussions.overview import going_on, marks, over, shown
from kuulo.desk.discussions.said import course_of
from kuulo.desk.discussions.where import Found, where
from kuulo.group.quiet import Judgement
from kuulo.lang.services import concepts
from kuulo.models import Discussion, DiscussionStep
from kuulo.web.access import allowed
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.discussion_forms import TakenForm
from kuulo.web.links import messages_of
from kuulo.web.names import language_name
from kuulo.web.place_names import place_name
from kuulo.web.speech import spoken
from kuulo.web.views.themes import page_number

COLUMNS = (
    "id", "name", "source", "thread", "theme", "place", "opened", "closes", "state", "voices", "wanted",
    "within_days", "messages", "people", "unknown_writers", "taken_to_people", "not_quiet", "ended",
)  # fmt: skip
_WHERE = ("what", "name", "here", "elsewhere")
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A discussion as the list shows it: the voices, the days since it was opened and until it closes (or None)."""

    one: Discussion
    state: str
    voices: int
    age: int
    left: int | None
    inbox: str


@require_safe
@allowed("read")
def discussions(request: HttpRequest) -> HttpResponseBase:
    """Show the discussions that are followed: those that go on, the quiet first, or those that are over."""
    if wanted_format(request):
        rows = map(_cells, shown().order_by("pk").iterator(500))
        return as_data(request, name="discussions", columns=COLUMNS, rows=rows)
    page, is_over = page_number(request.GET), request.GET.get("list") == "over"
    found = (over if is_over else going_on)(page=page)
    told = {
        "lines": [_line(one) for one in found.rows],
        "is_over": is_over,
        "earlier": page - 1,
        "later": page + 1 if found.is_more else 0,
    }
    return render(request, "discussions.html", told)


@require_safe
@allowed("read")
def discussion(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one discussion: how it goes, who is heard, and where else its matter is talked about."""
    one = get_object_or_404(shown(), pk=pk)
    seen, found = judged(one), where(one)
    if wanted_format(request):
        return as_data(request, name=f"discussion-{pk}", columns=_WHERE, rows=_rows(seen, found))
    here, near = {"discussion": str(pk)}, {"elsewhere": str(pk)}
    told = {
        "discussion": one,
        "state": _state(one, seen.code),
        "reason": _reason(one, seen),
        "seen": seen,
        "wanted": _wanted(one),
        "marks": marks(one),
        "inbox": messages_of(**here),
        "found": found,
        "everything": messages_of(**near),
        "sources": [(name, n, messages_of(source=name, **near)) for name, n in found.sources],
        "themes": [(theme, n, messages_of(theme.code, **near)) for theme, n in found.themes],
        "languages": [
            (language_name(code), both, *_links(here, near, language=code)) for code, both in found.languages.items()
        ],
        "areas": [(place, both, *_links(here, near, place=str(place.pk))) for place, both in found.areas],
        "matter": _matter(one),
        "taken_form": TakenForm(),
        "steps": _steps(one),
    }
    return render(request, "discussion.html", told)


def _links(here: dict[str, str], near: dict[str, str], **narrowed: str) -> tuple[str, str]:
    return messages_of(**here, **narrowed), messages_of(**near, **narrowed)


def _line(one: Discussion) -> Line:
    today = timezone.localdate()
    voices = course_of(one).heard
    left = (one.closes - today).days if one.closes and one.closes >= today and not one.ended else None
    age = max((_last_day(one, today) - one.opened).days, 0)
    return Line(one, _state(one, one.state), voices, age, left, messages_of(discussion=str(one.pk)))


def _last_day(one: Discussion, today: date) -> date:
    return min(today, one.closes + timedelta(days=1)) if one.closes else today


def _state(one: Discussion, code: str) -> str:
    if one.ended:
        return "ended"
    return "not-quiet" if one.not_quiet and code in {"quiet", "quieter"} else code


def _reason(one: Discussion, seen: Judgement) -> str:
    """Say how it comes to be judged so."""
    say = spoken()
    told = say.say(
        f"discussions.reason.{seen.code}",
        voices=say.count("discussions.voices", seen.heard),
        days=say.count("discussions.days", max(seen.days, 0)),
        wanted=one.wanted,
        within=one.within,
        opened=say.day(one.opened),
    )
    if seen.expected is None or seen.code in {"to-come", "closed", "closed-quiet"}:
        return told
    usual = say.say("discussions.usual", of=seen.of, expected=round(seen.expected), chance=_percent(seen.chance))
    return f"{told} {usual}"


def _percent(chance: float | None) -> int:
    return max(1, round(100 * (chance or 0)))


def _wanted(one: Discussion) -> str:
    """Say where the number that is hoped for comes from."""
    if one.learnt is None:
        return spoken().say("discussions.wanted.said")
    return spoken().say("discussions.wanted.learnt" if one.learnt else "discussions.wanted.assumed", n=one.learnt)


def _matter(one: Discussion) -> list[str]:
    """Name the services whose messages were looked for elsewhere."""
    names = {concept.id: concept.wording[spoken().language].label for concept in concepts()}
    return [names[code] for code in one.sought or () if code in names]


@dataclass(frozen=True, slots=True)
class Did:
    """A line of the log: the step, what it says, and whether it can be undone."""

    step: DiscussionStep
    said: str
    can_undo: bool


def _steps(one: Discussion) -> list[Did]:
    found = list(one.steps.select_related("person").order_by("-at", "-pk")[:_STEPS])
    undone = {step.facts.get("step") for step in found if step.kind == "undone"}
    say = spoken()

    def said(step: DiscussionStep) -> str:
        on = date.fromisoformat(step.facts["on"]) if "on" in step.facts else one.opened
        return say.say(f"discussions.step.{step.kind}", where=step.facts.get("where", ""), day=say.day(on))

    return [Did(step, said(step), step.kind in UNDOABLE and step.pk not in undone) for step in found]


def _cells(one: Discussion) -> list[Cell]:
    figures = one.figures
    return [
        one.pk,
        one.name,
        one.source.name if one.source else "",
        one.thread,
        one.theme.code if one.theme else "",
        place_name(one.place) if one.place else "",
        one.opened.isoformat(),
        one.closes.isoformat() if one.closes else None,
        one.state,
        course_of(one).heard,
        one.wanted,
        one.within,
        figures.get("messages", 0),
        figures.get("people", 0),
        figures.get("unknown", 0),
        one.taken_at.isoformat() if one.taken_at else None,
        int(one.not_quiet),
        one.ended.isoformat() if one.ended else None,
    ]


def _rows(seen: Judgement, found: Found) -> Iterator[tuple[Cell, ...]]:
    """Give all that the page counts as lines of the data."""
    yield ("voices", seen.code, seen.heard, None)
    if seen.expected is not None:
        yield ("expected_voices", "", round(seen.expected, 2), None)
    yield ("messages", "", None, found.messages)
    yield from (("source", name, None, n) for name, n in found.sources)
    yield from (("theme", theme.code, None, n) for theme, n in found.themes)
    yield from (("language", code, both.here, both.elsewhere) for code, both in found.languages.items())
    yield from (("area", place_name(place), both.here, both.elsewhere) for place, both in found.areas)

"""Storms: those that are open, those that are over, and the card of one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kuulo.desk.asked import whole_number
from kuulo.desk.storm import overview
from kuulo.desk.storm.acts import UNDOABLE
from kuulo.desk.storm.card import Card, card_of, languages_of_desk
from kuulo.desk.storm.normal import the_watch
from kuulo.desk.storm.rate import measured
from kuulo.desk.storm.sentence import name_of
from kuulo.lang.services import concepts
from kuulo.models import Person, Storm, StormStep, Theme
from kuulo.report.encoding import visible
from kuulo.report.names import Shown, in_language, language_tag
from kuulo.web.access import allowed
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import messages_of
from kuulo.web.names import channel_name, language_name
from kuulo.web.speech import spoken
from kuulo.web.storm_chart import draw
from kuulo.web.storm_forms import AnsweredForm, HandOverForm, PlannedForm
from kuulo.web.storm_words import holding_lines, place_name

COLUMNS = (
    "id", "stream", "matter", "level", "began", "opened", "seen", "closed", "messages", "people", "expected", "mark",
    "taken", "answered",
)  # fmt: skip
_CARD = ("what", "name", "at", "messages", "normal", "text")
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a storm's log: the step, what it says, the answer that it links to, and whether it can be undone."""

    step: StormStep
    said: str
    link: str
    can_undo: bool


@require_safe
@allowed("read")
def storms(request: HttpRequest) -> HttpResponseBase:
    """Show the storms that are open, then those that are over, and what is normal."""
    if wanted_format(request):
        return as_data(request, name="storms", columns=COLUMNS, rows=map(line_of, overview.every().iterator(500)))
    found = overview.past(before=whole_number(request.GET.get("before", "")))
    over = found[: overview.PAGE]
    shown = {
        "open": overview.open_storms(),
        "over": over,
        "older": over[-1].pk if len(found) > len(over) else 0,
        "is_first": "before" not in request.GET,
        "normal": overview.usual(),
        "watch": the_watch(),
        "rate": measured(),
    }
    return render(request, "storms.html", shown)


@require_safe
@allowed("read")
def storm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the card of one storm: the facts for its first ten minutes."""
    one = storm_or_404(pk)
    card = card_of(one)
    if wanted_format(request):
        return as_data(request, name=f"storm-{pk}", columns=_CARD, rows=_cells(one, card))
    shown = _shown(one, card) | {
        "lines": holding_lines(one, [*card.languages, *languages_of_desk()], [place for place, _ in card.places]),
        "answered_form": AnsweredForm(initial={"at": timezone.localtime()}),
        "planned_form": PlannedForm(),
        "hand_over_form": HandOverForm(),
    }
    return render(request, "storm.html", shown)


@require_safe
@allowed("read")
@cache_control(private=True, no_cache=True)
def now(request: HttpRequest, pk: int) -> HttpResponse:
    """Give what changes on a card while it is open on a screen."""
    one = storm_or_404(pk)
    return render(request, "parts/storm_now.html", _shown(one, card_of(one)) | {"again": True})


def storm_or_404(pk: int) -> Storm:
    """Give a storm with what its pages name."""
    told = Storm.objects.select_related("theme__parent", "place", "taken_by", "part_of__theme", "part_of__place")
    unread = [*overview.heavy(), *overview.heavy("part_of__"), "theme__parent__centroid", "theme__parent__figures"]
    return get_object_or_404(told.defer(*unread), pk=pk)


def _shown(one: Storm, card: Card) -> dict[str, Any]:
    here = str(one.pk)
    return {
        "storm": one,
        "card": card,
        "now": timezone.now(),
        "drawing": draw(card.growth, {"alarm": one.opened, "answered": card.answered}),
        "inbox": messages_of(storm=here),
        "discussion": messages_of(storm=here, source=card.trigger.discussion[0], thread=card.trigger.discussion[1]),
        "kinds": _shares(card.kinds, "kind", here),
        "channels": _shares(card.channels, "channel", here),
        "languages": _shares(card.languages, "language", here),
        "places": [(place, n, messages_of(storm=here, place=str(place.pk))) for place, n in card.places],
        "service": service_of(one.theme) if one.theme else Shown("", ""),
        "parts": one.parts.select_related("theme", "place").defer(*overview.heavy()).order_by("-counted", "pk")[:20],
        "steps": steps_of(one),
    }


def steps_of(one: Storm) -> list[Line]:
    """Give who did what when, the latest first."""
    found = list(one.steps.select_related("person").order_by("-at", "-pk")[:_STEPS])
    undone = {step.facts.get("step") for step in found if step.kind == "undone"}
    people = Person.objects.in_bulk({step.facts["to"] for step in found if "to" in step.facts})
    say = spoken()

    def said(step: StormStep) -> str:
        if f"storms.step.{step.kind}" not in say.words:
            return step.kind.replace("-", " ")
        return say.say(f"storms.step.{step.kind}", to=str(people.get(step.facts.get("to", 0), "–")))

    return [
        Line(step, said(step), step.facts.get("link", ""), step.kind in UNDOABLE and step.pk not in undone)
        for step in found
    ]


def service_of(theme: Theme) -> Shown[str]:
    """Name the municipal service that a theme is nearest to."""
    labels = {
        language: wording.label
        for concept in concepts()
        if concept.id == theme.service
        for language, wording in concept.wording.items()
    }
    told = in_language(labels, spoken().language, default="")
    return Shown(told.value, language_tag(told.language))


_SAYS = {"channel": channel_name, "language": language_name}


def _shares(values: Mapping[str, int], name: str, here: str) -> list[tuple[str, int, str]]:
    """Give a label, a count and the address of the very messages for each value."""
    say = spoken()

    def label(value: str) -> str:
        if not value:
            return say.say("theme.untold")
        return say.say(f"kind.{value}") if name == "kind" else _SAYS[name](value)

    return [
        (label(value), n, messages_of(storm=here, **{name: value}) if value else "") for value, n in values.items()
    ]


def line_of(one: Storm) -> list[Cell]:
    """Give a storm as a line of COLUMNS."""
    moments = (one.began, one.opened, one.seen, one.closed)
    return [
        one.pk,
        one.stream,
        name_of(one, spoken().language),
        one.level,
        *(moment.isoformat() if moment else None for moment in moments),
        one.counted,
        one.people,
        round(one.expected, 2),
        one.mark,
        *(moment.isoformat() if moment else None for moment in (one.taken_at, one.answered_at)),
    ]


def _cells(one: Storm, card: Card) -> Iterator[tuple[Cell, ...]]:
    """Give all that a card shows as lines of the data."""
    language = spoken().language
    people = card.people
    yield ("storm", name_of(one, language), one.opened.isoformat(), one.counted, round(one.expected, 2), "")
    yield ("messages", "", None, people.messages, None, "")
    yield ("people", "", None, people.people, None, "")
    yield ("unknown_writers", "", None, people.unknown, None, "")
    yield ("last_30_minutes", "", None, card.growth.lately, round(card.growth.usual, 2), "")
    for step in card.growth.steps:
        yield ("step", "", step.begins.isoformat(), step.n, round(step.normal, 2), "")
    for what, values in (("kind", card.kinds), ("channel", card.channels), ("language", card.languages)):
        yield from ((what, value, None, n, None, "") for value, n in values.items())
    yield from (("place", visible(place_name(place, language).value), None, n, None, "") for place, n in card.places)
    yield from (("word", word, None, None, None, "") for word in card.words)
    told = {"typical": card.voices.typical, "question": card.voices.questions, "copied": card.voices.copied}
    for what, found in told.items():
        yield from ((what, str(one.said.pk), one.said.at.isoformat(), one.n, None, one.text) for one in found)
    if card.answered:
        yield ("answered", "", card.answered.isoformat(), None, None, "")


def card_page(pk: int) -> str:
    """Give the address of a storm's card."""
    return reverse("storm", args=[pk])

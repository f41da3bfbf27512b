"""A theme: what it holds, in residents' own words, who writes about it and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kuulo.desk.asked import whole_number
from kuulo.desk.counts import Counts, counts_of
from kuulo.desk.days import WEEK, monday
from kuulo.desk.places.listing import most_of_theme
from kuulo.desk.portrait import (
    Part,
    Voice,
    latest,
    named_by,
    related,
    subthemes,
    typical,
    voices,
)
from kuulo.desk.rules import pinned_in
from kuulo.desk.storm.overview import storm_of
from kuulo.lang.services import concepts
from kuulo.models import Place, Theme
from kuulo.report.encoding import visible
from kuulo.report.names import Shown, in_language, language_tag
from kuulo.web.access import allowed
from kuulo.web.charts import bars
from kuulo.web.correcting import theme_or_404
from kuulo.web.data import Cell, as_data, wanted_format
from kuulo.web.links import messages_of, theme_page, with_query
from kuulo.web.names import channel_name, language_name
from kuulo.web.place_names import place_name, place_page
from kuulo.web.speech import DeskSpeech, spoken
from kuulo.web.tags import name_in
from kuulo.web.views.themes import growth_words, last_week_inbox

COLUMNS = ("what", "name", "value", "messages")
_MOST_WEEKS = 53
_CHART_WIDTH = 640
_MOST_IN_FULL, _LEAST_IN_FULL = 12, 3


@dataclass(frozen=True, slots=True)
class Share:
    """A line of a small table: a value, its messages, their share of the theme in per cent, and a link to them."""

    label: str
    n: int
    share: float
    inbox: str


@allowed("read")
def theme(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show a theme; a merged one leads on to the theme that it was merged into."""
    one = theme_or_404(code)
    if one.code != code:
        return redirect("theme", one.code)
    counts = counts_of(one)
    if wanted_format(request):
        return as_data(request, name=f"theme-{one.code}", columns=COLUMNS, rows=_cells(one, counts))
    return render(request, "theme.html", _context(request, one, counts))


def _context(request: HttpRequest, one: Theme, counts: Counts) -> dict[str, object]:
    speech = spoken()
    name = name_in(one, speech.language)
    before = whole_number(request.GET.get("before", "")) or 0
    newest, after = latest(one, before=before)
    phrases = in_language(one.keyphrases, speech.language, default=[])
    weeks = weeks_shown(counts)
    pins = pinned_in(one)
    return {
        "theme": one,
        "counts": counts,
        "name": Shown(visible(name.value), language_tag(name.language)),
        "other_names": _other_names(one, name.language, speech),
        "named_by": named_by(one),
        "service": _service(one, speech),
        "growth": growth_words(counts, speech) if counts.is_growing else "",
        "inbox": messages_of(one.code),
        "last_week": last_week_inbox(one, counts),
        **_parts(subthemes(one)),
        "phrases": [visible(phrase) for phrase in phrases.value],
        "phrases_language": language_tag(phrases.language),
        "typical": typical(one, pins),
        "pinned": set(pins),
        **_voices(voices(one, counts), one, speech),
        "bars": bars(weeks, width=_CHART_WIDTH),
        "weeks": [(week, n, _week_inbox(one, week)) for week, n in reversed(weeks)],
        "weeks_label": _weeks_label(weeks, speech),
        "cut": len(counts.weeks) > len([n for _, n in weeks if n]),
        "tables": _tables(one, counts, speech),
        "lifts": [_lift(told, one, speech) for told in counts.lifts],
        "storm": storm_of(one),
        "related": [(other, theme_page(other.code), counts_of(other).messages) for other in related(one)],
        "theme_places": _places(one),
        "newest": newest,
        "older": with_query(theme_page(one.code), before=after) if after else "",
        "is_first": not before,
        "log": reverse("theme_log", args=[one.code]),
        "data": {form: with_query(theme_page(one.code), format=form) for form in ("csv", "json")},
    }


def weeks_shown(counts: Counts) -> list[tuple[date, int]]:
    """Give the weeks from the theme's first to its latest message, the last 53 at most, the oldest first."""
    if not counts.weeks:
        return []
    newest = max(counts.weeks)
    count = min(_MOST_WEEKS, (monday(newest) - monday(min(counts.weeks))).days // WEEK.days + 1)
    return counts.last_weeks(newest, most=count)


def _other_names(one: Theme, shown: str, speech: DeskSpeech) -> list[tuple[str, str, str, bool]]:
    return [
        (language_tag(code), language_name(code), visible(name), code in one.named_by_person)
        for code, name in sorted(one.names.items())
        if name and code != shown
    ]


def _service(one: Theme, speech: DeskSpeech) -> Shown[str]:
    """Name the municipal service that a theme is nearest to, unless the theme's name says it."""
    labels = {
        language: wording.label
        for concept in concepts()
        if concept.id == one.service
        for language, wording in concept.wording.items()
    }
    told = in_language(labels, speech.language, default="")
    is_name = told.value.casefold() == name_in(one, speech.language).value.casefold()
    return Shown("", "") if is_name else Shown(told.value, language_tag(told.language))


def _parts(parts: Sequence[Part]) -> dict[str, object]:
    """Part subthemes in those shown in full and the smaller ones that are only named."""
    full = max(1, sum(part.counts.messages >= _LEAST_IN_FULL for part in parts[:_MOST_IN_FULL]))
    lines = [(part, theme_page(part.theme.code), messages_of(part.theme.code)) for part in parts]
    return {"parts": lines[:full], "minor": lines[full:]}


def _voices(found: Sequence[Voice], one: Theme, speech: DeskSpeech) -> dict[str, object]:
    """Part what the messages do in the two sides that face each other and the rest."""

    def shown(voice: Voice) -> tuple[Voice, str, str]:
        return voice, speech.say(f"kind.{voice.kind}"), messages_of(one.code, kind=voice.kind)

    sides = [voice for voice in found if voice.kind in {"wants", "opposes"}]
    faces = sides if len(sides) == 2 else []
    return {
        "sides": [shown(voice) for voice in faces],
        "voices": [shown(voice) for voice in found if voice not in faces],
    }


def _week_inbox(one: Theme, week: date) -> str:
    return messages_of(one.code, since=week.isoformat(), until=(week + timedelta(days=6)).isoformat())


def _weeks_label(weeks: Sequence[tuple[date, int]], speech: DeskSpeech) -> str:
    if not weeks:
        return ""
    peak, most = max(weeks, key=lambda one: one[1])
    facts = {"first": speech.day(weeks[0][0]), "last": speech.day(weeks[-1][0]), "peak": speech.day(peak)}
    return speech.say("theme.weeks.label", n=most, **facts)


def _tables(one: Theme, counts: Counts, speech: DeskSpeech) -> list[tuple[str, str, list[Share]]]:
    """Lay out where a theme's messages come from: by channel, language and source."""
    whole = counts.messages or 1
    told = {"channel": counts.channels, "language": counts.languages, "source": counts.sources}
    says = {"channel": channel_name, "language": language_name}

    def shares(name: str, values: Mapping[str, int]) -> list[Share]:
        order = sorted(values, key=lambda value: (-values[value], value))
        return [
            Share(
                says.get(name, visible)(value) or speech.say("theme.untold"),
                values[value],
                round(100 * values[value] / whole, 1),
                messages_of(one.code, **{name: value}) if value else "",
            )
            for value in order
        ]

    return [
        (name, speech.say(f"theme.by.{name}"), shares(name, values))
        for name, values in told.items()
        if values and not (name == "source" and len(values) == 1)
    ]


def _places(one: Theme) -> list[tuple[Place, str, int, str]]:
    """Give the places that most of a theme's messages are about."""
    return [
        (place, place_page(place.pk), n, messages_of(one.code, place=str(place.pk)))
        for place, n in most_of_theme(one)
    ]


def _lift(told: Mapping[str, str | int | float | None], one: Theme, speech: DeskSpeech) -> tuple[str, int, str]:
    """Say who writes about a theme more often than others do, with a link to their messages."""
    column, value, times, n = (told[key] for key in ("column", "value", "times", "messages"))
    facts = {"column": visible(str(column)), "value": visible(str(value))}
    if times is None:
        sentence = speech.say("theme.lift.only", **facts)
    else:
        sentence = speech.say("theme.lift", times=f"{times:.1f}".replace(".", speech.words["decimal"]), **facts)
    return sentence, int(n or 0), messages_of(one.code, background=f"{column}={value}")


def _cells(one: Theme, counts: Counts) -> list[tuple[Cell, ...]]:
    """Give every number of the page as a line of the data: what it counts by, and of what."""
    language = spoken().language
    rows: list[tuple[Cell, ...]] = [("theme", one.code, name_in(one, language).value, counts.messages)]
    rows += [("distinct", one.code, "", counts.distinct), ("people", one.code, "", counts.people)]
    rows += [("copies", one.code, "", counts.copies), ("last_7_days", one.code, "", counts.now)]
    rows += [("uncertain", one.code, "", counts.uncertain)]
    rows += [("one_text", str(told["message"]), "", told["messages"])] if (told := counts.one_text) else []
    rows += [("subtheme", p.theme.code, name_in(p.theme, language).value, p.counts.messages) for p in subthemes(one)]
    by_value = {"kind": counts.kinds, "channel": counts.channels, "language": counts.languages}
    for what, values in (by_value | {"source": counts.sources}).items():
        rows += [(what, value, "", n) for value, n in sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))]
    rows += [("week", week.isoformat(), "", n) for week, n in weeks_shown(counts)]
    rows += [("place", str(place.pk), place_name(place), n) for place, _, n, _ in _places(one)]
    return rows

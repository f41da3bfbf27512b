"""Themes: what residents talk about now, as a list and as a map."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from kuulo.desk.asked import read_day
from kuulo.desk.counts import Counts
from kuulo.desk.days import WEEK, local_day
from kuulo.desk.discussions.overview import quiet_now
from kuulo.desk.landscape import landscape
from kuulo.desk.overview import ORDERS, Asked, Example, Row, aside, overview
from kuulo.models import Theme
from kuulo.report.encoding import visible
from kuulo.report.names import Shown, in_language, language_tag
from kuulo.web.access import allowed
from kuulo.web.charts import spark
from kuulo.web.data import as_data, wanted_format
from kuulo.web.links import messages_of, theme_page, with_query
from kuulo.web.names import channel_name, language_name
from kuulo.web.speech import DeskSpeech, speech, spoken
from kuulo.web.tags import name_in

_SPARK_WEEKS = 12
_NAMED = 3
_QUOTED = 260
COLUMNS = (
    "code",
    "name",
    "language",
    "messages_shown",
    "messages",
    "distinct",
    "copies",
    "people",
    "wants",
    "opposes",
    "last_7_days",
    "usual_7_days",
    "first",
    "latest",
    "channels",
    "languages",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A theme as the list shows it."""

    row: Row
    name: Shown[str]
    page: str
    inbox: str
    share: float
    example: str
    example_language: str
    growth: str
    last_week: str
    week: str
    reason: str
    channels: str
    languages: str
    spark: str
    spark_label: str


@allowed("read")
def themes(request: HttpRequest) -> HttpResponseBase:
    """Show the themes that live, as asked for in the address."""
    asked = asked_of(request.GET)
    say = spoken()
    found = overview(asked, language=say.language)
    if wanted_format(request):
        return as_data(request, name="themes", columns=COLUMNS, rows=map(_cells, found.rows))
    as_map = request.GET.get("view") == "map"
    newest = local_day(found.newest or datetime.now().astimezone())
    filters = replace(asked, name="", page=1)
    context = {
        "asked": asked,
        "found": found,
        "aside": aside(),
        "quiet": quiet_now(),
        "lines": []
        if as_map
        else [_drawn(row, _share(row, found.largest), newest, filters, say.language) for row in found.rows],
        "growing": [line(row, 0.0, newest, Asked(), say) for row in found.growing],
        "orders": [(order, _address(replace(asked, order=order, page=1))) for order in ORDERS],
        "views": {"list": _address(asked), "map": _address(asked, view="map")},
        "landscape": _islands(say) if as_map else None,
        "channels": found.channels,
        "languages": [(code, language_name(code)) for code in found.languages],
        "earlier": _address(replace(asked, page=asked.page - 1)) if asked.page > 1 else "",
        "later": _address(replace(asked, page=asked.page + 1)) if asked.page < found.pages else "",
        "data": {form: _address(asked, format=form) for form in ("csv", "json")},
        "all": _address(Asked(order=asked.order)),
    }
    return render(request, "themes.html", context)


def asked_of(query: Mapping[str, str]) -> Asked:
    """Read what an address asks for; what it cannot mean is as if it were not there."""
    order = query.get("order", "")
    return Asked(
        order=order if order in ORDERS else "size",
        channel=query.get("channel", ""),
        language=query.get("language", ""),
        since=read_day(query.get("since", "")),
        until=read_day(query.get("until", "")),
        name=query.get("name", "").strip(),
        page=page_number(query),
    )


def page_number(query: Mapping[str, str]) -> int:
    """Read which page is asked for: the first where the address makes no sense."""
    page = query.get("page", "")
    return max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1


@lru_cache(maxsize=2_000)
def _drawn(row: Row, share: float, newest: date, asked: Asked, language: str) -> SafeString:
    """Draw a theme of the list, once for as long as nothing of it changes: fifty are the most of the page's work."""
    return render_to_string("parts/theme_line.html", {"line": line(row, share, newest, asked, speech(language))})


def _share(row: Row, largest: int) -> float:
    """Give how large a theme is beside the largest, in per cent."""
    return round(100 * row.messages / largest, 1) if largest else 0.0


def line(row: Row, share: float, newest: date, asked: Asked, speech: DeskSpeech) -> Line:
    """Lay out a theme as the list shows it; ``newest`` is the day of the desk's last message."""
    counts = row.counts
    weeks = [n for _, n in counts.last_weeks(newest, most=_SPARK_WEEKS)]
    name = name_in(row.theme, speech.language)
    return Line(
        row=row,
        name=Shown(visible(name.value), language_tag(name.language)),
        page=theme_page(row.theme.code),
        inbox=messages_of(row.theme.code, **_filters(asked)),
        share=share,
        example=_beginning(row.example),
        example_language=language_tag(row.example.language) if row.example else "",
        growth=growth_words(counts, speech) if counts.is_growing else "",
        last_week=last_week_inbox(row.theme, counts),
        week=speech.count("themes.week", counts.now),
        reason=_reason(row, asked.order, newest, speech),
        channels=_listed([channel_name(channel) for channel in _usual(counts.channels)], speech),
        languages=_listed([language_name(code) for code in _usual(counts.languages)], speech),
        spark=spark(weeks),
        spark_label=speech.say("themes.spark", counts=", ".join(map(speech.number, weeks))),
    )


def growth_words(counts: Counts, speech: DeskSpeech) -> str:
    """Say how many came in the last week, and how many usually do."""
    usual = round(counts.before)
    key = "themes.growth" if usual else "themes.growth.few" if counts.before else "themes.growth.none"
    return speech.say(key, n=counts.now, usual=usual)


def last_week_inbox(theme: Theme, counts: Counts) -> str:
    """Give the inbox's address for what came to a theme in the week that its growth is told of, the newest first."""
    if not counts.until:
        return ""
    first = counts.until - WEEK + timedelta(days=1)
    return messages_of(theme.code, since=first.isoformat(), until=counts.until.isoformat())


def _reason(row: Row, order: str, newest: date, speech: DeskSpeech) -> str:
    """Say why a theme has its place in the order, where the number of messages does not."""
    counts = row.counts
    match order:
        case "disagreement" if counts.is_divided:
            return speech.say("themes.divided", wants=counts.kinds["wants"], opposes=counts.kinds["opposes"])
        case "silence" if counts.latest:
            days = (newest - local_day(counts.latest)).days
            return speech.count("themes.silent", days) if days else speech.say("themes.silent.none")
        case "newest" if counts.first:
            return speech.say("themes.first", day=speech.day(local_day(counts.first)))
        case _:
            return ""


def _usual(counts: Mapping[str, int]) -> list[str]:
    return [value for value in sorted(counts, key=lambda value: (-counts[value], value)) if value]


def _listed(names: list[str], speech: DeskSpeech) -> str:
    """Name the first three, and say how many more there are."""
    told = ", ".join(names[:_NAMED])
    return speech.say("themes.and_more", names=told, n=len(names) - _NAMED) if len(names) > _NAMED else told


def _beginning(example: Example | None) -> str:
    text = " ".join(visible(example.text, keep="\n\t").split()) if example else ""
    return text if len(text) <= _QUOTED else text[:_QUOTED].rsplit(" ", 1)[0] + "…"


def _filters(asked: Asked) -> dict[str, str]:
    return {name: str(getattr(asked, name) or "") for name in ("channel", "language", "since", "until")}


def _address(asked: Asked, **further: str) -> str:
    told = {name: value for name, value in asdict(asked).items() if value != getattr(Asked(), name)}
    return with_query(reverse("themes"), **{name: str(value) for name, value in told.items()}, **further)


def _cells(row: Row) -> tuple[str | int | float | None, ...]:
    """Give the cells of a line of the data."""
    counts, name = row.counts, name_in(row.theme, spoken().language)
    return (
        row.theme.code,
        name.value,
        name.language,
        row.messages,
        counts.messages,
        counts.distinct,
        counts.copies,
        counts.people,
        counts.kinds.get("wants", 0),
        counts.kinds.get("opposes", 0),
        counts.now,
        counts.before,
        counts.first.isoformat() if counts.first else None,
        counts.latest.isoformat() if counts.latest else None,
        _pairs(counts.channels),
        _pairs(counts.languages),
    )


def _pairs(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{value}: {counts[value]}" for value in _usual(counts))


@dataclass(frozen=True, slots=True)
class Label:
    """A circle of the map with what is written in it."""

    x: float
    y: float
    radius: float
    name: str
    language: str
    messages: int
    page: str
    is_part: bool = False


def _islands(speech: DeskSpeech) -> dict[str, object]:
    """Name the islands and their parts."""
    drawn = landscape()

    def label(number: int, x: float, y: float, radius: float, *, is_part: bool) -> Label:
        place = drawn.places[number]
        name = in_language(place.names, speech.language, default=place.code)
        told = visible(name.value), language_tag(name.language)
        return Label(x, y, radius, *told, place.messages, theme_page(place.code), is_part)

    islands = []
    for island in drawn.map.islands:
        shore = label(island.shore.number, island.shore.x, island.shore.y, island.shore.radius, is_part=False)
        parts = [label(one.number, one.x, one.y, one.radius, is_part=True) for one in island.parts]
        islands.append((shore, parts))
    return {
        "map": drawn.map,
        "islands": islands,
        "left_out": drawn.left_out,
        "size": f"{drawn.map.width / 60:.2f}",
    }

"""Compare: two sides of what was said, theme by theme."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kuulo.desk import compare as desk
from kuulo.desk.compare import Choices, Side, read_side
from kuulo.desk.overview import living, page_of
from kuulo.report.encoding import visible
from kuulo.web.access import allowed
from kuulo.web.data import as_data, wanted_format
from kuulo.web.links import messages_of, theme_page, with_query
from kuulo.web.names import channel_name, language_name
from kuulo.web.speech import DeskSpeech, spoken
from kuulo.web.tags import name_in
from kuulo.web.views.themes import page_number

COLUMNS = ("code", "name", "messages_a", "share_a", "messages_b", "share_b", "difference", "times")
_WEEK, _FOUR_WEEKS = timedelta(days=7), timedelta(days=28)
Options = list[tuple[str, list[tuple[str, str]]]]


@allowed("read")
def compare(request: HttpRequest) -> HttpResponseBase:
    """Set two sides side by side; days that were chosen by hand become a part of the address."""
    sides = {name: _asked(request.GET, name) for name in ("a", "b")}
    if any(request.GET.get(f"{name}_{end}") for name in sides for end in ("since", "until")):
        return HttpResponseRedirect(_address(sides))
    themes = living()
    choices = desk.choices(themes)
    sides = _with_default(sides, choices)
    a, b = sides["a"], sides["b"]
    rows = desk.compare(a, b, themes) if a and b else ()
    page = page_number(request.GET)
    shown, pages = page_of(rows, page)
    if wanted_format(request):
        return as_data(request, name="compare", columns=COLUMNS, rows=map(_cells, shown))
    speech = spoken()
    most = max((share for row in rows for share in (row.share_a, row.share_b)), default=0.0) or 1.0
    options = _options(choices, speech)
    context = {
        "sides": [(name, side, side.address if side else "") for name, side in sides.items()],
        "names": {name: side_name(side, speech) if side else "" for name, side in sides.items()},
        "options": options,
        "offered": {address for _, group in options for address, _ in group},
        "rows": [_line(row, sides, most, speech) for row in shown],
        "whole": {"a": sum(row.a for row in rows), "b": sum(row.b for row in rows)},
        "told": sum(row.verdict.startswith("more") for row in rows),
        "turned": _address({"a": b, "b": a}),
        "earlier": _address(sides, page=str(page - 1)) if 1 < page <= pages else "",
        "later": _address(sides, page=str(page + 1)) if page < pages else "",
        "data": {form: _address(sides, page=str(page), format=form) for form in ("csv", "json")},
    }
    return render(request, "compare.html", context)


def side_name(side: Side, speech: DeskSpeech) -> str:
    """Name a side in words."""
    match side.dimension:
        case "period":
            return _period_name(side, speech)
        case "language":
            return language_name(side.value)
        case "channel":
            return channel_name(side.value)
        case "kind":
            return speech.words.get(f"kind.{side.value}", side.value)
        case "background":
            return f"{visible(side.column)}: {visible(side.value)}"
        case _:
            return visible(side.value)


def _period_name(side: Side, speech: DeskSpeech) -> str:
    since, until = (speech.day(day) if day else "" for day in (side.since, side.until))
    if since and until:
        return f"{since}–{until}"
    return speech.say("compare.since", day=since) if since else speech.say("compare.until", day=until)


def _asked(query: Mapping[str, str], name: str) -> Side | None:
    """Read a side of an address; days given by hand count before it."""
    since, until = query.get(f"{name}_since", ""), query.get(f"{name}_until", "")
    by_hand = read_side(f"period:{since}..{until}") if since or until else None
    return by_hand or read_side(query.get(name, ""))


def _with_default(sides: dict[str, Side | None], choices: Choices) -> dict[str, Side | None]:
    """Compare the last week with the four before where nothing is asked for."""
    if any(sides.values()) or not choices.latest:
        return sides
    now, before = _weeks(choices.latest)
    return {"a": now, "b": before}


def _weeks(latest: date) -> tuple[Side, Side]:
    begins = latest - _WEEK + timedelta(days=1)
    now = Side(dimension="period", since=begins, until=latest)
    return now, Side(dimension="period", since=begins - _FOUR_WEEKS, until=begins - timedelta(days=1))


def _options(choices: Choices, speech: DeskSpeech) -> Options:
    """Give what can be chosen, in groups: the value in the address and its name."""
    groups: dict[str, list[Side]] = {
        "period": list(_weeks(choices.latest)) if choices.latest else [],
        "channel": [Side(dimension="channel", value=value) for value in choices.channels],
        "language": [Side(dimension="language", value=value) for value in choices.languages],
        "kind": [Side(dimension="kind", value=value) for value in choices.kinds],
        "source": [Side(dimension="source", value=value) for value in choices.sources],
        "background": [Side(dimension="background", column=c, value=v) for c, v in choices.background],
    }
    told = {
        name: [(side.address, side_name(side, speech)) for side in sides] for name, sides in groups.items() if sides
    }
    if "period" in told:
        spans = (speech.say("compare.last_week"), speech.say("compare.weeks_before"))
        told["period"] = [(day, f"{span}: {name}") for span, (day, name) in zip(spans, told["period"], strict=True)]
    return [(speech.say(f"compare.by.{name}"), sides) for name, sides in told.items()]


def _line(row: desk.Row, sides: Mapping[str, Side | None], most: float, speech: DeskSpeech) -> dict[str, object]:
    links = {name: messages_of(row.theme.code, **side.inbox) for name, side in sides.items() if side}
    return {
        "row": row,
        "page": theme_page(row.theme.code),
        "links": links,
        "a": _percent(row.share_a, speech),
        "b": _percent(row.share_b, speech),
        "bar_a": round(100 * row.share_a / most, 1),
        "bar_b": round(100 * row.share_b / most, 1),
        "difference": _difference(row, sides, speech),
    }


def _percent(share: float, speech: DeskSpeech) -> str:
    return f"{100 * share:.1f}".replace(".", speech.words["decimal"])


def _difference(row: desk.Row, sides: Mapping[str, Side | None], speech: DeskSpeech) -> str:
    if row.verdict in {"few", "alike"}:
        return speech.say(f"compare.{row.verdict}")
    side = sides[row.verdict[-1]]
    name = side_name(side, speech) if side else ""
    if row.times is None:
        return speech.say("compare.only", side=name)
    return speech.say("compare.more", side=name, times=f"{row.times:.1f}".replace(".", speech.words["decimal"]))


def _address(sides: Mapping[str, Side | None], **further: str) -> str:
    told = {name: side.address for name, side in sides.items() if side}
    return with_query(reverse("compare"), **told, **further)


def _cells(row: desk.Row) -> tuple[str | int | float | None, ...]:
    name = name_in(row.theme, spoken().language).value
    times = round(row.times, 2) if row.times else None
    return row.theme.code, name, row.a, round(row.share_a, 4), row.b, round(row.share_b, 4), row.verdict, times

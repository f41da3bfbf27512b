"""What the page shows before any script runs: themes with their subthemes, both sides and quotes."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kuulo.group.result import Grouping, Theme
from kuulo.lang.mask import mask
from kuulo.lang.services import concepts
from kuulo.message import Message
from kuulo.report.encoding import quotable, visible
from kuulo.report.facets import KINDS, Facet
from kuulo.report.lifts import Lift
from kuulo.report.names import Shown, firmness_code, in_language, language_tag, name_of
from kuulo.report.origin import Origins, origins
from kuulo.report.page_lists import Lists, count_texts
from kuulo.report.words import Speech

_QUOTES, _QUOTES_OF_SIDE = 3, 2
_SIDES = ("wants", "opposes")
# Both sides of a matter are shown from so many messages each.
_LEAST_OF_SIDE = 3
_MOST_IN_FULL = 12
_LEAST_IN_FULL = 3
_LONG = 700
_HEAD = 450
# How themes can be ordered: by the ``data-`` attribute of this name.
ORDERS = ("size", "disagreement", "growth", "firmness")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A resident's words, cut in two where they are long."""

    head: str
    rest: str
    language: str
    origin: str
    times: int


@dataclass(frozen=True, kw_only=True, slots=True)
class KindView:
    """How many messages of a theme are of a kind; ``number`` is the kind's place in KINDS."""

    number: int
    label: str
    count: int
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LiftView:
    """A sentence about who writes about a theme more than others do, with its messages' facet and value."""

    sentence: str
    facet: int
    value: int
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemeView:
    """A theme or subtheme as the page shows it.

    ``share`` is its bar's length in per cent. ``disagreement`` is the smaller side's share of both sides (0-0.5,
    0 where a side has too few messages); ``growth`` is how large a share of its dated messages came last, at
    least (0-1).
    """

    number: int
    id: str
    name: Shown[str]
    phrases: Shown[tuple[str, ...]]
    service: Shown[str]
    messages: int
    people: int | None
    firmness: str
    firmness_value: float
    share: float
    quotes: tuple[Quote, ...]
    kinds: tuple[KindView, ...]
    sides: tuple[KindView, ...]
    lifts: tuple[LiftView, ...]
    disagreement: float
    growth: float
    subthemes: tuple["ThemeView", ...] = ()
    minor: tuple["ThemeView", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """All that is needed to turn a theme into its view."""

    messages: Sequence[Message]
    grouping: Grouping
    language: str
    speech: Speech
    lists: Lists
    facets: Sequence[Facet]
    lifts: Mapping[str, tuple[Lift, ...]]
    kinds: Mapping[str, Counter[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What is looked up for every theme."""

    source: Source
    where: Origins
    times: Mapping[int, int]
    services: Mapping[str, Mapping[str, str]]


def theme_views(source: Source) -> tuple[ThemeView, ...]:
    """Lay out the themes by size; up to 12 subthemes of three messages or more in full, others by name only."""
    known = _Known(
        source=source,
        where=origins(source.messages, source.speech),
        times=count_texts(source.grouping),
        services=_services(source.grouping),
    )
    children: dict[str, list[tuple[int, Theme]]] = {}
    for number, theme in enumerate(source.grouping.themes):
        children.setdefault(theme.parent, []).append((number, theme))
    largest = max((theme.messages for _, theme in children.get("", ())), default=0)
    return tuple(
        _theme(number, theme, known, largest=largest, children=children.get(theme.id, ()))
        for number, theme in children.get("", ())
    )


def _theme(
    number: int,
    theme: Theme,
    known: _Known,
    *,
    largest: int,
    children: Sequence[tuple[int, Theme]],
) -> ThemeView:
    full = max(1, sum(child.messages >= _LEAST_IN_FULL for _, child in children[:_MOST_IN_FULL]))
    return _view(
        number,
        theme,
        known,
        whole=largest,
        quotes=2 if children else _QUOTES,
        subthemes=tuple(_view(*child, known, whole=theme.messages, quotes=_QUOTES) for child in children[:full]),
        minor=tuple(_view(*child, known, whole=theme.messages, quotes=0) for child in children[full:]),
    )


def _view(
    number: int,
    theme: Theme,
    known: _Known,
    *,
    whole: int,
    quotes: int,
    subthemes: tuple[ThemeView, ...] = (),
    minor: tuple[ThemeView, ...] = (),
) -> ThemeView:
    source = known.source
    name = name_of(theme, source.language)
    phrases = in_language(theme.keyphrases, source.language, default=())
    service = in_language(known.services.get(theme.service, {}), source.language, default=theme.service)
    if service.value.casefold() == name.value.casefold():
        service = Shown("", "")  # the name says it
    kinds, sides = _kinds(theme, known)
    return ThemeView(
        number=number,
        id=theme.id,
        name=Shown(visible(name.value), name.language),
        phrases=Shown(tuple(visible(phrase) for phrase in phrases.value), phrases.language),
        service=service,
        messages=theme.messages,
        people=theme.people,
        firmness=firmness_code(theme),
        firmness_value=theme.firmness,
        share=round(100 * theme.messages / whole, 1) if whole else 0.0,
        quotes=tuple(_quote(index, known) for index in theme.central[:quotes]),
        kinds=kinds,
        sides=sides,
        lifts=tuple(_lift(lift, theme, source) for lift in source.lifts.get(theme.id, ())),
        disagreement=round(min(side.count for side in sides) / sum(side.count for side in sides), 3)
        if sides
        else 0.0,
        growth=0.0 if theme.parent else _growth(theme, source),
        subthemes=subthemes,
        minor=minor,
    )


def _kinds(theme: Theme, known: _Known) -> tuple[tuple[KindView, ...], tuple[KindView, ...]]:
    """Count the kinds of a theme's messages, and give both sides where both have enough."""
    source = known.source
    placements = source.grouping.placements
    own = _own(theme, source)
    counts = source.kinds[theme.id]
    kinds = tuple(
        KindView(number=at, label=source.speech.say(f"kind.{kind}"), count=counts[kind])
        for at, kind in enumerate(KINDS)
        if counts[kind]
    )
    if any(counts[kind] < _LEAST_OF_SIDE for kind in _SIDES):
        return kinds, ()
    return kinds, tuple(
        KindView(
            number=KINDS.index(side),
            label=source.speech.say(f"kind.{side}"),
            count=counts[side],
            quotes=tuple(
                _quote(row, known)
                for row in [row for row in own if placements[row].kind == side and placements[row].copy_of < 0][
                    :_QUOTES_OF_SIDE
                ]
            ),
        )
        for side in _SIDES
    )


def masked(theme: ThemeView) -> ThemeView:
    """Give a theme to be mailed: what tells who somebody is, is masked in its quotes."""

    def of(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
        return tuple(replace(quote, head=mask(quote.head + quote.rest), rest="") for quote in quotes)

    return replace(
        theme,
        quotes=of(theme.quotes),
        sides=tuple(replace(side, quotes=of(side.quotes)) for side in theme.sides),
        subthemes=tuple(map(masked, theme.subthemes)),
    )


def _growth(theme: Theme, source: Source) -> float:
    latest = next((facet for facet in source.facets if facet.is_latest), None)
    if not latest:
        return 0.0
    held = [latest.of[row] for row in _own(theme, source) if latest.of[row] >= 0]
    return round(_at_least(sum(held), len(held)), 3) if held else 0.0


def _at_least(count: int, whole: int) -> float:
    """Give the lower end of Wilson's 68 % interval of a share: of a few messages little can be said."""
    share = count / whole
    return (share + 1 / (2 * whole) - math.sqrt(share * (1 - share) / whole + 1 / (4 * whole**2))) / (1 + 1 / whole)


def _lift(lift: Lift, theme: Theme, source: Source) -> LiftView:
    facet = source.facets[lift.facet]
    speech = source.speech
    key = "lift.latest" if facet.is_latest else "lift"
    facts = {"name": facet.name, "value": facet.values[lift.value]}
    if math.isinf(lift.times):
        sentence = speech.say(f"{key}.only", **facts)
    else:
        sentence = speech.say(key, **facts, times=f"{lift.times:.1f}".replace(".", speech.words["decimal"]))
    count = sum(facet.of[row] == lift.value for row in _own(theme, source))
    return LiftView(sentence=sentence, facet=lift.facet, value=lift.value, count=count)


def _own(theme: Theme, source: Source) -> list[int]:
    """Give the messages that are counted in a theme, the most central first."""
    placements = source.grouping.placements
    return [row for row in source.lists[theme.id] if theme.id in placements[row].groups]


def _quote(index: int, known: _Known) -> Quote:
    message = known.source.messages[index]
    text = quotable(message.text)
    cut = text.rfind(" ", 0, _HEAD) + 1 or _HEAD
    cut = len(text) if len(text) <= _LONG else cut
    return Quote(
        head=text[:cut],
        rest=text[cut:],
        language=language_tag(known.source.grouping.placements[index].language),
        origin=known.where.of(message),
        times=known.times.get(index, 1),
    )


def _services(grouping: Grouping) -> dict[str, dict[str, str]]:
    """Label the services that the themes name, by language."""
    named = {theme.service for theme in grouping.themes}
    return {
        concept.id: {language: wording.label for language, wording in concept.wording.items()}
        for concept in concepts()
        if concept.id in named
    }

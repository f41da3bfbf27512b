"""What the page shows before any script runs: themes with their subthemes and quotes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kuulo.group.result import Grouping, Theme
from kuulo.lang.services import concepts
from kuulo.message import Message
from kuulo.report.encoding import quotable, visible
from kuulo.report.names import Shown, firmness_code, in_language, language_tag, name_of
from kuulo.report.origin import Origins, origins
from kuulo.report.page_lists import count_texts
from kuulo.report.words import Speech

_QUOTES = 3
_MOST_IN_FULL = 12
_LEAST_IN_FULL = 3
_LONG = 700
_HEAD = 450


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A resident's words, cut in two where they are long."""

    head: str
    rest: str
    language: str
    origin: str
    times: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemeView:
    """A theme or subtheme as the page shows it; ``share`` is its bar's length in per cent."""

    number: int
    id: str
    name: Shown[str]
    phrases: Shown[tuple[str, ...]]
    service: Shown[str]
    messages: int
    people: int | None
    firmness: str
    share: float
    quotes: tuple[Quote, ...]
    subthemes: tuple["ThemeView", ...] = ()
    minor: tuple["ThemeView", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Source:
    """All that is needed to turn a theme into its view."""

    messages: Sequence[Message]
    grouping: Grouping
    language: str
    where: Origins
    times: Mapping[int, int]
    services: Mapping[str, Mapping[str, str]]


def theme_views(
    messages: Sequence[Message], grouping: Grouping, *, language: str, speech: Speech
) -> tuple[ThemeView, ...]:
    """Lay out the themes by size; up to 12 subthemes of three messages or more in full, others by name only."""
    source = _Source(
        messages=messages,
        grouping=grouping,
        language=language,
        where=origins(messages, speech),
        times=count_texts(grouping),
        services=_services(grouping),
    )
    children: dict[str, list[tuple[int, Theme]]] = {}
    for number, theme in enumerate(grouping.themes):
        children.setdefault(theme.parent, []).append((number, theme))
    largest = max((theme.messages for _, theme in children.get("", ())), default=0)
    return tuple(
        _theme(number, theme, source, largest=largest, children=children.get(theme.id, ()))
        for number, theme in children.get("", ())
    )


def _theme(
    number: int,
    theme: Theme,
    source: _Source,
    *,
    largest: int,
    children: Sequence[tuple[int, Theme]],
) -> ThemeView:
    full = max(1, sum(child.messages >= _LEAST_IN_FULL for _, child in children[:_MOST_IN_FULL]))
    return _view(
        number,
        theme,
        source,
        whole=largest,
        quotes=1 if children else _QUOTES,
        subthemes=tuple(_view(*child, source, whole=theme.messages, quotes=_QUOTES) for child in children[:full]),
        minor=tuple(_view(*child, source, whole=theme.messages, quotes=0) for child in children[full:]),
    )


def _view(
    number: int,
    theme: Theme,
    source: _Source,
    *,
    whole: int,
    quotes: int,
    subthemes: tuple[ThemeView, ...] = (),
    minor: tuple[ThemeView, ...] = (),
) -> ThemeView:
    name = name_of(theme, source.language)
    phrases = in_language(theme.keyphrases, source.language, default=())
    service = in_language(source.services.get(theme.service, {}), source.language, default=theme.service)
    if service.value.casefold() == name.value.casefold():
        service = Shown("", "")  # the name says it
    return ThemeView(
        number=number,
        id=theme.id,
        name=Shown(visible(name.value), name.language),
        phrases=Shown(tuple(visible(phrase) for phrase in phrases.value), phrases.language),
        service=service,
        messages=theme.messages,
        people=theme.people,
        firmness=firmness_code(theme),
        share=round(100 * theme.messages / whole, 1) if whole else 0.0,
        quotes=tuple(_quote(index, source) for index in theme.central[:quotes]),
        subthemes=subthemes,
        minor=minor,
    )


def _quote(index: int, source: _Source) -> Quote:
    message = source.messages[index]
    text = quotable(message.text)
    cut = text.rfind(" ", 0, _HEAD) + 1 or _HEAD
    cut = len(text) if len(text) <= _LONG else cut
    return Quote(
        head=text[:cut],
        rest=text[cut:],
        language=language_tag(source.grouping.placements[index].language),
        origin=source.where.of(message),
        times=source.times.get(index, 1),
    )


def _services(grouping: Grouping) -> dict[str, dict[str, str]]:
    """Label the services that the themes name, by language."""
    named = {theme.service for theme in grouping.themes}
    return {
        concept.id: {language: wording.label for language, wording in concept.wording.items()}
        for concept in concepts()
        if concept.id in named
    }

"""Lists of messages, as the inbox and the search show them: the bar of filters, what is on, and the data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from kuulo.desk import inbox
from kuulo.desk.inbox import Filters, main_placement
from kuulo.models import Message, Place, Placement, Source, Theme
from kuulo.report.encoding import visible
from kuulo.web.data import Cell
from kuulo.web.links import message_page
from kuulo.web.marks import Sought
from kuulo.web.names import channel_name, language_name, theme_names
from kuulo.web.place_names import place_name
from kuulo.web.speech import spoken
from kuulo.web.tags import day, name_in

_SHORT = 280
KINDS = ("wants", "opposes", "asks", "reports", "thanks", "tells", "unclear")
COLUMNS = (
    "number", "source", "id", "arrived", "channel", "language", "kind", "status", "theme", "theme_name", "subtheme",
    "copy_of", "copies", "url", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: which, its value for the reader, and the query without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a list: where it stands, its folded copies, its first lines, and the rest as far as it is held."""

    message: Message
    placement: Placement | None
    copies: int
    first: SafeString
    rest: SafeString
    goes_on: bool

    @property
    def page(self) -> str:
        """Give the address of the message's page."""
        return message_page(self.message.pk)


def entries(messages: Iterable[Message], words: str = "", copies: Mapping[int, int] | None = None) -> list[Entry]:
    """Make messages ready for a list, with the words of a query marked."""
    sought, folded = Sought.of(words), copies or {}
    return [_entry(message, sought, folded.get(message.pk, 0)) for message in messages]


def _entry(message: Message, sought: Sought, copies: int) -> Entry:
    text, length = message.beginning, message.length  # type: ignore[attr-defined]
    end = len(text) if len(text) <= _SHORT else max(text.rfind(" ", _SHORT // 2, _SHORT), _SHORT // 2)
    first, rest = sought.marked(text[:end].rstrip()), sought.marked(text[end:])
    return Entry(message, main_placement(message), copies, first, rest, length > len(text))


def bar(filters: Filters) -> dict[str, SafeString]:
    """Give what each choice of the bar offers, as options: hundreds of them, so no template walks through them."""
    say = spoken()
    sources = Source.objects.order_by("name").values_list("name", flat=True)
    languages = inbox.distinct("language")
    return {
        "source": _options(filters.source, {name: visible(name) for name in sources}),
        "channel": _options(filters.channel, {code: channel_name(code) for code in inbox.distinct("channel")}),
        "kind": _options(filters.kind, {kind: say.say(f"kind.{kind}") for kind in KINDS}),
        "language": _options(filters.language, {code: language_name(code) for code in languages}),
        "theme": _theme_options(filters.theme, theme_names(also=filters.theme)),
        "addressee": _options(filters.addressee, {name: visible(name) for name in inbox.distinct("addressee")}),
        "status": _options(filters.status, {code: say.say(f"inbox.status.{code}") for code in Message.Status.values}),
    }


def chips(filters: Filters) -> list[Chip]:
    """Give the filters that are on."""
    return [Chip(name, _told(filters, name), filters.without(name).query()) for name in filters.on()]


def data_rows(found: Iterable[tuple[Message, int]]) -> Iterator[list[Cell]]:
    """Give the messages of a list as rows of COLUMNS, in its order."""
    language = spoken().language
    for message, copies in found:
        stands = main_placement(message)
        yield [
            message.pk,
            message.source.name,
            message.origin_id,
            message.arrived.isoformat(),
            message.channel,
            message.language,
            message.kind,
            message.status,
            stands.theme.code if stands else "",
            name_in(stands.theme, language).value if stands else "",
            stands.subtheme.code if stands and stands.subtheme else "",
            message.copy_of_id,
            copies,
            message.url,
            message.text,
        ]


def query_of(request: HttpRequest, *names: str) -> str:
    """Give the query of a request without some of its parts."""
    kept = request.GET.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()


def _options(chosen: str, names: dict[str, str]) -> SafeString:
    shown = names if chosen in names or not chosen else {**names, chosen: visible(chosen)}
    return mark_safe("".join(_option(value, name, value == chosen) for value, name in shown.items()))  # noqa: S308


def _option(value: str, name: str, chosen: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(name)}</option>'


@lru_cache(maxsize=32)
def _theme_options(chosen: str, themes: tuple[tuple[str, str], ...]) -> SafeString:
    """Offer themes: hundreds, so they are written once for as long as they stay the same."""
    return _options(chosen, dict(themes))


def _told(filters: Filters, name: str) -> str:
    """Say the value of a filter as the reader says it."""
    value, say = filters.on()[name], spoken()
    if name in {"since", "until"}:
        return day(getattr(filters, name))
    if name == "theme":
        theme = Theme.objects.filter(code=value).only("code", "names").first()
        return name_in(theme, say.language).value if theme else visible(value)
    if name == "language":
        return language_name(value)
    if name == "channel":
        return channel_name(value)
    if name == "place":
        place = Place.objects.filter(pk=int(value)).only("code", "names").first()
        return place_name(place) if place else f"#{value}"
    sign = "#" if name in {"tag", "intake", "known", "watch", "storm", "discussion", "elsewhere"} else ""
    return say.words.get(f"{_KEYS.get(name, '')}.{value}", sign + visible(value))


_KEYS = {"kind": "kind", "status": "inbox.status", "copies": "inbox.copies", "concern": "concerns.kind"}

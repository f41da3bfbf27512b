"""What templates can say: words, numbers, days and names of themes in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from kuulo.desk.permissions import may
from kuulo.models import Message, Person, Placement, Theme
from kuulo.report.encoding import quotable, visible
from kuulo.report.names import Shown, in_language, language_tag
from kuulo.web.links import theme_page
from kuulo.web.names import channel_name, language_name, theme_names
from kuulo.web.speech import spoken

register = template.Library()
MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Parts:
    """Subthemes to choose from, how many more there are, and the words that they were ``sought`` by."""

    shown: list[Theme]
    more: int
    sought: str


@register.simple_tag
def say(key: str, **facts: str | int) -> str:
    """Say a phrase: {% say "desk.name" %}. Facts are escaped as all text is."""
    return spoken().say(key, **facts)


@register.simple_tag
def count(key: str, n: int) -> str:
    """Say how many of a thing: {% count "messages" n %}."""
    return spoken().count(key, n)


@register.filter
def number(n: int | None) -> str:
    """Write a whole number with the language's thousands sign."""
    return "" if n is None else spoken().number(n)


@register.filter
def day(moment: date | None) -> str:
    """Write a day as the language does, in the municipality's time."""
    if moment is None:
        return ""
    return spoken().day(localtime(moment).date() if isinstance(moment, datetime) else moment)


@register.filter
def clock(moment: datetime | None) -> str:
    """Write a day and the time of day."""
    return "" if moment is None else f"{day(moment)} {localtime(moment):%H:%M}"


@register.filter
def quote(text: str) -> str:
    """Give a resident's text with control and direction characters made visible; the template escapes it."""
    return quotable(text)


@register.filter
def tag(language: str) -> str:
    """Give a language code as the lang attribute wants it."""
    return language_tag(language)


@register.filter
def channel(code: str) -> str:
    """Name a channel."""
    return channel_name(code)


@register.filter
def tongue(code: str) -> str:
    """Name a language; "" for none."""
    return language_name(code) if code else ""


@register.filter
def named(theme: Theme) -> SafeString:
    """Give a theme's name with the language that it is in: <span lang="fi">auraus</span>."""
    return _spanned(name_in(theme, spoken().language))


@register.filter
def linked(theme: Theme) -> SafeString:
    """Give a theme's name as a link to its page."""
    return format_html('<a href="{}">{}</a>', theme_page(theme.code), named(theme))


@lru_cache(maxsize=2_000)
def _spanned(name: Shown[str]) -> SafeString:
    return format_html('<span lang="{}">{}</span>', language_tag(name.language), visible(name.value))


def name_in(theme: Theme, language: str) -> Shown[str]:
    """Name a theme for a reader; without any name it is shown by its code."""
    return in_language(theme.names, language, default=theme.code)


@register.filter
def allowed_to(person: Person | AnonymousUser, act: str) -> bool:
    """Tell whether the reader may do an act: {% if user|allowed_to:"correct" %}."""
    return may(person, act)


@register.simple_tag
def theme_choices() -> SafeString:
    """Give the live themes to choose from, by name, as options: code, and name in the reader's language."""
    return _as_choices(theme_names())


@lru_cache(maxsize=16)
def _as_choices(themes: tuple[tuple[str, str], ...]) -> SafeString:
    return format_html_join("", '<option value="{} {}">', themes)


@register.simple_tag
def parts_of(theme: Theme, sought: str = "") -> Parts:
    """Give live subthemes of a theme to choose from, the largest first, of those with the words in their names."""
    live = theme.subthemes.filter(state=Theme.State.LIVE)
    if words := sought.casefold().split():
        names = live.values_list("pk", "code", "names")
        told = {pk: " ".join([code, *map(str, by_language.values())]).casefold() for pk, code, by_language in names}
        live = live.filter(pk__in=[pk for pk, name in told.items() if all(word in name for word in words)])
    largest = live.only("code", "names").order_by(F("figures__messages").desc(nulls_last=True), "pk")
    shown = list(largest[: MOST_PARTS + 1])
    more = live.count() - MOST_PARTS if len(shown) > MOST_PARTS else 0
    return Parts(shown[:MOST_PARTS], more, sought)


@register.simple_tag
def places_of(message: Message) -> QuerySet[Placement]:
    """Give where a message stands, its main theme first."""
    return message.placements.select_related("theme", "subtheme").order_by("-main", "pk")


@register.filter
def plain_name(theme: Theme) -> str:
    """Give a theme's name for the reader where no markup can stand."""
    return name_in(theme, spoken().language).value


@register.filter
def at(values: dict[str, str], key: str) -> str:
    """Give the value of a key, "" where there is none."""
    return values.get(key, "")


@register.filter
def words_in(text: str) -> list[str]:
    """Give the words of a text to go through: {% for language in "fi sv"|words_in %}."""
    return text.split()

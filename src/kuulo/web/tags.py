"""What templates can say: words, numbers, days and names of themes in the reader's language."""

from datetime import date, datetime

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from kuulo.desk.permissions import may
from kuulo.models import Message, Person, Placement, Theme
from kuulo.report.encoding import quotable, visible
from kuulo.report.names import Shown, in_language, language_tag
from kuulo.web.names import channel_name, language_name
from kuulo.web.speech import spoken

register = template.Library()


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
    shown = name_in(theme, spoken().language)
    return mark_safe(f'<span lang="{escape(language_tag(shown.language))}">{escape(visible(shown.value))}</span>')  # noqa: S308


def name_in(theme: Theme, language: str) -> Shown[str]:
    """Name a theme for a reader; without any name it is shown by its code."""
    return in_language(theme.names, language, default=theme.code)


@register.filter
def allowed_to(person: Person | AnonymousUser, act: str) -> bool:
    """Tell whether the reader may do an act: {% if user|allowed_to:"correct" %}."""
    return may(person, act)


@register.simple_tag
def theme_choices() -> list[tuple[str, str]]:
    """Give the live themes to choose from, by name: code, and name in the reader's language."""
    live = Theme.objects.filter(parent=None, state=Theme.State.LIVE).only("code", "names")
    named_themes = [(theme.code, name_in(theme, spoken().language).value) for theme in live]
    return sorted(named_themes, key=lambda one: (one[1].casefold(), one[0]))


@register.simple_tag
def parts_of(theme: Theme) -> QuerySet[Theme]:
    """Give the live subthemes of a theme."""
    return theme.subthemes.filter(state=Theme.State.LIVE).defer("centroid", "figures").order_by("pk")


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

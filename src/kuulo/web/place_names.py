"""What places are called for the reader."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kuulo.models import Place
from kuulo.report.encoding import visible
from kuulo.report.names import Shown, in_language, language_tag
from kuulo.web.speech import spoken

register = template.Library()


def place_in(place: Place, language: str) -> Shown[str]:
    """Name a place for a reader by its official name; without any name it is shown by its code."""
    official = {code: names[0] for code, names in place.names.items() if names}
    # by-names of no language stand for a place that has no other
    told = {code: name for code, name in official.items() if code} or official
    return in_language(told, language, default=place.code)


@register.filter
def place_name(place: Place) -> str:
    """Name a place in the reader's language."""
    return visible(place_in(place, spoken().language).value)


@register.filter
def placed(place: Place) -> SafeString:
    """Give a place's name with the language that it is in."""
    name = place_in(place, spoken().language)
    return format_html('<span lang="{}">{}</span>', language_tag(name.language), visible(name.value))


@register.filter
def at_place(place: Place) -> SafeString:
    """Give a place's name as a link to its page."""
    return format_html('<a href="{}">{}</a>', place_page(place.pk), placed(place))


@register.filter
def place_kind(place: Place) -> str:
    """Name what a place is."""
    return kind_name(place.kind)


def kind_name(kind: str) -> str:
    """Name a kind of place."""
    return spoken().words.get(f"places.kind.{kind}", kind)


# more than a map shows: one less, and each look at it would drop what the next one asks for first
@lru_cache(maxsize=20_000)
def place_page(number: int) -> str:
    """Give the address of a place's page."""
    return reverse("place", args=[number])

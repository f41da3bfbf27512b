"""A storm in words: what it is about, what is seen in it, and the factual line that a person may copy."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from kuulo.desk.not_now import NotNow
from kuulo.desk.storm.sentence import level_name, name_of, sentence
from kuulo.models import Place, Storm, Theme
from kuulo.report.encoding import visible
from kuulo.report.names import Shown, in_language, language_tag
from kuulo.web.speech import LANGUAGES, DeskSpeech, speech, spoken
from kuulo.web.tags import named

register = template.Library()
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_PLACES_TOLD = 3
_SPOKEN_IN = {"nn": "nb", "no": "nb"}


@register.simple_tag
def storm_matter(scope: str, theme: Theme | None, place: Place | None) -> SafeString:
    """Name what a storm is about: {% storm_matter storm.scope storm.theme storm.place %}."""
    parts = [named_place(place)] if place else []
    parts += [named(theme)] if theme else []
    if not parts:
        return format_html("{}", name_of(Storm(scope=scope), spoken().language))
    return format_html("{}, {}" if len(parts) > 1 else "{}", *parts)


def place_name(place: Place, language: str) -> Shown[str]:
    """Name a place by the first of its names in the reader's language, or in another."""
    first = {code: names[0] for code, names in place.names.items() if names}
    return in_language(first, language, default=place.code)


@register.filter
def named_place(place: Place) -> SafeString:
    """Give a place's name with the language that it is in."""
    name = place_name(place, spoken().language)
    return format_html('<span lang="{}">{}</span>', language_tag(name.language), visible(name.value))


@register.filter
def storm_sentence(storm: Storm) -> str:
    """Say how unusual a storm is; what it is about stands above it."""
    language = spoken().language
    return sentence(storm, language).removeprefix(f"{name_of(storm, language)}: ")


@register.filter
def storm_level(level: str) -> str:
    """Name how far a storm went."""
    return level_name(level, spoken().language)


@register.filter
def lasted(time: timedelta | None) -> str:
    """Say how long something took: minutes, hours and minutes, or days."""
    if time is None:
        return ""
    say, minutes = spoken(), max(0, round(time / _MINUTE))
    if time < _HOUR and minutes < 60:
        return say.say("storms.minutes", n=minutes)
    if time <= _DAY:
        whole = say.say("storms.hours", n=minutes // 60)
        return f"{whole} {say.say('storms.minutes', n=minutes % 60)}" if minutes % 60 else whole
    return say.count("storms.days", round(time / _DAY))


@register.simple_tag
def between(first: datetime | None, last: datetime | None) -> str:
    """Say how long it was from one moment to another: {% between storm.opened storm.taken_at %}."""
    return lasted(last - first) if first and last else ""


@register.filter
def rate(n: float) -> str:
    """Write a rate: one decimal below ten, whole above."""
    say = spoken()
    return say.number(round(n)) if n >= 10 else f"{n:.1f}".replace(".", say.words["decimal"])


@register.filter
def exact(n: float) -> str:
    """Write a number with the decimals that it has."""
    return f"{n:g}".replace(".", spoken().words["decimal"])


def holding_lines(storm: Storm, languages: Iterable[str], places: Iterable[Place]) -> list[tuple[str, str]]:
    """Give the line that says what is known, in the reader's language and then in these that Kuulo speaks.

    It only tells facts; what Kuulo does not know stands in brackets for the person who copies it.
    """
    wanted = [spoken().language, *(_SPOKEN_IN.get(one, one) for one in languages)]
    told = [*places][:_PLACES_TOLD]
    return [(one, _line(storm, speech(one), told)) for one in dict.fromkeys(wanted) if one in LANGUAGES]


def _line(storm: Storm, say: DeskSpeech, places: Iterable[Place]) -> str:
    began, later = localtime(storm.began), localtime(timezone.now()) + timedelta(hours=2)
    where = ", ".join(place_name(place, say.language).value for place in places)
    parts = [
        say.say(
            "storms.line.received",
            matter=name_of(storm, say.language),
            day=say.day(began.date()),
            time=began.strftime(say.say("storms.line.clock")),
        ),
        say.say("storms.line.places", places=visible(where)) if where else "",
        say.say("storms.line.know"),
        say.say("storms.line.unknown"),
        say.say("storms.line.later", time=later.strftime(say.say("storms.line.hour"))),
    ]
    return "\n".join(part for part in parts if part)


def refused(refusal: NotNow) -> str:
    """Say why an act in a storm cannot happen now."""
    return spoken().say(f"storms.not_now.{refusal.code}", **refusal.facts)

"""Sentence: what a storm is about and how unusual it is, in the reader's words. The card and alerts say the same.

    sentence(storm, "en")
    # "Church park, playground: 17 messages in 2 hours (14 different people), normally 1. Highest in 12 weeks
    # (previous 6)."

It is said here and not in kuulo.web since mails say it too. It holds names and numbers, and nobody's words.
"""

import tomllib
from functools import cache
from importlib.resources import files

from kuulo.models import Storm
from kuulo.report.encoding import visible
from kuulo.report.names import in_language
from kuulo.report.words import Speech

LANGUAGES = ("fi", "sv", "nb", "en")
_MINUTE, _HOUR = 60, 3600
# below so many expected messages a number would pretend to know more than it does
_HARDLY = 0.5


class StormSpeech(Speech):
    """What Kuulo says of storms, in one language."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.words = self.words | words(self.language)


@cache
def words(language: str) -> dict[str, str]:
    """Give what is said of storms in fi, sv, nb or en, by key."""
    file = files("kuulo.desk.storm") / "words" / f"{language}.toml"
    return {key: str(text) for key, text in tomllib.loads(file.read_text("utf-8")).items()}


@cache
def speech(language: str) -> StormSpeech:
    """Give the words of a language; nynorsk is spoken to in bokmål, an unknown language in English."""
    return StormSpeech(language)


def name_of(storm: Storm, language: str) -> str:
    """Name what a storm is about: its theme, its place, or both."""
    theme, place = _theme(storm, language), _place(storm, language)
    if theme and place:
        return speech(language).say("name.place", place=place, theme=theme)
    return theme or place or speech(language).say("name.pile" if storm.scope == "pile" else "name.all")


def level_name(level: str, language: str) -> str:
    """Name a level."""
    return speech(language).say(f"level.{level}")


def sentence(storm: Storm, language: str) -> str:
    """Say how many wrote of what, and how unusual that is."""
    said = speech(language)
    expected = said.say("hardly") if storm.expected < _HARDLY else said.number(max(round(storm.expected), 1))
    told = said.say(
        "counted",
        name=name_of(storm, language),
        messages=said.count("messages", storm.counted),
        people=said.count("people", storm.people),
        window=_window(said, storm.window),
        expected=expected,
    )
    return f"{told} {record}" if (record := _record(storm, said)) else told


def _record(storm: Storm, said: Speech) -> str:
    """Say that it is the highest count in some weeks; "" where it is not, or less than a week is known."""
    weeks, most = storm.record.get("weeks", 0), storm.record.get("most", 0)
    if weeks < 1 or storm.counted <= most:
        return ""
    return said.say("record", weeks=said.count("weeks", weeks), most=most)


def _window(said: Speech, seconds: int) -> str:
    if seconds >= _HOUR:
        return said.count("hours", round(seconds / _HOUR))
    return said.count("minutes", round(seconds / _MINUTE))


def _theme(storm: Storm, language: str) -> str:
    return visible(in_language(storm.theme.names, language, default=storm.theme.code).value) if storm.theme else ""


def _place(storm: Storm, language: str) -> str:
    """Give the place's official name, the first of its language."""
    if storm.place is None:
        return ""
    names = in_language(storm.place.names, language, default=[storm.place.code]).value
    return visible(names[0])

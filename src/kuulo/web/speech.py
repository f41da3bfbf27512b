"""Kuulo's own words at the desk, by page and language; what the report says too is said in the same words."""

import tomllib
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language

from kuulo.report.words import Speech

LANGUAGES = ("fi", "sv", "nb", "en")


@cache
def desk_words(language: str) -> dict[str, str]:
    """Give the words of one language: those of the page ``inbox`` begin with "inbox."."""
    words: dict[str, str] = {}
    for page in sorted((files("kuulo.web") / "words").iterdir(), key=lambda folder: folder.name):
        file = page / f"{language}.toml"
        if file.is_file():
            told = tomllib.loads(file.read_text("utf-8"))
            words |= {f"{page.name}.{key}": str(text) for key, text in told.items()}
    return words


class DeskSpeech(Speech):
    """The report's words and the desk's, in one language."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.words = self.words | desk_words(self.language)


@cache
def speech(language: str) -> DeskSpeech:
    """Give the words of a language; nynorsk is spoken to in bokmål, an unknown language in English."""
    return DeskSpeech(language)


def spoken() -> DeskSpeech:
    """Give the words of the language that the reader of this page chose."""
    return speech((get_language() or "en").split("-")[0])

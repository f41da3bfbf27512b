"""A theme's name, keyphrases and firmness as one reader sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from kuulo.group.result import Theme

Value = TypeVar("Value")
_FEWEST = 5


@dataclass(frozen=True, slots=True)
class Shown(Generic[Value]):
    """A value and the language that it is in ("" where it is in none)."""

    value: Value
    language: str


def in_language(values: Mapping[str, Value], language: str, *, default: Value) -> Shown[Value]:
    """Pick the reader's language, else English, else the first language by code that has a value."""
    for code in (language, "en", *sorted(values)):
        if values.get(code):
            return Shown(values[code], code)
    return Shown(default, "")


def name_of(theme: Theme, language: str) -> Shown[str]:
    """Name a theme for a reader; a theme without any name is shown by its id."""
    return in_language(theme.names, language, default=theme.id)


def firmness_code(theme: Theme) -> str:
    """Put a theme's firmness (0-1) into a word: firm, fair, loose; few where too few messages tell nothing."""
    firmness = theme.firmness
    if theme.distinct < _FEWEST:
        return "few"
    if firmness >= 0.8:
        return "firm"
    return "fair" if firmness >= 0.6 else "loose"


def language_tag(code: str) -> str:
    """Give a language code as HTML's lang attribute wants it: "" where the language is not known."""
    is_tag = code.isascii() and code.replace("-", "").isalnum() and 2 <= len(code) <= 35
    return code if is_tag and code != "und" else ""

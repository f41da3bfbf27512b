"""Know the words beside a name that tell that it is a place, or of somebody who is only called so."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kuulo.lang.forms import finnish_forms


@dataclass(frozen=True, slots=True)
class Cues:
    """What stands in cues.toml, lower case, in the cases that they are met in."""

    behind: frozenset[str]
    before: frozenset[str]
    preposition: frozenset[str]
    organisation: frozenset[str]


@cache
def cues() -> Cues:
    """Read cues.toml; all languages together, as a name stands in texts of each."""
    stored = tomllib.loads((files("kuulo.place") / "cues.toml").read_text("utf-8"))
    return Cues(*(_words(stored[part]) for part in ("behind", "before", "preposition", "organisation")))


def _words(by_language: dict[str, str]) -> frozenset[str]:
    finnish = {form for word in by_language["fi"].split() for form in finnish_forms(word)}
    others = {word for language, words in by_language.items() if language != "fi" for word in words.split()}
    return frozenset(finnish | others | {f"{word}s" for word in others if len(word) > 3})

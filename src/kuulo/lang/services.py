"""The vocabulary of municipal services: what residents write about, in five languages.

Each concept has a label, everyday words and one everyday sentence in fi, sv, nb, nn and en. The sentences of
a concept say the same thing: they are also the parallel text from which the languages' own directions in
the encoder's space are computed (kuulo.group.calibrate).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("fi", "sv", "nb", "nn", "en")


@dataclass(frozen=True, slots=True)
class Wording:
    """A concept in one language."""

    label: str
    words: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One municipal service or matter; ``wording`` is by language."""

    id: str
    area: str
    wording: dict[str, Wording]


@cache
def concepts() -> tuple[Concept, ...]:
    """Give the whole vocabulary, in the order of the files' names and of their lines."""
    folder = files("kuulo.lang") / "services"
    found: list[Concept] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            area = file.name.removesuffix(".toml")
            found += [_concept(area, entry) for entry in tomllib.loads(file.read_text("utf-8"))["concept"]]
    return tuple(found)


def _concept(area: str, entry: dict[str, object]) -> Concept:
    wording = {}
    for language in LANGUAGES:
        part = entry[language]
        assert isinstance(part, dict)
        wording[language] = Wording(part["label"], tuple(part["words"]), part["sentence"])
    return Concept(str(entry["id"]), area, wording)

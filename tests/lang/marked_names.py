"""Read sentences in which people's names stand in braces."""

import tomllib
from pathlib import Path


def marked(name: str) -> dict[str, list[str]]:
    """The sentences of a table by language."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))


def unmarked(sentence: str) -> tuple[str, list[tuple[int, int]]]:
    """A sentence without its braces, and where the names in them stand."""
    text, spans = "", []
    for at, part in enumerate(sentence.replace("}", "{").split("{")):
        if at % 2:
            spans.append((len(text), len(text) + len(part)))
        text += part
    return text, spans

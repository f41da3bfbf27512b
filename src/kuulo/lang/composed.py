"""Composed letters: ä as one character, however it was typed."""

import unicodedata
from itertools import groupby, islice

# no writing puts more marks on a letter (Unicode's stream-safe text format)
_MOST_MARKS = 30
_SHORT = 2_000


def composed(text: str) -> str:
    """Give a text in the form NFC. Of marks piled on one letter thirty stay: to sort a pile takes its square."""
    return unicodedata.normalize("NFC", text if len(text) < _SHORT or text.isascii() else _flattened(text))


def _flattened(text: str) -> str:
    runs = groupby(text, key=lambda character: unicodedata.combining(character) > 0)
    return "".join("".join(islice(run, _MOST_MARKS) if marks else run) for marks, run in runs)

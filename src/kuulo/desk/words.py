"""Words as the search keeps and asks for them."""

import re

_WORD = re.compile(r"\w+")


def search_terms(query: str) -> list[list[str]]:
    """Give, for each word of a query, the forms of it that a message may hold."""
    return [[word.lower()] for word in _WORD.findall(query)]


def search_text(text: str, language: str) -> str:
    """Give what the index keeps of a text."""
    return text

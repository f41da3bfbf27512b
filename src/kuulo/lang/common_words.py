"""Know the words that carry no matter by themselves: function words, vague words, negations."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    text = (files("kuulo.lang") / "common_words.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def common_words(language: str) -> frozenset[str]:
    """Give the function words and vague words of a language (of all where it is not known), lower case."""
    lists = _lists()
    chosen = [lists[language]] if language in lists else list(lists.values())
    return frozenset(word for part in chosen for key in ("function", "vague", "negation") for word in part[key])


@cache
def negations() -> frozenset[str]:
    """Give the negating words of all languages, lower case."""
    return frozenset(word for part in _lists().values() for word in part["negation"])


@cache
def numerals() -> frozenset[str]:
    """Give the small numbers in words, of all languages, lower case."""
    return frozenset(word for part in _lists().values() for word in part["numeral"])

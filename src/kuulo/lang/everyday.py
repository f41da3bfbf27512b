"""Know what residents say when they speak of a service without naming it: the words of the situation."""

import tomllib
from functools import cache
from importlib.resources import files

_FILED = {"nb": "no", "nn": "no"}


@cache
def _all() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("kuulo.lang") / "everyday.toml").read_text("utf-8"))


def everyday(concept: str, language: str) -> str:
    """Give the everyday words of a service, parted by spaces; bokmål and nynorsk share theirs."""
    return _all()[concept][_FILED.get(language, language)]


@cache
def everyday_words() -> frozenset[str]:
    """Give the everyday words of all services, in all languages, lower case."""
    return frozenset(
        word for by_language in _all().values() for text in by_language.values() for word in text.split()
    )

"""Every word of Kuulo's own in the report and the console table, by language, out of ``catalogue``."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

DEFAULT = "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Give the words of one language by their key; none where the language has no catalogue."""
    file = files("kuulo.report") / "catalogue" / f"{language}.toml"
    if not file.is_file():
        return {}
    return {key: str(value) for key, value in tomllib.loads(file.read_text("utf-8")).items()}


class Speech:
    """Kuulo's words in one language; nynorsk is spoken to in bokmål, an unknown language in English."""

    def __init__(self, language: str) -> None:
        spoken = "nb" if language == "nn" else language
        self.language = spoken if catalogue(spoken) else DEFAULT
        self.words = catalogue(self.language)

    def say(self, key: str, /, **facts: str | int) -> str:
        """Fill the facts into a phrase; whole numbers get the language's thousands sign."""
        return self.words[key].format_map({name: self._shown(fact) for name, fact in facts.items()})

    def count(self, key: str, n: int, /) -> str:
        """Say how many of a thing, with the form that the number asks for."""
        return self.say(f"{key}.one" if n == 1 else f"{key}.many", n=n)

    def reason(self, code: str) -> str:
        """Say why a message stands apart; a code without words of its own is shown as it is."""
        return self.words.get(f"reason.{code}", code.replace("-", " ").replace("_", " "))

    def number(self, n: int) -> str:
        """Write a whole number with the language's thousands sign."""
        return f"{n:,}".replace(",", self.words["thousands"])

    def day(self, day: date) -> str:
        """Write a day as the language does."""
        return day.isoformat() if self.words["day"] == "iso" else f"{day.day}.{day.month}.{day.year}"

    def _shown(self, fact: str | int) -> str:
        return self.number(fact) if isinstance(fact, int) else fact

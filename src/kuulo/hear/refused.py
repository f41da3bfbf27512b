"""Refused: the one way in which hearing says no; a code and facts, never a sentence."""

Fact = str | int


class Refused(Exception):
    """A file that cannot be heard. ``code`` says why; ``facts`` where and what (file, row, column, ...)."""

    def __init__(self, code: str, facts: dict[str, Fact] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Fact] = dict(facts or {})

    def __str__(self) -> str:
        return f"{self.code} {self.facts}"

"""Trouble: why a source could not be heard or answered; a code and facts, never a sentence."""

from typing import Literal

Kind = Literal["retry", "auth", "refused", "broken", "settings"]
Fact = str | int


class Trouble(Exception):
    """A source that did not give what it was asked for.

    ``kind`` says what to do: "retry" (later by itself, after ``wait`` seconds where the source told them), "auth"
    (a person has to renew what lets Kuulo in), "settings" (a person has to correct them), "refused" (this very thing
    will never work: go on without it) and "broken" (the answer cannot be read). ``facts`` tell where and what, and
    hold nobody's words.
    """

    def __init__(self, kind: Kind, code: str, *, wait: float | None = None, **facts: Fact) -> None:
        super().__init__(code)
        self.kind: Kind = kind
        self.code = code
        self.wait = wait
        self.facts: dict[str, Fact] = facts

    def __str__(self) -> str:
        return f"{self.kind}: {self.code} {self.facts}"

"""Not now: an act that is allowed but cannot happen as things stand."""


class NotNow(Exception):
    """Why an act cannot happen now: a code, and facts for the sentence that a person reads."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

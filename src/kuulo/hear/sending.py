"""Sending: of a sending that failed, tell whether it may have arrived all the same."""

from collections.abc import Iterator
from contextlib import contextmanager

from kuulo.hear.connector import Unknown
from kuulo.hear.trouble import Trouble

_NOT_TAKEN = {"auth", "refused", "settings"}
_TOO_MANY = 429


@contextmanager
def sending() -> Iterator[None]:
    """Send within: Trouble stays where nothing was surely sent, and is Unknown where something may have been."""
    try:
        yield
    except Trouble as trouble:
        if trouble.facts.get("unsent") or trouble.kind in _NOT_TAKEN or trouble.facts.get("status") == _TOO_MANY:
            raise
        raise Unknown(trouble.code) from trouble

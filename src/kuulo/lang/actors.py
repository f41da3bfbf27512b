"""Tell what kind of sender a cell names: a resident, an association, a company or an official body."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Actor = Literal["", "resident", "association", "company", "official"]

_WORDS = re.compile(r"[^\W\d_]+")
_LONGEST = 200
# Of the cells of a column of senders so many name a kind: a body's own name often tells none.
_SHARE = 0.2


def actor_of(cell: str) -> Actor:
    """Tell the kind of sender that a cell names, "" where it names none that is known."""
    words = _WORDS.findall(cell[:_LONGEST].casefold())
    for actor, (whole, _) in _kinds().items():
        if not whole.isdisjoint(words):
            return actor
    for actor, (_, endings) in _kinds().items():
        if any(word.endswith(endings) for word in words):
            return actor
    return ""


def names_actors(cells: Sequence[str]) -> bool:
    """Tell whether a column's cells name kinds of senders, at least a fifth of the filled ones."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum(bool(actor_of(cell)) for cell in filled) >= _SHARE * len(filled)


@cache
def _kinds() -> dict[Actor, tuple[frozenset[str], tuple[str, ...]]]:
    stored = tomllib.loads((files("kuulo.lang") / "actors.toml").read_text("utf-8"))
    return {cast("Actor", actor): (frozenset(by["words"]), tuple(by["endings"])) for actor, by in stored.items()}

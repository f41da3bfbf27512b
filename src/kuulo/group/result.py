"""What grouping gives: placements and themes, as plain values that later rooms show, store and grow."""

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["grouped", "uncertain", "empty", "unreadable"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where one message stands.

    ``theme`` and ``subtheme`` are permanent ids ("" where the message has no text to place). An uncertain
    message names its nearest theme but is not counted in it. ``fit`` is 0-1: the share of the message's
    nearest neighbours, weighted by likeness, that stand in the same theme. ``copy_of`` is the index of the
    first message with (nearly) the same text, or -1. ``also`` are the ids of further subthemes that parts of
    the message belong to. ``reason`` is a code where the status is empty, unreadable or uncertain. ``kind`` is
    what the message does (see kuulo.group.kind; "" where there is no text), ``certainty`` how certain that is,
    0-1. ``evidence`` are the codes of what its writer argues with (see kuulo.lang.evidence).
    """

    status: Status
    theme: str = ""
    subtheme: str = ""
    fit: float = 0.0
    copy_of: int = -1
    language: str = "und"
    also: tuple[str, ...] = ()
    reason: str = ""
    kind: str = ""
    certainty: float = 0.0
    evidence: tuple[str, ...] = ()

    @property
    def groups(self) -> set[str]:
        """Give the ids of the theme and the subtheme."""
        return {self.theme, self.subtheme} - {""}


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """A theme (``parent`` empty) or a subtheme.

    ``names`` and ``keyphrases`` are by language (fi, sv, nb, nn, en). ``messages`` counts the grouped
    messages, ``distinct`` the same without copies, ``people`` the distinct authors (None without an author
    column). ``firmness`` is 0-1: how steadily its members stay together over the consensus partitions.
    ``central`` are indices of the most typical messages, most typical first. ``service`` is the id of the
    nearest concept in the service vocabulary. ``since`` is the number of the run that it first appeared in.
    ``at`` is a theme's place on a plane where alike themes lie near each other (no unit; subthemes have none).
    ``named_by`` is "own", or "model" where a language model proposed a name or more.
    """

    id: str
    parent: str = ""
    names: dict[str, str] = field(default_factory=dict)
    keyphrases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    messages: int = 0
    distinct: int = 0
    people: int | None = None
    firmness: float = 0.0
    central: tuple[int, ...] = ()
    service: str = ""
    since: int = 1
    at: tuple[float, float] = (0.0, 0.0)
    named_by: str = "own"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouping:
    """A whole result: one placement a message, in input order; themes by size, each before its subthemes."""

    placements: tuple[Placement, ...]
    themes: tuple[Theme, ...]
    run: int = 1

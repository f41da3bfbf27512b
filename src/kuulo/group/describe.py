"""Describe: give themes and subthemes their counts, central messages, names and places."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuulo.group.apart import told_apart
from kuulo.group.cluster import Array, centres_of
from kuulo.group.distinct import Distinct
from kuulo.group.embed import Encoder
from kuulo.group.encoder_store import cache_folder
from kuulo.group.languages import shipped_services
from kuulo.group.layout import Place, lay_out
from kuulo.group.levels import Levels
from kuulo.group.name import Group, Naming, name_groups
from kuulo.group.result import Theme
from kuulo.message import Message

_CENTRAL_IN_THEME, _CENTRAL_IN_SUBTHEME = 5, 3
_FEWEST_WORDS_OF_CENTRAL = 4


@dataclass(frozen=True, slots=True)
class Ids:
    """The permanent ids of themes and subthemes by their number; largest first when made anew."""

    theme: dict[int, str]
    subtheme: dict[int, str]


def word_tables() -> Path:
    """Give the folder of the word tables."""
    return cache_folder() / "words"


def describe(
    messages: Sequence[Message],
    distinct: Distinct,
    levels: Levels,
    ids: Ids,
    unsure: NDArray[np.bool_],
    vectors: Array,
    encoder: Encoder,
    known: Mapping[str, Theme] | None = None,
    run: int = 1,
) -> tuple[Theme, ...]:
    """Give themes and subthemes with counts, central messages and names, each theme before its subthemes.

    What is ``known`` from an earlier run keeps its name and its age.
    """
    known = known or {}
    members = _members(levels, ids, unsure)
    centres = {one: _centre(vectors, rows) for one, rows in members.items()}
    order = sorted(members, key=_id_order)
    languages = [distinct.languages[row] for row in distinct.first]
    fresh = [one for one in order if one not in known]
    named = name_groups(
        [Group(members[one], centres[one]) for one in fresh],
        texts=distinct.texts,
        languages=languages,
        vectors=vectors,
        embed=encoder.vectors,
        service_vectors=shipped_services(),
        tables=word_tables(),
    )
    named = told_apart(
        named, [_parent(one) for one in fresh], centres=[centres[one] for one in fresh], embed=encoder.vectors
    )
    born = {one: _born(one, naming, run) for one, naming in zip(fresh, named, strict=True)}
    places = _places([one for one in order if not _parent(one)], centres, known)
    count = _Counter(messages, distinct, levels, vectors)
    return tuple(
        replace(count.counted((born | dict(known))[one], members[one], centres[one]), at=places.get(one, (0.0, 0.0)))
        for one in order
    )


def _born(one: str, naming: Naming, run: int) -> Theme:
    return Theme(
        id=one,
        parent=_parent(one),
        names=naming.names,
        keyphrases=naming.keyphrases,
        service=naming.service,
        since=run,
    )


def _places(themes: Sequence[str], centres: Mapping[str, Array], known: Mapping[str, Theme]) -> dict[str, Place]:
    """Lay the themes out; what is known keeps its place."""
    kept = {number: known[one].at for number, one in enumerate(themes) if one in known}
    if not any(map(any, kept.values())):
        kept = {}  # a result of before themes had places
    return dict(zip(themes, lay_out([centres[one] for one in themes], kept), strict=True))


class _Counter:
    """Count what a theme holds, and choose what stands for it."""

    def __init__(self, messages: Sequence[Message], distinct: Distinct, levels: Levels, vectors: Array) -> None:
        self._messages = messages
        self._distinct = distinct
        self._firmness = levels.firmness
        self._vectors = vectors
        self._rows_of = distinct.rows_of()
        self._has_authors = any(message.author for message in messages)

    def counted(self, theme: Theme, members: Sequence[int], centre: Array) -> Theme:
        """Give the theme with the counts, firmness and central messages of these distinct texts."""
        rows = [row for member in members for row in self._rows_of[member]]
        authors = {self._messages[row].author for row in rows} - {""}
        most = _CENTRAL_IN_SUBTHEME if theme.parent else _CENTRAL_IN_THEME
        return replace(
            theme,
            messages=len(rows),
            distinct=len(members),
            people=len(authors) if self._has_authors else None,
            firmness=round(float(self._firmness[list(members)].mean()), 3) if members else 0.0,
            central=tuple(int(self._distinct.first[i]) for i in self._central(members, centre)[:most]),
        )

    def _central(self, members: Sequence[int], centre: Array) -> list[int]:
        """Give members most typical first; texts of a word or three tell too little to stand for others."""
        texts = self._distinct.texts
        likeness = {member: float(self._vectors[member] @ centre) for member in members}
        return sorted(
            members,
            key=lambda i: (len(texts[i].split()) < _FEWEST_WORDS_OF_CENTRAL, -round(likeness[i], 5), texts[i]),
        )


def _parent(one: str) -> str:
    return one.partition(".")[0] if "." in one else ""


def _members(levels: Levels, ids: Ids, unsure: NDArray[np.bool_]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for one in ids.theme.values():
        members[one] = []
    for row in np.flatnonzero(~unsure).tolist():
        members[ids.theme[int(levels.theme[row])]].append(row)
        members[ids.subtheme[int(levels.subtheme[row])]].append(row)
    return dict(members)


def _centre(vectors: Array, rows: Sequence[int]) -> Array:
    if not rows:
        return np.zeros(vectors.shape[1], np.float32)
    return np.asarray(centres_of(vectors[list(rows)], np.zeros(len(rows), np.int64))[0], np.float32)


def _id_order(one: str) -> tuple[int, int]:
    theme, _, part = one[1:].partition(".")
    return int(theme), int(part or 0)

"""Run the steps of grouping one after the other: messages in, a whole Grouping out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuulo.group.apart import told_apart
from kuulo.group.clean import Cleaned, clean
from kuulo.group.cluster import Array, Labels, centres_of
from kuulo.group.embed import RECIPE, Encoder, Progress
from kuulo.group.encoder_store import cache_folder
from kuulo.group.fold import fold_copies
from kuulo.group.kind import Kind, tell_kinds
from kuulo.group.languages import LanguageBasis, shipped_services, without_language
from kuulo.group.layout import Place, lay_out
from kuulo.group.levels import Levels, group_vectors
from kuulo.group.name import Group, Naming, name_groups
from kuulo.group.parts import further_matters
from kuulo.group.place import uncertain
from kuulo.group.result import Grouping, Placement, Status, Theme
from kuulo.group.state import State
from kuulo.lang.evidence import evidence
from kuulo.lang.identify import identify_all
from kuulo.message import Message

_CENTRAL_IN_THEME, _CENTRAL_IN_SUBTHEME = 5, 3
_FEWEST_WORDS_OF_CENTRAL = 4

Step = Callable[[str], Progress | None]


@dataclass(frozen=True, slots=True)
class Distinct:
    """The texts to be placed, each once.

    ``rows`` are the messages that have a text, ``family`` (len rows) the place among the distinct texts of
    each, ``texts`` the distinct cleaned texts, ``first`` the message that each stands for first.
    """

    cleaned: list[Cleaned]
    languages: list[str]
    rows: NDArray[np.int64]
    family: Labels
    texts: list[str]
    first: NDArray[np.int64]

    def copies(self) -> NDArray[np.int64]:
        """Give how many messages each distinct text stands for."""
        return np.bincount(self.family, minlength=len(self.texts)).astype(np.int64)


def word_tables() -> Path:
    """Give the folder of the word tables."""
    return cache_folder() / "words"


def distinct_texts(messages: Sequence[Message]) -> Distinct:
    """Clean the messages, tell their languages and fold copies."""
    cleaned = [
        Cleaned(status="unreadable", reason=message.unreadable) if message.unreadable else clean(message.text)
        for message in messages
    ]
    languages = identify_all([part.text for part in cleaned], [message.language for message in messages])
    rows = np.array([i for i, part in enumerate(cleaned) if not part.status], np.int64)
    texts = [cleaned[i].text for i in rows]
    head = fold_copies(texts)
    first, family = np.unique(head, return_inverse=True)
    return Distinct(cleaned, languages, rows, family, spoken_for(texts, family), rows[first])


def spoken_for(texts: Sequence[str], family: Labels) -> list[str]:
    """Give the text that stands for each family of copies: not the one that happens to come first."""
    chosen: dict[int, str] = {}
    for text, one in zip(texts, family.tolist(), strict=True):
        chosen[one] = min(text, chosen.get(one, text))
    return [chosen[one] for one in range(len(chosen))]


def group(messages: Sequence[Message], encoder: Encoder, step: Step = lambda _name: None) -> State:
    """Group messages; give the grouping with all that growing it needs.

    ``step`` is told each step's name as it begins and may give a function that is told of its progress.
    """
    step("read")
    distinct = distinct_texts(messages)
    raw = encoder.raw_vectors(distinct.texts, step("embed"))
    vectors = without_language(raw, LanguageBasis.shipped())
    step("group")
    levels = group_vectors(vectors, texts=distinct.texts)
    unsure = uncertain(levels.fit, levels.theme, levels.subtheme, distinct.copies())
    ids = number_groups(levels, unsure, distinct)
    also = further_matters(distinct.texts, levels, vectors, encoder)
    step("name")
    themes = describe(messages, distinct, levels, ids, unsure, vectors, encoder)
    kinds = tell_kinds(distinct.texts, raw)
    placements = place_messages(messages, distinct, levels, ids, unsure, also, kinds)
    grouping = Grouping(placements=placements, themes=themes)
    return State(messages=messages, grouping=grouping, raw=raw, distance=levels.distance, recipe=RECIPE)


@dataclass(frozen=True, slots=True)
class Ids:
    """The permanent ids of themes and subthemes by their number; largest first when made anew."""

    theme: dict[int, str]
    subtheme: dict[int, str]


def number_groups(levels: Levels, unsure: NDArray[np.bool_], distinct: Distinct) -> Ids:
    """Number themes T1, T2, ... and their subthemes T1.1, T1.2, ... by the messages that they hold."""
    copies = np.where(unsure, 0, distinct.copies())
    theme: dict[int, str] = {}
    subtheme: dict[int, str] = {}
    for number, one in enumerate(_largest_first(levels.theme, copies, distinct.texts), start=1):
        theme[one] = f"T{number}"
        inside = np.flatnonzero((levels.theme == one) & ~unsure)
        held = _largest_first(levels.subtheme[inside], copies[inside], [distinct.texts[i] for i in inside])
        subtheme.update({part: f"T{number}.{place}" for place, part in enumerate(held, start=1)})
    return Ids(theme, subtheme)


def _largest_first(labels: Labels, copies: NDArray[np.int64], texts: Sequence[str]) -> list[int]:
    size: Counter[int] = Counter()
    first: dict[int, str] = {}
    for label, count, text in zip(labels.tolist(), copies.tolist(), texts, strict=True):
        size[label] += count
        first[label] = min(first.get(label, text), text)
    return sorted(size, key=lambda label: (-size[label], first[label]))


def place_messages(
    messages: Sequence[Message],
    distinct: Distinct,
    levels: Levels,
    ids: Ids,
    unsure: NDArray[np.bool_],
    also: Sequence[tuple[int, ...]],
    kinds: Sequence[Kind],
) -> tuple[Placement, ...]:
    """Give every message its placement, in the messages' order; ``also`` and ``kinds`` are by distinct text."""
    family_of = dict(zip(distinct.rows.tolist(), distinct.family.tolist(), strict=True))
    placements = []
    for row, (part, language) in enumerate(zip(distinct.cleaned, distinct.languages, strict=True)):
        if row not in family_of:
            placements.append(Placement(status=_status(part), reason=part.reason, language=language))
            continue
        at = family_of[row]
        first = int(distinct.first[at])
        further = tuple(ids.subtheme[i] for i in also[at] if i in ids.subtheme)
        placements.append(
            Placement(
                status="uncertain" if unsure[at] else "grouped",
                theme=ids.theme[int(levels.theme[at])],
                subtheme="" if unsure[at] else ids.subtheme[int(levels.subtheme[at])],
                fit=round(float(levels.fit[at]), 3),
                copy_of=-1 if first == row else first,
                language=language,
                also=() if unsure[at] else further,
                reason="far-from-others" if unsure[at] else "",
                kind=kinds[at].code,
                certainty=kinds[at].certainty,
                evidence=evidence(messages[row].text),
            )
        )
    return tuple(placements)


def _status(part: Cleaned) -> Status:
    return "unreadable" if part.status == "unreadable" else "empty"


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
    rows_of = _rows_of(distinct)
    has_authors = any(message.author for message in messages)
    naming = dict(zip(fresh, named, strict=True)) | {
        one: Naming(theme.names, theme.keyphrases, theme.service) for one, theme in known.items()
    }
    places = _places([one for one in order if not _parent(one)], centres, known)
    return tuple(
        _theme(
            one,
            naming[one],
            places.get(one, (0.0, 0.0)),
            members[one],
            centres[one],
            messages,
            distinct,
            levels,
            vectors,
            rows_of,
            has_authors,
            known[one].since if one in known else run,
            known[one].named_by if one in known else "own",
        )
        for one in order
    )


def _places(themes: Sequence[str], centres: Mapping[str, Array], known: Mapping[str, Theme]) -> dict[str, Place]:
    """Lay the themes out; what is known keeps its place."""
    kept = {number: known[one].at for number, one in enumerate(themes) if one in known}
    if not any(map(any, kept.values())):
        kept = {}  # a result of before themes had places
    return dict(zip(themes, lay_out([centres[one] for one in themes], kept), strict=True))


def _theme(
    one: str,
    naming: Naming,
    at: Place,
    members: Sequence[int],
    centre: Array,
    messages: Sequence[Message],
    distinct: Distinct,
    levels: Levels,
    vectors: Array,
    rows_of: dict[int, list[int]],
    has_authors: bool,
    since: int,
    named_by: str,
) -> Theme:
    rows = [row for member in members for row in rows_of[member]]
    authors = {messages[row].author for row in rows if messages[row].author}
    most = _CENTRAL_IN_SUBTHEME if "." in one else _CENTRAL_IN_THEME
    return Theme(
        id=one,
        parent=_parent(one),
        names=naming.names,
        keyphrases=naming.keyphrases,
        messages=len(rows),
        distinct=len(members),
        people=len(authors) if has_authors else None,
        firmness=round(float(levels.firmness[list(members)].mean()), 3) if members else 0.0,
        central=tuple(int(distinct.first[i]) for i in _central(members, centre, distinct.texts, vectors)[:most]),
        service=naming.service,
        since=since,
        at=at,
        named_by=named_by,
    )


def _parent(one: str) -> str:
    return one.partition(".")[0] if "." in one else ""


def _central(members: Sequence[int], centre: Array, texts: Sequence[str], vectors: Array) -> list[int]:
    """Give members most typical first; texts of a word or three tell too little to stand for others."""
    likeness = {member: float(vectors[member] @ centre) for member in members}
    return sorted(
        members,
        key=lambda i: (len(texts[i].split()) < _FEWEST_WORDS_OF_CENTRAL, -round(likeness[i], 5), texts[i]),
    )


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


def _rows_of(distinct: Distinct) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = defaultdict(list)
    for row, family in zip(distinct.rows.tolist(), distinct.family.tolist(), strict=True):
        rows[family].append(row)
    return rows


def _id_order(one: str) -> tuple[int, int]:
    theme, _, part = one[1:].partition(".")
    return int(theme), int(part or 0)

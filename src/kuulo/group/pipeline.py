"""Run the steps of grouping one after the other: messages in, a whole Grouping out."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from kuulo.group.clean import Cleaned
from kuulo.group.cluster import Labels
from kuulo.group.describe import Ids, describe
from kuulo.group.distinct import Distinct, distinct_texts
from kuulo.group.embed import RECIPE, Encoder, Progress
from kuulo.group.kind import Kind, tell_kinds
from kuulo.group.languages import LanguageBasis, without_language
from kuulo.group.levels import Levels, group_vectors
from kuulo.group.parts import further_matters
from kuulo.group.place import uncertain
from kuulo.group.result import Grouping, Placement, Status
from kuulo.group.state import State
from kuulo.lang.evidence import evidence
from kuulo.message import Message

Step = Callable[[str], Progress | None]


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

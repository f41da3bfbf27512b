"""Grow: place new messages into an earlier grouping; what stood stays where it stood.

A new message goes to the theme that most of its nearest earlier messages have, and to the subtheme that it is
near enough to. New messages that are near each other but near no earlier subtheme found one; where they have no
clear theme either, they found a theme.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kuulo.group.arrive import most_alike, vote, voters
from kuulo.group.clean import Cleaned, clean
from kuulo.group.cluster import Array, Labels
from kuulo.group.describe import Ids, describe
from kuulo.group.distinct import Distinct, distinct_texts, spoken_for
from kuulo.group.embed import RECIPE, Encoder
from kuulo.group.fold import fold_copies
from kuulo.group.kind import Kind, tell_kinds
from kuulo.group.languages import LanguageBasis, without_language
from kuulo.group.levels import Levels
from kuulo.group.parts import further_matters
from kuulo.group.pipeline import Step, group, place_messages
from kuulo.group.place import uncertain
from kuulo.group.result import Grouping, Placement
from kuulo.group.state import State, StateRefused
from kuulo.group.subtheme import DISTANCE_OF_FEW, near_groups, numbered
from kuulo.message import Message

_CLEAR_THEME = 0.5
_NEW_THEME_TEXTS = 3
_UNTOLD = Kind("", 0.0)


def grow(state: State, messages: Sequence[Message], encoder: Encoder, step: Step = lambda _name: None) -> State:
    """Add messages to a state; every earlier placement and id is kept as it was.

    Raises StateRefused ("other-version") where the state's vectors were made in another way.
    """
    if state.recipe != RECIPE:
        raise StateRefused("other-version", "grouping.json")
    if not any(place.theme for place in state.grouping.placements):
        # nothing stands anywhere yet: there is nothing to grow from
        anew = group([*state.messages, *messages], encoder, step)
        run = state.grouping.run + 1
        themes = tuple(replace(theme, since=run) for theme in anew.grouping.themes)
        return replace(anew, grouping=replace(anew.grouping, themes=themes, run=run))
    step("read")
    old, new = _earlier(state), distinct_texts(messages)
    joined = _joined(old, new, len(state.messages))
    raw = np.concatenate([state.raw, encoder.raw_vectors(joined.texts[len(old.texts) :], step("embed"))])
    vectors = without_language(raw, LanguageBasis.shipped())
    step("group")
    grown = _place_new(state, joined, vectors, len(old.texts))
    also = further_matters(joined.texts, grown.levels, vectors, encoder)
    everyone = [*state.messages, *messages]
    kinds = _kinds(state, joined, raw)
    placements = place_messages(everyone, joined, grown.levels, grown.ids, grown.unsure, also, kinds)
    step("name")
    run = state.grouping.run + 1
    known = {theme.id: theme for theme in state.grouping.themes}
    themes = describe(everyone, joined, grown.levels, grown.ids, grown.unsure, vectors, encoder, known, run)
    earlier = map(_with_kind, state.grouping.placements, placements)
    kept = (*earlier, *placements[len(state.messages) :])
    return replace(state, messages=everyone, grouping=Grouping(placements=kept, themes=themes, run=run), raw=raw)


def _kinds(state: State, joined: Distinct, raw: NDArray[np.float16]) -> list[Kind]:
    """Give the kinds of the texts, the earlier ones' as they were told."""
    known = [state.grouping.placements[i] for i in joined.first.tolist() if i < len(state.messages)]
    kinds = [Kind(place.kind, place.certainty) for place in known] + [_UNTOLD] * (len(joined.texts) - len(known))
    anew = [at for at, kind in enumerate(kinds) if not kind.code]
    for at, kind in zip(anew, tell_kinds([joined.texts[at] for at in anew], raw[anew]), strict=True):
        kinds[at] = kind
    return kinds


def _with_kind(kept: Placement, anew: Placement) -> Placement:
    """Give an earlier placement what it lacks where an earlier version, which told no kinds, had made it."""
    if kept.kind:
        return kept
    return replace(kept, kind=anew.kind, certainty=anew.certainty, evidence=anew.evidence)


def _earlier(state: State) -> Distinct:
    """Give the earlier messages' distinct texts as they were."""
    placements = state.grouping.placements
    cleaned = [
        clean(message.text) if place.theme else Cleaned(status=place.status, reason=place.reason)
        for message, place in zip(state.messages, placements, strict=True)
    ]
    rows = np.array([i for i, place in enumerate(placements) if place.theme], np.int64)
    heads = np.array(
        [place.copy_of if place.copy_of >= 0 else i for i, place in enumerate(placements) if place.theme],
        np.int64,
    )
    first, family = np.unique(heads, return_inverse=True)
    languages = [place.language for place in placements]
    return Distinct(cleaned, languages, rows, family, spoken_for([cleaned[i].text for i in rows], family), first)


def _joined(old: Distinct, new: Distinct, shift: int) -> Distinct:
    """Put new texts behind the old ones; a new copy of an old text joins the old text's family."""
    head = fold_copies([*old.texts, *new.texts])
    count = len(old.texts)
    place: list[int] = []
    texts, first = list(old.texts), old.first.tolist()
    seen: dict[int, int] = {}
    for i, text in enumerate(new.texts):
        family = int(head[count + i])
        if family < count:
            place.append(family)
            continue
        if family not in seen:
            seen[family] = len(texts)
            texts.append(text)
            first.append(int(new.first[i]) + shift)
        place.append(seen[family])
    rows = np.concatenate([old.rows, new.rows + shift])
    families = np.concatenate([old.family, np.array(place, np.int64)[new.family]])
    return Distinct(
        [*old.cleaned, *new.cleaned],
        [*old.languages, *new.languages],
        rows,
        families,
        texts,
        np.array(first, np.int64),
    )


@dataclass(frozen=True, slots=True)
class _Grown:
    levels: Levels
    ids: Ids
    unsure: NDArray[np.bool_]


def _place_new(state: State, joined: Distinct, vectors: Array, before: int) -> _Grown:
    placements = [state.grouping.placements[i] for i in joined.first[:before]]
    book = _Book(placements_theme=[p.theme for p in placements], placements_subtheme=[p.subtheme for p in placements])
    fresh = vectors[before:]
    theme, fit = _vote(fresh, vectors[:before], book.theme)
    best, apart = _nearest_subtheme(fresh, vectors[:before], theme, book)
    subtheme = np.where(apart <= min(state.distance, DISTANCE_OF_FEW), best, -1)
    homeless = np.flatnonzero(subtheme < 0)
    groups = near_groups(fresh[homeless], [joined.texts[before + i] for i in homeless], state.distance)
    # who found no company among the new is content with less near earlier ones
    alone = (np.bincount(groups)[groups] == 1) & (apart[homeless] <= state.distance)
    subtheme[homeless[alone]] = best[homeless[alone]]
    homeless, groups = homeless[~alone], numbered(groups[~alone])
    for label in range(int(groups.max(initial=-1)) + 1):
        members = homeless[groups == label]
        if len(members) >= _NEW_THEME_TEXTS and fit[members].mean() < _CLEAR_THEME:
            theme[members] = book.new_theme()
        else:
            theme[members] = Counter(theme[members].tolist()).most_common(1)[0][0]
        subtheme[members] = book.new_subtheme(int(theme[members[0]]))
    everyone = Levels(
        np.concatenate([book.theme, theme]),
        np.concatenate([book.subtheme, subtheme]),
        np.concatenate([_old_firmness(state, placements), fit]),
        np.concatenate([np.array([p.fit for p in placements], np.float32), fit]),
        state.distance,
    )
    copies = np.where(np.arange(len(everyone.fit)) < before, 0, joined.copies())
    unsure = uncertain(everyone.fit, everyone.theme, everyone.subtheme, copies) & (
        np.arange(len(everyone.fit)) >= before
    )
    unsure |= np.array([p.status == "uncertain" for p in placements] + [False] * len(fresh))
    return _Grown(everyone, book.ids(), unsure)


class _Book:
    """Numbers for permanent ids, and new ids after the last one given."""

    def __init__(self, *, placements_theme: list[str], placements_subtheme: list[str]) -> None:
        self._themes: dict[str, int] = {}
        self._subthemes: dict[str, int] = {}
        self.theme = np.array([self._themes.setdefault(t, len(self._themes)) for t in placements_theme], np.int64)
        named = [s or f"?{i}" for i, s in enumerate(placements_subtheme)]
        self.subtheme = np.array([self._subthemes.setdefault(s, len(self._subthemes)) for s in named], np.int64)

    def new_theme(self) -> int:
        last = max((int(one[1:]) for one in self._themes), default=0)
        return self._themes.setdefault(f"T{last + 1}", len(self._themes))

    def new_subtheme(self, theme: int) -> int:
        parent = next(one for one, number in self._themes.items() if number == theme)
        taken = [int(s.split(".")[1]) for s in self._subthemes if s.startswith(f"{parent}.")]
        return self._subthemes.setdefault(f"{parent}.{max(taken, default=0) + 1}", len(self._subthemes))

    def ids(self) -> Ids:
        subthemes = {n: s for s, n in self._subthemes.items() if not s.startswith("?")}
        return Ids({n: t for t, n in self._themes.items()}, subthemes)


def _vote(fresh: Array, earlier: Array, theme: Labels) -> tuple[Labels, Array]:
    """Give each new text the theme of its nearest earlier texts, and the share of their likeness for it."""
    k = voters(len(earlier))
    chosen = np.zeros(len(fresh), np.int64)
    fit = np.zeros(len(fresh), np.float32)
    for row, vector in enumerate(fresh):
        likeness = earlier @ vector
        near = most_alike(likeness, k)
        chosen[row], fit[row] = vote(likeness[near], theme[near])
    return chosen, fit


def _nearest_subtheme(fresh: Array, earlier: Array, theme: Labels, book: _Book) -> tuple[Labels, Array]:
    """Give the subtheme of the voted theme whose texts are nearest on average, and how far apart (-1 and 2: none)."""
    inside = defaultdict(list)
    for row, (one, part) in enumerate(zip(book.theme.tolist(), book.subtheme.tolist(), strict=True)):
        inside[one, part].append(row)
    open_to_others = book.ids().subtheme
    means = {key: earlier[rows].mean(axis=0) for key, rows in inside.items() if key[1] in open_to_others}
    found = np.full(len(fresh), -1, np.int64)
    apart = np.full(len(fresh), 2, np.float32)
    for row, vector in enumerate(fresh):
        near = {part: float(mean @ vector) for (one, part), mean in means.items() if one == theme[row]}
        if near:
            found[row] = max(sorted(near), key=lambda part: near[part])
            apart[row] = 1 - near[int(found[row])]
    return found, apart


def _old_firmness(state: State, placements: Sequence[Placement]) -> Array:
    firm = {theme.id: theme.firmness for theme in state.grouping.themes}
    return np.array([firm.get(p.subtheme or p.theme, 0.0) for p in placements], np.float32)

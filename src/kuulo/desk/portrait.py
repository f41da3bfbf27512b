"""Portrait: what one theme's page tells of it beside its figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet

from kuulo.desk.counts import LEAST_OF_SIDE, Counts, counts_of
from kuulo.desk.vectors import as_rows
from kuulo.models import Correction, Message, Placement, Theme

VOICES = ("wants", "opposes", "asks", "reports", "thanks")
_QUOTES = 2
_TYPICAL = 4
LATEST = 20
# Quotes are looked for among the most typical messages and the latest so many.
_LOOKED_AT = 400
_RELATED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A theme or subtheme with its counts and its most typical message."""

    theme: Theme
    counts: Counts
    example: Message | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """How many messages of a theme do one thing (see kuulo.group.kind), and some of them."""

    kind: str
    count: int
    quotes: tuple[Message, ...]


def subthemes(theme: Theme) -> tuple[Part, ...]:
    """Give a theme's living subthemes that hold messages, the largest first, with an example each."""
    told = theme.subthemes.filter(state=Theme.State.LIVE).defer("centroid")
    parts = [(one, counts_of(one)) for one in told]
    held = sorted((part for part in parts if part[1].messages), key=lambda part: (-part[1].messages, part[0].pk))
    examples = _messages(one.central[0] for one, _ in held if one.central)
    return tuple(
        Part(theme=one, counts=counts, example=examples.get(one.central[0]) if one.central else None)
        for one, counts in held
    )


def typical(theme: Theme, pinned: Sequence[int]) -> tuple[Message, ...]:
    """Give the most typical messages, those that people pinned first."""
    wanted = list(dict.fromkeys([*pinned, *theme.central]))[:_TYPICAL]
    told = _messages(wanted)
    return tuple(told[one] for one in wanted if one in told and told[one].text)


def named_by(theme: Theme) -> Correction | None:
    """Give the rule by which a person last named a theme, None where it has its name from residents' words."""
    rules = Correction.objects.filter(theme=theme, kind=Correction.Kind.RENAME, undone_at=None)
    return rules.select_related("made_by").order_by("-id").first() if theme.named_by_person else None


def voices(theme: Theme, counts: Counts) -> tuple[Voice, ...]:
    """Tell what a theme's messages do, with quotes of each, the most typical first.

    Only of those sides that are told of: wants and opposes face each other where both have three messages or more.
    """
    found: dict[str, list[int]] = {}
    for one, kind in _by_typicality(theme):
        found.setdefault(kind, []).append(one)
    chosen = {kind: found.get(kind, [])[:_QUOTES] for kind in VOICES if counts.kinds.get(kind)}
    told = _messages(one for ids in chosen.values() for one in ids)
    return tuple(
        Voice(kind=kind, count=counts.kinds[kind], quotes=tuple(told[one] for one in ids))
        for kind, ids in chosen.items()
        if counts.kinds[kind] >= LEAST_OF_SIDE or kind not in VOICES[:2]
    )


def related(theme: Theme) -> tuple[Theme, ...]:
    """Give the living top themes whose middle lies nearest to a theme's own, the nearest first."""
    if not theme.centroid:
        return ()
    own = theme.parent_id or theme.pk
    others = Theme.objects.filter(parent=None, state=Theme.State.LIVE).exclude(pk=own).exclude(centroid=None)
    told = list(others.values_list("id", "centroid"))
    if not told:
        return ()
    likeness = as_rows(middle for _, middle in told) @ as_rows([theme.centroid])[0]
    near = np.argsort(-np.round(likeness, 6), kind="stable")[:_RELATED]
    found = Theme.objects.defer("centroid", "keyphrases").in_bulk([told[at][0] for at in near.tolist()])
    return tuple(found[told[at][0]] for at in near.tolist())


def latest(theme: Theme, *, before: int = 0) -> tuple[tuple[Message, ...], int]:
    """Give twenty of a theme's messages, the latest first, and the id that the next twenty come before (0: none).

    ``before`` is a message's id; one that is not of the theme begins anew.
    """
    held = held_by(theme).order_by("-arrived", "-message")
    mark = held.filter(message=before).first() if before else None
    if mark:
        held = held.filter(Q(arrived__lt=mark.arrived) | Q(arrived=mark.arrived, message__lt=before))
    ids = list(held.values_list("message_id", flat=True)[: LATEST + 1])
    told = _messages(ids[:LATEST])
    return tuple(told[one] for one in ids[:LATEST]), ids[LATEST - 1] if len(ids) > LATEST else 0


def held_by(theme: Theme) -> QuerySet[Placement]:
    """Give the placements that are counted in a theme or subtheme."""
    return Placement.objects.filter(counted=True, **{"subtheme" if theme.parent_id else "theme": theme})


def _by_typicality(theme: Theme) -> list[tuple[int, str]]:
    """Give ids and kinds of the most typical messages, then of the latest by how well they fit; no copies."""
    rank = {one: at for at, one in enumerate(theme.central)}
    fit = dict(held_by(theme).order_by("-arrived", "-message").values_list("message_id", "fit")[:_LOOKED_AT])
    fit |= dict.fromkeys(theme.central, 1.0)
    # asked for by their ids alone: told the kinds too, SQLite would walk through all messages of these kinds
    known = Message.objects.filter(pk__in=fit, gone=None).values_list("id", "kind", "copy_of")
    fits = {one: (kind, fit[one]) for one, kind, copy in known if kind in VOICES and (not copy or one in rank)}
    order = sorted(fits, key=lambda one: (rank.get(one, len(rank)), -fits[one][1], -one))
    return [(one, fits[one][0]) for one in order]


def _messages(ids: Iterable[int]) -> Mapping[int, Message]:
    open_ones = Message.objects.exclude(status=Message.Status.SAFETY)
    told = open_ones.defer("vector", "search_text").select_related("source")
    return told.in_bulk(list(ids))

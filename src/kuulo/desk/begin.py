"""Begin: where no theme stands yet, all waiting messages are grouped at once, as ``kuulo group`` groups a file.

It takes minutes, and is written in short transactions. The grouping is the same whenever it is made of the same
messages: so after a stop it is made again, and the rest is written. A row of Regroup tells which messages they are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kuulo import message as heard
from kuulo.desk.history import record
from kuulo.desk.poison import ENCODER_FAILED, poisonous
from kuulo.desk.rules import Rules
from kuulo.desk.settle import MOST_MATTERS, Decision, Place, write
from kuulo.desk.vectors import stored
from kuulo.group.arrive import SHOWN
from kuulo.group.clean import clean
from kuulo.group.cluster import Array
from kuulo.group.embed import Encoder
from kuulo.group.grave import grave
from kuulo.group.languages import LanguageBasis, unit, without_language
from kuulo.group.lexical import words_in_common
from kuulo.group.link import nearest
from kuulo.group.pipeline import group
from kuulo.group.result import Theme as DrawnTheme
from kuulo.group.state import State
from kuulo.models import Message, Regroup, Theme

_ROWS_AT_A_TIME = 250
_LOOKED_AT = 12
_Waiting = Message.Status.NEW
_NOT_TO_PLACE = [
    Message.Status.EMPTY,
    Message.Status.UNREADABLE,
    Message.Status.ASIDE,
    Message.Status.GONE,
    Message.Status.SAFETY,
]


def begun() -> Regroup | None:
    """Give the first grouping that was begun and not written to its end.

    It is no chore of its own, so it is never RUNNING: the placing of messages goes on with it.
    """
    return Regroup.objects.filter(state=Regroup.State.DONE, figures__written=False).first()


def begin(encoder: Encoder) -> int:
    """Group all waiting messages, or go on where an earlier run was stopped; give how many were dealt with."""
    row = begun() or _opened()
    if row is None:
        return 0
    messages = list(
        Message.objects.filter(pk__lte=row.figures["first"])
        .exclude(status__in=_NOT_TO_PLACE)
        .order_by("pk")
        .only("pk", "text", "language")
    )
    state = _grouped([heard.Message(text=one.text, language=_stated(one)) for one in messages], encoder)
    vectors = without_language(state.raw, LanguageBasis.shipped())
    ids = [one.pk for one in messages]
    drawn = _Drawn(state, ids, vectors, _write_themes(state, ids, vectors))
    dealt = 0
    for start in range(0, len(ids), _ROWS_AT_A_TIME):
        rules = Rules.in_force()
        part = range(start, min(start + _ROWS_AT_A_TIME, len(ids)))
        dealt += write([drawn.decision(at, rules) for at in part], event="placed")
    _close(row, state)
    return dealt


def _grouped(messages: Sequence[heard.Message], encoder: Encoder) -> State:
    """Group messages; those that the encoder fails on are unreadable."""
    try:
        return group(messages, encoder)
    except Exception:
        failed = poisonous(encoder, [clean(one.text).text for one in messages])
        if not failed:
            raise
    readable = [replace(one, unreadable=ENCODER_FAILED if at in failed else "") for at, one in enumerate(messages)]
    return group(readable, encoder)


def _opened() -> Regroup | None:
    last = Message.objects.filter(status=_Waiting).aggregate(last=Max("pk"))["last"]
    if last is None:
        return None
    now = timezone.now()
    figures = {"first": last, "written": False}
    return Regroup.objects.create(state=Regroup.State.DONE, started_at=now, finished_at=now, figures=figures)


def _close(row: Regroup, state: State) -> None:
    with transaction.atomic():
        row.finished_at = timezone.now()
        row.figures = {
            "first": row.figures["first"],
            "written": True,
            "last": row.figures["first"],
            "messages": len(state.messages),
            "distance": round(state.distance, 4),
        }
        row.save(update_fields=["finished_at", "figures"])
        record("grouped", messages=len(state.messages))


def _stated(row: Message) -> str:
    return "" if row.language == "und" else row.language


def _write_themes(state: State, ids: Sequence[int], vectors: Array) -> Mapping[str, int]:
    """Write the themes that are not there yet, each before its subthemes; give their numbers by code."""
    centres = _centres(state, vectors)
    with transaction.atomic():
        known = dict(Theme.objects.values_list("code", "pk"))
        for level in (False, True):
            fresh = [one for one in state.grouping.themes if bool(one.parent) is level and one.id not in known]
            made = Theme.objects.bulk_create([_row(one, ids, centres, known) for one in fresh])
            known.update((theme.code, theme.pk) for theme in made)
            for theme in made if not level else ():
                record("theme-made", theme=theme)
    return known


def _row(drawn: DrawnTheme, ids: Sequence[int], centres: Mapping[str, Array], known: Mapping[str, int]) -> Theme:
    x, y = drawn.at
    return Theme(
        code=drawn.id,
        parent_id=known[drawn.parent] if drawn.parent else None,
        names=drawn.names,
        keyphrases={language: list(phrases) for language, phrases in drawn.keyphrases.items()},
        central=[ids[at] for at in drawn.central],
        service=drawn.service,
        firmness=drawn.firmness,
        at_x=x,
        at_y=y,
        centroid=stored(centres[drawn.id]) if drawn.id in centres else None,
    )


def _centres(state: State, vectors: Array) -> dict[str, Array]:
    """Give the unit mean vector of the counted messages of each theme and subtheme, copies left out."""
    sums: defaultdict[str, Array] = defaultdict(lambda: np.zeros(vectors.shape[1], np.float32))
    heads = [one for one in state.grouping.placements if one.theme and one.copy_of < 0]
    for head, vector in zip(heads, vectors, strict=True):
        for one in head.groups if head.status == "grouped" else ():
            sums[one] += vector
    return {one: unit(total) for one, total in sums.items()}


class _Drawn:
    """What the grouping says of each message, by its place among them."""

    def __init__(self, state: State, ids: Sequence[int], vectors: Array, themes: Mapping[str, int]) -> None:
        self._placements = state.grouping.placements
        self._texts = [one.text for one in state.messages]
        self._ids = ids
        self._vectors = vectors
        self._themes = themes
        self._heads = [at for at, one in enumerate(self._placements) if one.theme and one.copy_of < 0]
        self._row_of = {at: row for row, at in enumerate(self._heads)}
        self._near = nearest(vectors, _LOOKED_AT).index

    def decision(self, at: int, rules: Rules) -> Decision:
        """Give what becomes of a message; what people merged meanwhile is followed."""
        one = self._placements[at]
        head = one.copy_of if one.copy_of >= 0 else at
        vector = self._vectors[self._row_of[head]] if one.theme else None
        return Decision(
            message=self._ids[at],
            status=one.status,
            reason=one.reason,
            language=one.language,
            kind=one.kind,
            certainty=one.certainty,
            evidence=one.evidence,
            copy_of=self._ids[head] if head != at else None,
            vector=None if vector is None else stored(vector),
            places=self._places(at, rules) if one.theme else [],
            grave=grave(self._texts[at], one.language, vector),
        )

    def _places(self, at: int, rules: Rules) -> list[Place]:
        one = self._placements[at]
        found: dict[int, Place] = {}
        for theme, subtheme in [(one.theme, one.subtheme), *((part.partition(".")[0], part) for part in one.also)]:
            number = rules.merged(self._themes[theme])
            inside = self._themes[subtheme] if subtheme and number == self._themes[theme] else None
            main = Place(theme=number, subtheme=inside, fit=one.fit, why=self._why(at))
            found.setdefault(number, Place(theme=number, subtheme=inside) if found else main)
        return list(found.values())[:MOST_MATTERS]

    def _why(self, at: int) -> dict[str, list[int] | list[str]]:
        one = self._placements[at]
        near = [one.copy_of] if one.copy_of >= 0 else self._near_in_theme(at)
        words = words_in_common(self._texts[at], [self._texts[other] for other in near], language=one.language)
        return {"near": [self._ids[other] for other in near], "words": list(words)}

    def _near_in_theme(self, at: int) -> list[int]:
        near = [self._heads[row] for row in self._near[self._row_of[at]].tolist()]
        return [other for other in near if self._placements[other].theme == self._placements[at].theme][:SHOWN]

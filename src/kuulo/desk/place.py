"""Place: waiting messages are put where they belong among the themes that stand, oldest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np

from kuulo.desk.begin import begin, begun
from kuulo.desk.examples import forget, standing
from kuulo.desk.ledger import more_to_come
from kuulo.desk.poison import ENCODER_FAILED, poisonous
from kuulo.desk.rules import Rules
from kuulo.desk.settle import FAR, MOST_MATTERS, Decision, Place, ThemesChanged, write
from kuulo.desk.vectors import stored
from kuulo.group.arrive import Arrival, Example, Standing
from kuulo.group.clean import Cleaned, clean
from kuulo.group.cluster import Array
from kuulo.group.embed import Encoder
from kuulo.group.fold import same_but_for_small_things
from kuulo.group.grave import grave
from kuulo.group.kind import Kind, tell_kinds
from kuulo.group.languages import LanguageBasis, without_language
from kuulo.group.lexical import words_in_common
from kuulo.group.parts import sentences
from kuulo.lang.evidence import evidence
from kuulo.lang.identify import identify_all
from kuulo.models import Message, Theme

# So many letters are placed at a time: the longest messages take a minute each, and one at a time can be stopped.
_MOST_TEXT = 100_000


def place_new(encoder: Encoder, *, limit: int) -> int:
    """Place up to ``limit`` waiting messages, each exactly once; give how many were dealt with, 0 where none waits.

    Where no theme stands yet, all that wait are grouped at once, as soon as no file is on its way in.
    """
    try:
        if begun() or not Theme.objects.filter(parent=None).exists():
            return 0 if more_to_come() else begin(encoder)
        return _place_among_standing(encoder, limit)
    except ThemesChanged:
        forget()
        return place_new(encoder, limit=limit)
    except BaseException:
        forget()  # it knows messages now that were not written
        raise


def _place_among_standing(encoder: Encoder, limit: int) -> int:
    waiting = Message.objects.filter(status=Message.Status.NEW).order_by("pk").prefetch_related("tags")
    rows = _some_text(list(waiting.defer("vector")[:limit]))
    if not rows:
        return 0
    read = _read(rows, encoder)
    rules = Rules.in_force()
    return write(_Batch(read, standing(rules), rules).decide(), event="placed")


def _some_text(rows: Sequence[Message]) -> list[Message]:
    """Give the first of the rows, one at least, that hold no more text together than is placed at a time."""
    ends = accumulate(len(row.text) for row in rows)
    return [row for row, end in zip(rows, ends, strict=True) if row is rows[0] or end <= _MOST_TEXT]


@dataclass(frozen=True, slots=True)
class _Read:
    """A waiting message as the machine sees it: a unit ``vector`` (768), and ``parts`` (n, 768) of its sentences."""

    row: Message
    cleaned: Cleaned
    language: str
    kind: Kind
    vector: Array
    parts: Array


def _read(rows: Sequence[Message], encoder: Encoder) -> list[_Read]:
    """Read messages; one that the encoder fails on is unreadable, the others are read all the same."""
    cleaned = [clean(row.text) for row in rows]
    try:
        return _embedded(rows, cleaned, encoder)
    except Exception:
        failed = poisonous(encoder, [part.text for part in cleaned])
        if not failed:
            raise
    poison = Cleaned(status="unreadable", reason=ENCODER_FAILED)
    return _embedded(rows, [poison if at in failed else part for at, part in enumerate(cleaned)], encoder)


def _embedded(rows: Sequence[Message], cleaned: Sequence[Cleaned], encoder: Encoder) -> list[_Read]:
    """Give messages as the machine sees them; what has no text to place has no vector."""
    languages = identify_all([part.text for part in cleaned], [row.language for row in rows])
    told = [at for at, part in enumerate(cleaned) if not part.status]
    texts = [cleaned[at].text for at in told]
    raw = encoder.raw_vectors(texts)
    vectors = without_language(raw, LanguageBasis.shipped())
    kinds = tell_kinds(texts, raw)
    split = [parts if len(parts) > 1 else [] for parts in map(sentences, texts)]
    parts = encoder.vectors([part for held in split for part in held])
    ends = np.cumsum([len(held) for held in split])
    nothing = np.zeros(0, np.float32)
    read = [
        _Read(row, part, language, Kind("", 0.0), nothing, nothing)
        for row, part, language in zip(rows, cleaned, languages, strict=True)
    ]
    for at, vector, kind, held, end in zip(told, vectors, kinds, split, ends, strict=True):
        read[at] = _Read(rows[at], cleaned[at], languages[at], kind, vector, parts[end - len(held) : end])
    return read


@dataclass(frozen=True, slots=True)
class _Settled:
    """Where a message goes: as a copy of ``head`` or None; ``arrival`` is None where no theme may take it."""

    read: _Read
    head: int | None
    arrival: Arrival | None
    by_rule: bool


class _Batch:
    """Decide on messages one after the other, so that each finds those before it where they went."""

    def __init__(self, read: Sequence[_Read], known: Standing, rules: Rules) -> None:
        self._read = read
        self._known = known
        self._rules = rules
        self._texts = {one.row.pk: one.cleaned.text for one in read}
        self._homes: dict[int, tuple[int, int]] = {}

    def decide(self) -> list[Decision]:
        """Give what becomes of each message."""
        told = [one for one in self._read if not one.cleaned.status]
        likeness = self._known.likeness(np.stack([one.vector for one in told])) if told else ()
        settled = [self._settled(one, row) for one, row in zip(told, likeness, strict=True)]
        self._remember({near for one in settled if one.arrival for near in one.arrival.nearest})
        untold = [one for one in self._read if one.cleaned.status]
        return [*map(_untold, untold), *map(self._told, settled)]

    def _settled(self, one: _Read, likeness: Array) -> _Settled:
        head = self._head(one)
        ordered = self._ordered(one, head)
        arrival = self._arrival(one, likeness, head, ordered)
        if arrival and not head:
            example = Example(one.row.pk, arrival.theme, arrival.subtheme, not arrival.uncertain)
            self._known.add([example], one.vector[None])
        return _Settled(one, head, arrival, by_rule=ordered is not None)

    def _head(self, one: _Read) -> int | None:
        """Give the first message of the family that this is a copy in, None where it is no copy."""
        near = self._known.alike(one.vector)
        self._remember(near)
        same = (pk for pk in near if same_but_for_small_things(one.cleaned.text, self._texts.get(pk, "")))
        return next(same, None)

    def _ordered(self, one: _Read, head: int | None) -> tuple[int, int] | None:
        """Give the theme and subtheme (0: any) that a rule orders."""
        tags = {tag.name for tag in one.row.tags.all()}
        theme = self._rules.ordered(one.row.search_text or one.row.text, tags, head or one.row.pk)
        if theme is None:
            return None
        if theme not in self._homes:
            parent = Theme.objects.values_list("parent", flat=True).get(pk=theme)
            self._homes[theme] = (parent, theme) if parent else (theme, 0)
        return self._homes[theme]

    def _arrival(
        self, one: _Read, likeness: Array, head: int | None, ordered: tuple[int, int] | None
    ) -> Arrival | None:
        """Place where a rule orders it, else with the family, else where the nearest messages are."""
        if ordered:
            theme, subtheme = ordered
            found = self._known.place(one.vector, likeness, within=theme) or Arrival(
                theme, 0, 1.0, (), uncertain=False
            )
            return replace(found, subtheme=subtheme or found.subtheme, uncertain=False)
        forbidden = self._rules.forbidden(one.row.pk, head)
        family = self._known.known(head) if head else None
        if family and family.theme not in forbidden:
            return Arrival(family.theme, family.subtheme, 1.0, (family.id,), uncertain=not family.counted)
        return self._known.place(one.vector, likeness, without=forbidden)

    def _remember(self, messages: Iterable[int]) -> None:
        unknown = set(messages) - set(self._texts)
        if unknown:
            rows = Message.objects.filter(pk__in=unknown).values_list("pk", "text")
            self._texts.update((pk, clean(text).text) for pk, text in rows)

    def _told(self, settled: _Settled) -> Decision:
        one, arrival = settled.read, settled.arrival
        if arrival is None or arrival.uncertain:
            status, reason = Message.Status.UNCERTAIN, FAR
        else:
            status, reason = Message.Status.GROUPED, ""
        places = self._places(settled, arrival) if arrival else []
        return Decision(
            message=one.row.pk,
            status=status,
            reason=reason,
            language=one.language,
            copy_of=settled.head,
            kind=one.kind.code,
            certainty=one.kind.certainty,
            evidence=evidence(one.row.text),
            vector=stored(one.vector),
            places=places,
            grave=grave(one.row.text, one.language, one.vector),
        )

    def _places(self, settled: _Settled, arrival: Arrival) -> list[Place]:
        main = Place(
            theme=arrival.theme, subtheme=arrival.subtheme or None, fit=arrival.fit, why=self._why(settled, arrival)
        )
        if arrival.uncertain or not len(settled.read.parts):
            return [main]
        never = self._rules.forbidden(settled.read.row.pk, settled.head)
        further = dict(reversed(self._known.matters(settled.read.parts, arrival.theme)))
        also = [Place(theme=theme, subtheme=part) for theme, part in further.items() if theme not in never]
        return [main, *also[: MOST_MATTERS - 1]]

    def _why(self, settled: _Settled, arrival: Arrival) -> dict[str, Any]:
        if settled.by_rule:
            return {"rule": True}
        texts = [self._texts.get(pk, "") for pk in arrival.nearest]
        words = words_in_common(settled.read.cleaned.text, texts, language=settled.read.language)
        return {"near": list(arrival.nearest), "words": list(words)}


def _untold(one: _Read) -> Decision:
    return Decision(message=one.row.pk, status=one.cleaned.status, reason=one.cleaned.reason, language=one.language)

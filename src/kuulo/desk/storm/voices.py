"""Voices: what a storm says in residents' own words: typical messages, questions, texts that came many times."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kuulo.desk.storm.said import Said
from kuulo.desk.vectors import Vector, as_rows
from kuulo.lang.kind_cues import sentences
from kuulo.models import Message

# So many different texts, the latest, are compared with each other.
_COMPARED = 400
_TYPICAL, _QUESTIONS, _COPIED = 3, 3, 3
# From so alike on, two texts say the same: nothing new is told by showing both.
_SAME = 0.8
_FEWEST_WORDS = 4
_FEWEST_COPIES = 3


@dataclass(frozen=True, slots=True)
class Voice:
    """A message that stands for ``n``; ``text`` is what of it is shown."""

    said: Said
    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Voices:
    """Typical messages, the questions asked most, and texts that came word for word again and again."""

    typical: tuple[Voice, ...]
    questions: tuple[Voice, ...]
    copied: tuple[Voice, ...]


def voices(messages: Sequence[Said]) -> Voices:
    """Choose what is shown of messages, the latest first."""
    copies = Counter(one.original for one in messages)
    told = _with_vectors(messages)
    lines = [one for one, _ in told]
    rows = as_rows(vector for _, vector in told)
    weights = [copies[one.original] for one in lines]
    return Voices(
        typical=tuple(_typical(lines, rows, weights)),
        questions=tuple(_questions(lines, rows, weights)),
        copied=tuple(_copied(messages, copies)),
    )


def _with_vectors(messages: Sequence[Said]) -> list[tuple[Said, bytes]]:
    """Give the latest different texts whose meaning is known."""
    latest: dict[int, Said] = {}
    for one in messages:
        if one.text.strip():
            latest.setdefault(one.original, one)
    shown = list(latest.values())[:_COMPARED]
    vectors = dict(Message.objects.filter(pk__in=[one.pk for one in shown]).values_list("pk", "vector"))
    return [(one, bytes(vector)) for one in shown if (vector := vectors.get(one.pk))]


def _typical(lines: Sequence[Said], rows: Vector, weights: Sequence[int]) -> list[Voice]:
    if not lines:
        return []
    middle = np.average(rows, axis=0, weights=weights)
    near = np.round(rows @ middle, 5)
    # texts of a word or three tell too little to stand for others
    short = [len(one.text.split()) < _FEWEST_WORDS for one in lines]
    order = sorted(range(len(lines)), key=lambda at: (short[at], -near[at], -weights[at], lines[at].pk))
    chosen: list[int] = []
    for at in order:
        if len(chosen) < _TYPICAL and all(rows[at] @ rows[other] < _SAME for other in chosen):
            chosen.append(at)
    return [Voice(lines[at], weights[at], lines[at].text) for at in chosen]


def _questions(lines: Sequence[Said], rows: Vector, weights: Sequence[int]) -> list[Voice]:
    """Give the questions that most messages ask, those that ask the same as one."""
    asked = [at for at, one in enumerate(lines) if one.kind == "asks"]
    alike: list[list[int]] = []
    for at in asked:
        home = next((group for group in alike if rows[at] @ rows[group[0]] >= _SAME), None)
        if home is None:
            alike.append([at])
        else:
            home.append(at)
    sizes = [(sum(weights[at] for at in group), group) for group in alike]
    best = sorted(sizes, key=lambda one: (-one[0], one[1][0]))[:_QUESTIONS]
    return [Voice(lines[group[0]], n, question_in(lines[group[0]].text)) for n, group in best]


def question_in(text: str) -> str:
    """Give the sentence of a text that asks, or all of it where no sentence does."""
    return next((one for one in sentences(text) if one.rstrip().endswith("?")), text)


def _copied(messages: Sequence[Said], copies: Mapping[int, int]) -> list[Voice]:
    latest = {one.original: one for one in reversed(messages)}
    often = sorted((one for one in copies if copies[one] >= _FEWEST_COPIES), key=lambda one: (-copies[one], one))
    return [Voice(latest[one], copies[one], latest[one].text) for one in often[:_COPIED]]

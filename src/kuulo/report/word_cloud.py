"""The word cloud that the same texts would have given, to be seen beside the themes."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kuulo.group.result import Grouping
from kuulo.lang.common_words import common_words
from kuulo.lang.words import LANGUAGES, words
from kuulo.message import Message

_WORDS = 40
_SHORTEST = 3
SIZES = 6


@dataclass(frozen=True, slots=True)
class CloudWord:
    """A word as it is written, its language, how many messages hold it, and its ``size`` from 1 to 6."""

    word: str
    language: str
    messages: int
    size: int


def word_cloud(messages: Sequence[Message], grouping: Grouping) -> tuple[CloudWord, ...]:
    """Count words as usual clouds do: as they are written, without common words; the forty most usual, by letter."""
    counts: Counter[str] = Counter()
    tongues: dict[str, Counter[str]] = {}
    for message, place in zip(messages, grouping.placements, strict=True):
        if place.language not in LANGUAGES or place.status in {"empty", "unreadable"}:
            continue
        common = common_words(place.language)
        told = {word.casefold() for word, _ in words(message.text)} - common
        for word in told:
            if len(word) >= _SHORTEST:
                counts[word] += 1
                tongues.setdefault(word, Counter())[place.language] += 1
    chosen = sorted(counts, key=lambda word: (-counts[word], word))[:_WORDS]
    if not chosen:
        return ()
    most, least = math.sqrt(counts[chosen[0]]), math.sqrt(counts[chosen[-1]])
    scale = (SIZES - 1) / (most - least) if most > least else 0.0
    return tuple(
        CloudWord(
            word,
            max(sorted(tongues[word]), key=lambda language: tongues[word][language]),
            counts[word],
            1 + round((math.sqrt(counts[word]) - least) * scale),
        )
        for word in sorted(chosen)
    )

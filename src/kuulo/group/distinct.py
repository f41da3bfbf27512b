"""Distinct: the texts to be placed, each once, and the messages that each stands for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuulo.group.clean import Cleaned, clean
from kuulo.group.cluster import Labels
from kuulo.group.fold import fold_copies
from kuulo.lang.identify import identify_all
from kuulo.message import Message


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

    def rows_of(self) -> dict[int, list[int]]:
        """Give the messages of each distinct text, by its place."""
        rows: defaultdict[int, list[int]] = defaultdict(list)
        for row, family in zip(self.rows.tolist(), self.family.tolist(), strict=True):
            rows[family].append(row)
        return rows


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

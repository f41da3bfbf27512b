"""See which rare words texts share: the evidence for "the same matter" that meaning alone blurs."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kuulo.lang.common_words import common_words

Array = NDArray[np.float32]
_WORD = re.compile(r"[^\W\d_]{3,}")
# The first six letters join most inflected forms in all five languages without knowing any.
_LETTERS = 6
_RARITY_POWER = 1.5


def word_starts(texts: Sequence[str]) -> sparse.csr_matrix:
    """Give unit rows (n, words) of word beginnings weighted by tf-idf; words of one text only are left out."""
    counts = [Counter(word[:_LETTERS] for word in _WORD.findall(text.casefold())) for text in texts]
    spread = Counter(word for count in counts for word in count)
    column = {word: place for place, word in enumerate(sorted(w for w, n in spread.items() if n > 1))}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, count in enumerate(counts):
        for word, times in sorted(count.items()):
            if word in column:
                rows.append(row)
                columns.append(column[word])
                rarity = np.log((2 + len(texts)) / (1 + spread[word]))
                values.append((1 + np.log(times)) * rarity**_RARITY_POWER)
    shape = (len(texts), max(1, len(column)))
    table = sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(length, 1e-9)).dot(table).tocsr()


def shared_words(words: sparse.csr_matrix, others: NDArray[np.int64]) -> Array:
    """Give how much each text shares (n, k) 0-1 with the ``others`` (n, k) that are named for it."""
    shared = np.empty(others.shape, np.float32)
    for place, other in enumerate(others.T):
        shared[:, place] = np.asarray(words.multiply(words[other]).sum(axis=1)).ravel()
    return shared


def words_in_common(text: str, others: Sequence[str], *, language: str, most: int = 5) -> tuple[str, ...]:
    """Give telling words of a text, as it writes them, that others hold too in some form: the commonest first."""
    held: Counter[str] = Counter()
    for other in others:
        held.update({word[:_LETTERS] for word in _WORD.findall(other.casefold())})
    words: dict[str, str] = {}
    for word in _WORD.findall(text.casefold()):
        if held[word[:_LETTERS]] and word not in common_words(language):
            words.setdefault(word[:_LETTERS], word)
    return tuple(sorted(words.values(), key=lambda word: -held[word[:_LETTERS]])[:most])

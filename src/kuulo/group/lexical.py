"""See which rare words texts share: the evidence for "the same matter" that meaning alone blurs."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse

_WORD = re.compile(r"[^\W\d_]{3,}")
# The first six letters join most inflected forms in all five languages without knowing any.
_LETTERS = 6


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
                rarity = np.log((1 + len(texts)) / (1 + spread[word])) + 1
                values.append((1 + np.log(times)) * rarity)
    shape = (len(texts), max(1, len(column)))
    table = sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(length, 1e-9)).dot(table).tocsr()

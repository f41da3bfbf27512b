"""Told: how clearly texts tell of each municipal service, by what they mean and by the words they use.

The encoder understands little of a short informal text; that "skolskjutsen" holds "skolskjuts" it does not see at
all. So the beginnings, middles and ends of words are compared with the vocabulary's as well, in each language by
itself: that also finds the parts of compounds and the inflected forms.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import sparse

from kuulo.group.cluster import Array
from kuulo.lang.everyday import everyday
from kuulo.lang.services import LANGUAGES, Concept, concepts

_WORD = re.compile(r"[^\W\d_]{2,}")
_PIECE = 4
# A piece that stands with more of the services than this tells of none.
_WIDEST = 0.05
# How often each part of what is said of a service counts; and what likeness of words weighs beside that of meaning.
_TERMS, _SENTENCE, _EVERYDAY = 2, 1, 2
WORDS_WEIGHT = 5.0
# A service of which much is said is found more easily: half of that is right, as it is also spoken of more.
_LENGTH = 0.5
_ROWS_AT_A_TIME = 1024


def likeness_of_words(texts: Sequence[str]) -> Array:
    """Give how alike the words of each text are to those of each service (n, services), 0 to 1."""
    return _book().likeness(texts)


def told_services(vectors: Array, texts: Sequence[str], service_vectors: Array) -> Array:
    """Give how clearly each text tells of each service (n, services), from its unit ``vectors`` (n, d), those of the
    services (services, d), and the words of both; about 0 for a text that tells of none.
    """
    book = _book()
    found = np.empty((len(texts), len(service_vectors)), np.float32)
    for start in range(0, len(texts), _ROWS_AT_A_TIME):
        rows = slice(start, start + _ROWS_AT_A_TIME)
        found[rows] = vectors[rows] @ service_vectors.T + WORDS_WEIGHT * book.likeness(texts[rows])
    return found


@dataclass(frozen=True, slots=True)
class _Book:
    """The pieces of words that stand in the vocabulary: their ``number``, their ``rarity``, and for each service of
    each language the unit weights of its own (languages * services, pieces).
    """

    number: dict[str, int]
    rarity: Array
    weights: sparse.csr_array

    def likeness(self, texts: Sequence[str]) -> Array:
        """Give how alike each text is to each service (n, services), 0 to 1: in the language where it is."""
        counts = [Counter(_pieces(text)) for text in texts]
        asked = _weighted(_rows(counts, self.number), self.rarity)
        strange = np.array([sum(piece not in self.number for piece in row) for row in counts], np.float32)
        # the words that the vocabulary lacks make a text less alike to all of it
        length = np.sqrt(_squares(asked) + strange * self.rarity.max() ** 2)
        spread = sparse.csr_array(asked.multiply(1 / np.maximum(length, 1e-9)[:, None])) @ self.weights.T
        return np.asarray(
            spread.toarray().reshape(len(texts), len(LANGUAGES), len(concepts())).max(axis=1), np.float32
        )


@cache
def _book() -> _Book:
    told = [Counter(_pieces(_said(one, language))) for language in LANGUAGES for one in concepts()]
    spread = Counter(piece for counts in told for piece in counts)
    most = _WIDEST * len(told)
    number = {piece: place for place, piece in enumerate(sorted(p for p, count in spread.items() if count <= most))}
    rarity = np.array([np.log(len(told) / spread[piece]) + 1 for piece in number], np.float32)
    weighted = _weighted(_rows(told, number), rarity)
    length = np.sqrt(_squares(weighted))
    divisor = _LENGTH * length + (1 - _LENGTH) * length.mean()
    return _Book(number, rarity, sparse.csr_array(weighted.multiply(1 / divisor[:, None])))


def _said(concept: Concept, language: str) -> str:
    wording = concept.wording[language]
    terms = [wording.label, *wording.words]
    return " ".join(terms * _TERMS + [wording.sentence] * _SENTENCE + [everyday(concept.id, language)] * _EVERYDAY)


def _pieces(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        edged = f" {word} "
        yield from (edged[at : at + _PIECE] for at in range(len(edged) - _PIECE + 1))


def _rows(counts: Sequence[Counter[str]], number: dict[str, int]) -> sparse.csr_array:
    """Give how much each piece stands in each row (rows, pieces): from 1 towards 2, the more often the nearer."""
    known = [[(number[piece], count) for piece, count in row.items() if piece in number] for row in counts]
    ends = np.cumsum([0, *map(len, known)])
    places = np.array([place for row in known for place, _ in row], np.int64)
    often = np.array([count for row in known for _, count in row], np.float32)
    return sparse.csr_array(
        (2 * often / (often + 1), places, ends), shape=(len(counts), len(number)), dtype=np.float32
    )


def _weighted(rows: sparse.csr_array, rarity: Array) -> sparse.csr_array:
    return sparse.csr_array(rows.multiply(rarity[None, :]))


def _squares(rows: sparse.csr_array) -> Array:
    return np.asarray(rows.multiply(rows).sum(axis=1), np.float32)

"""Matter: which municipal services a short name is about, and which one each text tells of most clearly.

A name of a few words lies near to few texts in the encoder's space, whatever they are about. Its words and the
vocabulary's meet all the same, in five languages: so a name leads to services, and these lead to texts.
"""

from collections.abc import Sequence

import numpy as np

from kuulo.group.cluster import Array
from kuulo.group.languages import shipped_concepts
from kuulo.group.told import WORDS_WEIGHT, likeness_of_words, told_services
from kuulo.lang.services import concepts

# How clearly a name must tell of a service, and how near to the clearest another must come to be meant too.
_CLEAR, _ALSO = 0.8, 0.8
# How clearly a text must.
_SPEAKS = 0.5


def named_services(name: str) -> list[str]:
    """Give the ids of the services that the words of a name tell of, the clearest first; none where none is clear."""
    likeness = WORDS_WEIGHT * likeness_of_words([name])[0]
    order = np.argsort(-likeness, kind="stable")
    least = max(_CLEAR, _ALSO * float(likeness[order[0]]))
    return [concepts()[at].id for at in order if likeness[at] >= least]


def clearest_services(vectors: Array, texts: Sequence[str]) -> list[str]:
    """Give the id of the service that each text tells of most clearly, "" where none is clear.

    ``vectors`` are those of the texts (n, d), of unit length.
    """
    told = told_services(vectors, texts, shipped_concepts())
    best = told.argmax(axis=1)
    return [concepts()[at].id if row[at] > _SPEAKS else "" for row, at in zip(told, best, strict=True)]

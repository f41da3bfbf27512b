"""Telling words: those that a storm's messages hold far more often than earlier ones of the same stream did."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db.models.functions import Left

from kuulo.desk.storm.said import BEGINNING, Said, in_stream
from kuulo.lang.common_words import common_words
from kuulo.models import Storm

_MOST = 8
_EARLIER, _LOOKED_BACK = 100, timedelta(weeks=12)
_LEAST_LEAD = 0.15
_WORD = re.compile(r"[^\W\d_]{4,}")
_LINK = re.compile(r"\S+://\S+")
# the first letters join most inflected forms
_LETTERS = 6
_Words = Mapping[str, Counter[str]]


def telling_words(storm: Storm, messages: Sequence[Said]) -> list[str]:
    """Give the words of a storm, each in its most usual form, the most telling first."""
    distinct = {one.original: (one.text, one.language) for one in messages}
    now, then = _held(distinct.values()), _held(earlier := _before(storm))
    lead = {
        stem: _share(forms, len(distinct)) - _share(then.get(stem, Counter()), len(earlier))
        for stem, forms in now.items()
        if forms.total() > 1
    }
    best = sorted((stem for stem in lead if lead[stem] >= _LEAST_LEAD), key=lambda stem: (-lead[stem], stem))
    return [now[stem].most_common(1)[0][0] for stem in best[:_MOST]]


def _before(storm: Storm) -> list[tuple[str, str]]:
    found = (
        in_stream(storm, since=storm.began - _LOOKED_BACK, until=storm.began)
        .filter(copy_of=None)
        .exclude(arrived=storm.began)
    )
    texts = found.annotate(beginning=Left("text", BEGINNING)).order_by("-arrived", "-pk")
    return [*texts.values_list("beginning", "language")[:_EARLIER]]


def _held(texts: Iterable[tuple[str, str]]) -> _Words:
    """Count in how many texts each word stands, by its first letters and its forms."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, language in texts:
        words = _WORD.findall(_LINK.sub(" ", text).casefold())
        for stem, word in {word[:_LETTERS]: word for word in words if word not in common_words(language)}.items():
            found[stem][word] += 1
    return found


def _share(forms: Counter[str], texts: int) -> float:
    return forms.total() / max(1, texts)

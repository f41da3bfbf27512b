"""Name: give each group phrases and a name in five languages, in residents' own words where there are some."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kuulo.group.bridge import services_of
from kuulo.group.cluster import Array
from kuulo.group.phrases import Phrases, contrast, find_phrases
from kuulo.lang.services import LANGUAGES, Concept, concepts

_CANDIDATES = 8
_KEYPHRASES = 5
# Residents' own words name a group when enough of its texts share them and they are near its centre.
_OWN_SHARE, _OWN_NEARNESS = 0.25, 0.3
# In a group of this size or more, the services of its texts are counted; in a smaller one its centre tells more.
_MANY = 8
# A second service stands in the name beside the first when it has at least this share of the first's texts.
_ALSO_SHARE = 0.6

Embed = Callable[[Sequence[str]], Array]


@dataclass(frozen=True, slots=True)
class Naming:
    """``names`` and ``keyphrases`` by language, and the nearest concept of the service vocabulary."""

    names: dict[str, str]
    keyphrases: dict[str, tuple[str, ...]]
    service: str


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one group and its unit centre."""

    rows: Sequence[int]
    centre: Array


def name_groups(
    groups: Sequence[Group],
    *,
    texts: Sequence[str],
    languages: Sequence[str],
    vectors: Array,
    embed: Embed,
    concept_vectors: Array,
    tables: Path,
) -> list[Naming]:
    """Name groups of texts with unit ``vectors`` (n, d); ``embed`` gives unit vectors of phrases, to see
    which of them suit a group's centre.
    """
    phrases = find_phrases(texts, languages, tables)
    candidates = [_candidates(group, phrases, languages, len(texts)) for group in groups]
    # the words of a text that stands alone are not ranked by meaning: most groups of a large corpus are such
    several = [by for group, by in zip(groups, candidates, strict=True) if len(group.rows) > 1]
    surfaces = sorted({found.surface for by in several for part in by.values() for found in part})
    near = dict(zip(surfaces, embed(surfaces), strict=True)) if surfaces else {}
    # a service is told by meaning and by its words
    concept_fit = services_of(vectors, texts, concept_vectors)
    concept_fit += vectors @ concept_vectors.T
    named = []
    for group, by_language in zip(groups, candidates, strict=True):
        ranked = {language: _ranked(part, group.centre, near) for language, part in by_language.items()}
        named.append(_naming(ranked, _services(concept_fit[list(group.rows)])))
    return named


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A phrase that could name a group: how telling it is, and the share of the group's texts that hold it."""

    surface: str
    weight: float
    share: float


def _candidates(group: Group, phrases: Phrases, languages: Sequence[str], total: int) -> dict[str, list[_Candidate]]:
    """Give the most telling phrases of a group by language; but in the smallest groups several texts hold each."""
    counts: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for row in group.rows:
        sizes[languages[row]] += 1
        for key in phrases.of_text[row]:
            counts[key[0]][key] += 1
    chosen = {}
    for language, keys in counts.items():
        fewest = 1 if sizes[language] < 4 else max(2, round(0.04 * sizes[language]))
        weights = contrast(keys, sizes[language], phrases, total)
        best = sorted(weights, key=lambda key: (-weights[key], key))
        held = [key for key in best if keys[key] >= fewest][:_CANDIDATES]
        chosen[language] = [
            _Candidate(phrases.surface(key), weights[key], _share(keys[key], sizes[language])) for key in held
        ]
    return chosen


def _share(count: int, size: int) -> float:
    """Give the share of texts that hold a phrase; what one alone says is nobody's common word."""
    return count / size if count > 1 else 0.0


def _ranked(found: Sequence[_Candidate], centre: Array, near: dict[str, Array]) -> list[tuple[str, bool]]:
    """Rank phrases by weight and nearness to the centre, each with whether it may name the group; one that
    shares a word with a better one is dropped.
    """
    scored = []
    for one in found:
        nearness = float(near[one.surface] @ centre) if one.surface in near else 1.0
        fit_to_name = one.share >= _OWN_SHARE and nearness >= _OWN_NEARNESS
        scored.append((-np.sqrt(one.weight) * max(0.02, nearness), one.surface, fit_to_name))
    ranked: list[tuple[str, bool]] = []
    for _, surface, fit_to_name in sorted(scored):
        if not any(_overlap(surface, other) for other, _ in ranked):
            ranked.append((surface, fit_to_name))
    return ranked[:_KEYPHRASES]


def _overlap(one: str, other: str) -> bool:
    stems = {word[:5] for word in one.split()}
    return not stems.isdisjoint(word[:5] for word in other.split())


def _services(fit: Array) -> list[Concept]:
    """Give the one or two concepts that a group is about, by its texts' ``fit`` (texts, concepts) to each."""
    if not len(fit):
        return [concepts()[0]]
    whole = fit.mean(axis=0)
    if len(fit) < _MANY:
        return [concepts()[int(np.argmax(whole))]]
    votes = Counter(fit.argmax(axis=1).tolist())
    first, *rest = sorted(votes, key=lambda one: (-votes[one], -float(whole[one]), one))
    also = [one for one in rest[:1] if votes[one] >= _ALSO_SHARE * votes[first]]
    return [concepts()[one] for one in (first, *also)]


def _naming(ranked: dict[str, list[tuple[str, bool]]], services: Sequence[Concept]) -> Naming:
    names, keyphrases = {}, {}
    for language in LANGUAGES:
        phrases = ranked.get(language, [])
        own = [surface for surface, fit_to_name in phrases if fit_to_name][:2]
        keyphrases[language] = tuple(surface for surface, _ in phrases)
        names[language] = " / ".join(own or [service.wording[language].label for service in services])
    return Naming(names, keyphrases, services[0].id)

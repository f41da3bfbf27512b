"""Name: give each group phrases and a name in five languages, in residents' own words where there are some."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kuulo.group.cluster import Array
from kuulo.group.phrases import Phrases, contrast, find_phrases
from kuulo.lang.services import LANGUAGES, concepts

_CANDIDATES = 8
_KEYPHRASES = 5
_FEWEST_TEXTS = 3

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
    embed: Embed,
    concept_vectors: Array,
    tables: Path,
) -> list[Naming]:
    """Name groups of texts; ``embed`` gives unit vectors of phrases, to see which suits a group's centre."""
    phrases = find_phrases(texts, languages, tables)
    candidates = [_candidates(group, phrases, languages, len(texts)) for group in groups]
    surfaces = sorted({phrases.surface(key) for by in candidates for part in by.values() for key in part})
    place = {surface: row for row, surface in enumerate(surfaces)}
    vectors = embed(surfaces) if surfaces else np.zeros((0, concept_vectors.shape[1]), np.float32)
    named = []
    for group, by_language in zip(groups, candidates, strict=True):
        ranked = {
            language: _ranked(part, group.centre, phrases, place, vectors) for language, part in by_language.items()
        }
        named.append(_naming(group, ranked, concept_vectors, languages))
    return named


def _candidates(
    group: Group, phrases: Phrases, languages: Sequence[str], total: int
) -> dict[str, dict[tuple[str, ...], float]]:
    """Give the most telling phrases of a group, by language, with their weights."""
    counts: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for row in group.rows:
        sizes[languages[row]] += 1
        for key in phrases.of_text[row]:
            counts[key[0]][key] += 1
    chosen = {}
    for language, keys in counts.items():
        weights = contrast(keys, sizes[language], phrases, total)
        best = sorted(weights, key=lambda key: (-weights[key], key))[:_CANDIDATES]
        chosen[language] = {key: weights[key] for key in best}
    return chosen


def _ranked(
    weights: dict[tuple[str, ...], float],
    centre: Array,
    phrases: Phrases,
    place: dict[str, int],
    vectors: Array,
) -> list[str]:
    """Rank phrases by weight and nearness to the centre; one that holds another's word is dropped."""
    scored = []
    for key, weight in weights.items():
        surface = phrases.surface(key)
        near = max(0.02, float(vectors[place[surface]] @ centre))
        scored.append((-np.sqrt(weight) * near, surface))
    ranked: list[str] = []
    for _, surface in sorted(scored):
        if not any(_overlap(surface, other) for other in ranked):
            ranked.append(surface)
    return ranked[:_KEYPHRASES]


def _overlap(one: str, other: str) -> bool:
    stems = {word[:5] for word in one.split()}
    return not stems.isdisjoint(word[:5] for word in other.split())


def _naming(group: Group, ranked: dict[str, list[str]], concept_vectors: Array, languages: Sequence[str]) -> Naming:
    nearest = int(np.argmax(concept_vectors @ group.centre))
    concept = concepts()[nearest]
    counts = Counter(languages[row] for row in group.rows)
    names, keyphrases = {}, {}
    for language in LANGUAGES:
        own = ranked.get(language, [])
        enough = counts[language] >= min(_FEWEST_TEXTS, len(group.rows))
        keyphrases[language] = tuple(own)
        names[language] = " / ".join(own[:2]) if own and enough else concept.wording[language].label
    return Naming(names, keyphrases, concept.id)

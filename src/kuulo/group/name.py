"""Name: give each group phrases and a name in five languages, in residents' own words where there are some."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kuulo.group.bridge import names_a_service, services_of
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
# A service is sure when it fits a group so much better than the next one does; else residents' own words are
# safer: they may tell little, but nothing that nobody said.
_SURE, _SURE_OF_FEW = 0.1, 0.2
# What a word that stands in the vocabulary of services gains: it is more likely to be the matter.
_KNOWN_WORD = 0.3
# What the services that a phrase speaks of weigh beside its nearness to the centre of a group.
_TOLD = 0.6
_WORDS_OF_UNSURE = 2
_FEW = 3

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
    service_vectors: Array,
    tables: Path,
) -> list[Naming]:
    """Name groups of texts with unit ``vectors`` (n, d); ``embed`` gives unit vectors of phrases, to see
    which of them suit a group's centre. ``service_vectors`` (services, d) are the vocabulary's.
    """
    phrases = find_phrases(texts, languages, tables)
    candidates = [_candidates(group, phrases, languages, len(texts)) for group in groups]
    surfaces = sorted({found.surface for by in candidates for part in by.values() for found in part})
    meant = dict(zip(surfaces, embed(surfaces), strict=True)) if surfaces else {}
    topical = _topical(meant, service_vectors)
    # a service is told by meaning and by its words
    fit = services_of(vectors, texts, service_vectors)
    fit += vectors @ service_vectors.T
    named = []
    for group, by_language in zip(groups, candidates, strict=True):
        ranked = {
            language: _ranked(part, group.centre, meant, topical, few=len(group.rows) <= _FEW)
            for language, part in by_language.items()
        }
        named.append(_naming(ranked, *_services(fit[list(group.rows)])))
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
            _Candidate(phrases.surface(key), weights[key], _share(keys[key], sizes[language], len(group.rows)))
            for key in held
        ]
    return chosen


def _share(count: int, size: int, whole: int) -> float:
    """Give the share of a language's texts that hold a phrase. What one alone says is nobody's common word, and a
    language that few of the whole group write in does not speak for it.
    """
    return count / size if count > 1 and size >= _OWN_SHARE * whole else 0.0


def _topical(meant: dict[str, Array], service_vectors: Array) -> dict[str, float]:
    """Give how much each phrase speaks of municipal services: the likeness of the most alike, and its words."""
    return {
        surface: float((service_vectors @ vector).max()) + _KNOWN_WORD * names_a_service(surface)
        for surface, vector in meant.items()
    }


def _ranked(
    found: Sequence[_Candidate], centre: Array, meant: dict[str, Array], topical: dict[str, float], *, few: bool
) -> list[tuple[str, bool]]:
    """Rank phrases by weight and nearness to the centre, each with whether it may name the group; one that
    shares a word with a better one is dropped. In a ``few`` texts what a phrase is about tells more than rarity does.
    """
    scored = []
    for one in found:
        nearness = float(meant[one.surface] @ centre)
        fit_to_name = one.share >= _OWN_SHARE and nearness >= _OWN_NEARNESS
        told = topical[one.surface]
        rank = nearness + told if few else np.sqrt(one.weight) * max(0.02, nearness + _TOLD * told)
        scored.append((-rank, one.surface, fit_to_name))
    ranked: list[tuple[str, bool]] = []
    for _, surface, fit_to_name in sorted(scored):
        if not any(_overlap(surface, other) for other, _ in ranked):
            ranked.append((surface, fit_to_name))
    return ranked[:_KEYPHRASES]


def _overlap(one: str, other: str) -> bool:
    stems = {word[:5] for word in one.split()}
    return not stems.isdisjoint(word[:5] for word in other.split())


def _services(fit: Array) -> tuple[list[Concept], bool]:
    """Give the one or two concepts that a group is about, by its texts' ``fit`` (texts, concepts) to each, and
    whether that is sure; of many texts it is what most of them are nearest to.
    """
    if not len(fit):
        return [concepts()[0]], False
    whole = fit.mean(axis=0)
    second, best = np.sort(whole)[-2:]
    if len(fit) < _MANY:
        sure = best - second >= (_SURE_OF_FEW if len(fit) <= _FEW else _SURE)
        return [concepts()[int(np.argmax(whole))]], bool(sure)
    votes = Counter(fit.argmax(axis=1).tolist())
    first, *rest = sorted(votes, key=lambda one: (-votes[one], -float(whole[one]), one))
    also = [one for one in rest[:1] if votes[one] >= _ALSO_SHARE * votes[first]]
    return [concepts()[one] for one in (first, *also)], True


def _naming(ranked: dict[str, list[tuple[str, bool]]], services: Sequence[Concept], sure: bool) -> Naming:
    """Name a group by what its texts share, else by a sure service, else by own words, else by a likely service."""
    names, keyphrases = {}, {}
    for language in LANGUAGES:
        phrases = ranked.get(language, [])
        own = [surface for surface, fit_to_name in phrases if fit_to_name][:2]
        if not own and not sure:
            own = [surface for surface, _ in phrases][:_WORDS_OF_UNSURE]
        keyphrases[language] = tuple(surface for surface, _ in phrases)
        names[language] = " / ".join(own or [service.wording[language].label for service in services])
    return Naming(names, keyphrases, services[0].id)


def told_apart(namings: Sequence[Naming], parents: Sequence[str]) -> list[Naming]:
    """Give groups of one parent that have equal names a word of their own each, where residents gave them one."""
    names = [dict(naming.names) for naming in namings]
    for language in LANGUAGES:
        alike = defaultdict(list)
        for place, parent in enumerate(parents):
            alike[parent, names[place].get(language, "").casefold()].append(place)
        for places in alike.values():
            for place in places if len(places) > 1 else ():
                name = names[place].get(language, "")
                own = (
                    one for one in namings[place].keyphrases.get(language, ()) if not _overlap(one, name.casefold())
                )
                if word := next(own, ""):
                    names[place][language] = f"{name}: {word}"
    return [replace(naming, names=by) for naming, by in zip(namings, names, strict=True)]

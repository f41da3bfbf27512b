"""Name: give each group phrases and a name in five languages, in residents' own words where there are some."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kuulo.group.cluster import Array
from kuulo.group.noun_phrases import overlap
from kuulo.group.phrases import Key, Phrases, contrast, find_phrases
from kuulo.group.told import likeness_of_words, told_services
from kuulo.lang.services import LANGUAGES, concepts

_CANDIDATES = 8
_KEYPHRASES = 5
# Residents' own words name a group when enough of its texts share them and they are near its centre; more of them
# have to, where the words tell nothing of its services.
_OWN_SHARE, _OWN_SHARE_UNTOLD, _OWN_NEARNESS = 0.25, 0.4, 0.3
# The share of a group's texts that have to be in a language, or what they share does not speak for the group.
_SPOKEN = 0.4
# In a group of this size or more, the services of its texts are counted; in a smaller one its centre tells more.
_MANY = 8
# Of many texts, a service is sure with this share of them; a second stands beside it with this share of the first.
_SURE_SHARE, _ALSO_SHARE = 0.15, 0.6
# Of few texts, a service is sure when it fits them so well, and so much better than the next one does: the sum of the
# lead and of half the fit is as much.
_SURE = 0.33
# What it weighs that a phrase tells of the group's services, beside its nearness to the centre of the group.
_TOLD = 0.6
# What a phrase whose words are of no service keeps of its weight.
_UNTOLD = 0.1
_FEW = 3
# A phrase of few texts says something when it is so near to them, or tells so clearly of their service.
_NEAR_ENOUGH, _TOLD_ENOUGH = 0.3, 0.6

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


@dataclass(frozen=True, slots=True)
class _About:
    """The numbers of the one or two services that a group is about, and whether that is sure."""

    services: Sequence[int]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A phrase that could name a group: how telling it is, and the share of the group's texts that hold it."""

    surface: str
    weight: float
    share: float


@dataclass(frozen=True, slots=True)
class _Own:
    """A phrase of residents' own: whether enough of them share it to name the group, whether it is near to them all,
    and whether it is told of the group's service.
    """

    surface: str
    shared: bool
    near: bool
    told: bool


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
    weigh = _Weigher(phrases, languages, len(texts))
    candidates = [weigh.candidates(group.rows) for group in groups]
    surfaces = sorted({found.surface for by in candidates for part in by.values() for found in part})
    meant = embed(surfaces) if surfaces else np.zeros((0, vectors.shape[1]), np.float32)
    told = told_services(meant, surfaces, service_vectors)
    place = {surface: at for at, surface in enumerate(surfaces)}
    fit = told_services(vectors, texts, service_vectors)
    named = []
    for group, by_language in zip(groups, candidates, strict=True):
        about = _about(fit[list(group.rows)])
        own = {}
        for language, part in by_language.items():
            at = [place[one.surface] for one in part]
            of_services = told[np.ix_(at, about.services)].max(axis=1)
            own[language] = _ranked(part, meant[at] @ group.centre, of_services, few=len(group.rows) <= _FEW)
        named.append(_naming(own, about, many=len(group.rows) >= _MANY))
    return named


class _Weigher:
    """Choose phrases of groups: those that tell a group from all others, the words of services first."""

    def __init__(self, phrases: Phrases, languages: Sequence[str], total: int) -> None:
        self._phrases = phrases
        self._languages = languages
        self._total = total
        self._surface = {key: phrases.surface(key) for key in phrases.spread}
        surfaces = sorted(set(self._surface.values()))
        likeness = likeness_of_words(surfaces).max(axis=1, initial=0).tolist()
        self._likeness = dict(zip(surfaces, likeness, strict=True))

    def candidates(self, rows: Sequence[int]) -> dict[str, list[_Candidate]]:
        """Give the most telling phrases by language; but in the smallest groups several texts hold each."""
        counts: defaultdict[str, Counter[Key]] = defaultdict(Counter)
        sizes: Counter[str] = Counter()
        for row in rows:
            sizes[self._languages[row]] += 1
            for key in self._phrases.of_text[row]:
                counts[key[0]][key] += 1
        return {language: self._chosen(keys, sizes[language], len(rows)) for language, keys in counts.items()}

    def _chosen(self, keys: Counter[Key], size: int, whole: int) -> list[_Candidate]:
        fewest = 1 if size < 4 else max(2, round(0.04 * size))
        weights = contrast(keys, size, self._phrases, self._total)
        rank = {key: weights[key] * (_UNTOLD + self._likeness[self._surface[key]]) for key in keys}
        best = sorted((key for key in keys if keys[key] >= fewest), key=lambda key: (-rank[key], key))
        return [
            _Candidate(self._surface[key], weights[key], _share(keys[key], size, whole)) for key in best[:_CANDIDATES]
        ]


def _share(count: int, size: int, whole: int) -> float:
    """Give the share of a language's texts that hold a phrase. What one alone says is nobody's common word, and a
    language that few of the whole group write in does not speak for it.
    """
    return count / size if count > 1 and size >= _SPOKEN * whole else 0.0


def _ranked(found: Sequence[_Candidate], nearness: Array, told: Array, *, few: bool) -> list[_Own]:
    """Rank phrases by weight, ``nearness`` to the centre and how clearly they are ``told`` of its services; one that
    shares a word with a better one is dropped. In a ``few`` texts what a phrase is about tells more than rarity.
    """
    scored = []
    for one, near, about in zip(found, nearness.tolist(), told.tolist(), strict=True):
        enough = _OWN_SHARE if about >= _TOLD_ENOUGH else _OWN_SHARE_UNTOLD
        shared = one.share >= enough and near >= _OWN_NEARNESS
        rank = near + about if few else np.sqrt(one.weight) * max(0.02, near + _TOLD * about)
        scored.append((-rank, _Own(one.surface, shared, near >= _NEAR_ENOUGH, about >= _TOLD_ENOUGH)))
    ranked: list[_Own] = []
    for _, own in sorted(scored, key=lambda pair: (pair[0], pair[1].surface)):
        if not any(overlap(own.surface, other.surface) for other in ranked):
            ranked.append(own)
    return ranked[:_KEYPHRASES]


def _about(fit: Array) -> _About:
    """Give what a group is about, by its texts' ``fit`` (texts, services) to each service: what fits them best on the
    whole, or of many texts what fits most of them.
    """
    if not len(fit):
        return _About([0], sure=False)
    whole = fit.mean(axis=0)
    if len(fit) < _MANY:
        second, best = np.sort(whole)[-2:]
        return _About([int(np.argmax(whole))], sure=bool(best - second + best / 2 >= _SURE))
    votes = Counter(fit.argmax(axis=1).tolist())
    first, *rest = sorted(votes, key=lambda one: (-votes[one], -float(whole[one]), one))
    also = [one for one in rest[:1] if votes[one] >= _ALSO_SHARE * votes[first]]
    return _About([first, *also], sure=votes[first] >= _SURE_SHARE * len(fit))


def _naming(own: dict[str, list[_Own]], about: _About, *, many: bool) -> Naming:
    services = [concepts()[number] for number in about.services]
    names = {}
    for language in LANGUAGES:
        label = " / ".join(service.wording[language].label for service in services)
        names[language] = _name(label, own.get(language, []), sure=about.sure, many=many)
    keyphrases = {language: tuple(one.surface for one in own.get(language, [])) for language in LANGUAGES}
    return Naming(names, keyphrases, services[0].id)


def _name(label: str, own: Sequence[_Own], *, sure: bool, many: bool) -> str:
    """Name a large group by what its texts share; a small one by its service and what its texts say of it; where the
    service (``label``) is not sure, or what they share tells nothing of it, by their own words alone.
    """
    shared = [one for one in own if one.shared]
    telling = [one.surface for one in (*shared, *own) if one.shared or one.near or one.told]
    if many and shared:
        return " / ".join(one.surface for one in shared[:2])
    if telling and (not sure or (shared and not any(one.told for one in shared))):
        return " / ".join(telling[:2]) if many else telling[0]
    detail = next((one for one in telling if not overlap(one, label)), "")
    return f"{label}: {detail}" if detail and not many else label

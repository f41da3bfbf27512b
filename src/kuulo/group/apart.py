"""Apart: groups of one theme that have got the same name get one more word each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kuulo.group.cluster import Array
from kuulo.group.name import Embed, Naming
from kuulo.group.noun_phrases import overlap
from kuulo.lang.services import LANGUAGES, Concept, concepts

# A word of the vocabulary tells a group from others only where it is so near to its centre.
_NEAR = 0.1


def told_apart(
    namings: Sequence[Naming], parents: Sequence[str], *, centres: Sequence[Array], embed: Embed
) -> list[Naming]:
    """Give groups of one parent that have equal names a word of their own each: one of residents' own phrases, else
    the word of their service that is nearest to their unit centre. Where no word is left, they keep the name.
    """
    alike = list(_alike(namings, parents))
    near = _Near(namings, [(place, language) for language, places in alike for place in places], centres, embed)
    names = [dict(naming.names) for naming in namings]
    for language, places in alike:
        taken: set[str] = set()
        for place in places:
            name = names[place][language]
            further = [*namings[place].keyphrases.get(language, ()), *near.words(place, language)]
            word = next((one for one in further if not overlap(one, name) and one not in taken), "")
            if word:
                taken.add(word)
                names[place][language] = f"{name}, {word}" if ": " in name else f"{name}: {word}"
    return [replace(naming, names=by) for naming, by in zip(namings, names, strict=True)]


def _alike(namings: Sequence[Naming], parents: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """Give the places of namings that have one parent and one name, with the language."""
    for language in LANGUAGES:
        places = defaultdict(list)
        for place, (naming, parent) in enumerate(zip(namings, parents, strict=True)):
            places[parent, naming.names.get(language, "").casefold()].append(place)
        yield from ((language, found) for found in places.values() if len(found) > 1)


class _Near:
    """The words of the services of groups, by how near they are to each group."""

    def __init__(
        self, namings: Sequence[Naming], wanted: Sequence[tuple[int, str]], centres: Sequence[Array], embed: Embed
    ) -> None:
        self._services = {place: _services()[namings[place].service] for place, _ in wanted}
        self._centres = centres
        terms = sorted({term for place, language in wanted for term in _terms(self._services[place], language)})
        self._vectors = dict(zip(terms, embed(terms), strict=True)) if terms else {}

    def words(self, place: int, language: str) -> list[str]:
        """Give the words of a group's service that are near enough to its centre, nearest first."""
        nearness = {
            term: float(self._vectors[term] @ self._centres[place])
            for term in _terms(self._services[place], language)
        }
        near = [term for term in nearness if nearness[term] >= _NEAR]
        return sorted(near, key=lambda term: (-round(nearness[term], 5), term))


def _terms(service: Concept, language: str) -> tuple[str, ...]:
    return service.wording[language].words


def _services() -> dict[str, Concept]:
    return {concept.id: concept for concept in concepts()}

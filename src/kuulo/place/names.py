"""Find the places that a text names, each with the reason why the words are taken for a place.

A name that is nothing else is a place in whatever form it stands. One that is also a word (Kallio: rock; Os: ooze) or
that a person marked as ambiguous needs something beside its letters: a capital letter inside a sentence, its own
local case (Malmilla), a word beside it (Malmin asema), a preposition, or that the source is at home there.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kuulo.place.around import Around
from kuulo.place.commonness import is_common
from kuulo.place.gazetteer import Place
from kuulo.place.index import Hit, Index

# How sure each reason makes. They are an order, not measured shares: docs/benchmarks.md tells how they fare.
_SURE = {
    "name": 0.95,
    "name-small": 0.85,
    "own-case": 0.85,
    "own-case-small": 0.5,
    "capital-and-cue": 0.9,
    "capital": 0.8,
    "cue": 0.6,
    "home": 0.55,
    "organisation": 0.35,
    "opening-case": 0.7,
    "opening": 0.5,
    "preposition": 0.3,
}
_AMONG_SEVERAL, _REMEMBERED, _MOST_NESTED = 0.5, 1 << 14, 20


class Mention(NamedTuple):
    """Where a text names a place: ``text[start:end]``, and the ids of all places that it can be (one, mostly).

    ``reason`` is the code of what made it a place, ``facts`` what a sentence on it needs: name, form, cue, case;
    "several" where places of one name could not be told apart. ``confidence`` is 0-1.
    """

    start: int
    end: int
    places: tuple[str, ...]
    name: str
    confidence: float
    reason: str
    facts: Mapping[str, str]


class Names:
    """Finds the names of a gazetteer in texts; ``tables`` is the folder of word tables (``lang.words``)."""

    def __init__(self, index: Index, *, tables: Path | None = None) -> None:
        self._index, self._tables = index, tables
        self._gazetteer = index.gazetteer
        self._doubtful: dict[tuple[str, str, tuple[str, ...], str], bool] = {}
        self._chosen: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}

    def mentions(self, text: str, *, language: str = "", home: str = "") -> list[Mention]:
        """Give the places named in a text, in their order; ``home`` is the id of the area that its source is of."""
        found = list(self._judged(text, language, home))
        if any(len(one.places) > 1 for one in found):
            found = list(self._told_apart(found))
        return found

    def _judged(self, text: str, language: str, home: str) -> Iterator[Mention]:
        for hit in self._index.hits(text):
            around = Around(text, hit)
            places = tuple(dict.fromkeys(spelling.place for spelling in hit.spellings))
            reason, cue = self._reason(around, places, language, home)
            if not reason or around.person() or around.in_web_address():
                continue
            if around.street() and not any(self._gazetteer[place].kind == "street" for place in places):
                continue
            chosen = self._nearest(places, home)
            name = hit.spellings[0].name
            facts = {"name": name, "form": around.written}
            facts |= {"cue": cue} if cue else {}
            if reason.startswith("own-case"):
                facts["case"] = around.local_case()
            sure = _SURE[reason]
            yield Mention(hit.start, hit.end, chosen, name, sure, reason, facts)

    def _reason(self, around: Around, places: tuple[str, ...], language: str, home: str) -> tuple[str, str]:
        """Give why a hit is a place and the word beside it that says so; "" where it is none."""
        if organisation := around.organisation:
            return ("organisation", organisation) if around.capital else ("", "")
        if not self._is_doubtful(around.hit, places, language):
            return ("name" if around.capital else "name-small"), ""
        return self._evidence(around, places, home) or self._by_little(around, places, language)

    def _evidence(self, around: Around, places: tuple[str, ...], home: str) -> tuple[str, str] | None:
        """Give what beside its letters tells that a doubtful name is a place."""
        case, cue = around.local_case(), around.cue
        if case and any(self._gazetteer[place].locative == case for place in places):
            return ("own-case" if around.capital else "own-case-small"), ""
        if around.capital and not around.opens:
            return ("capital-and-cue", cue) if cue else ("capital", "")
        if cue:
            return ("capital-and-cue" if around.capital else "cue"), cue
        if home and any(self._gazetteer.lies_in(place, home) for place in places):
            return "home", ""
        return None

    def _by_little(self, around: Around, places: tuple[str, ...], language: str) -> tuple[str, str]:
        """Judge what has hardly any evidence: a capital letter that opens a sentence, a preposition in a text without
        capitals. A Finnish word that opens a sentence seldom is the bare noun; a Nordic or English one may be any.
        """
        case = around.local_case()
        known = [self._gazetteer[place] for place in places]
        against = _flagged(known) or (case and all(place.locative not in {"", case} for place in known))
        if around.capital and language in {"", "fi"} and self._is_finnish(around.hit) and not against:
            return ("opening-case" if case else "opening"), ""
        if around.preposition and around.text == around.text.lower():
            return "preposition", around.preposition
        return "", ""

    def _is_finnish(self, hit: Hit) -> bool:
        languages = {spelling.language for spelling in hit.spellings}
        return "fi" in languages or ("" in languages and "fi" in self._index.languages)

    def _is_doubtful(self, hit: Hit, places: tuple[str, ...], language: str) -> bool:
        key = (hit.form, hit.spellings[0].plain, places, language)
        known = self._doubtful.get(key)
        if known is None:
            if len(self._doubtful) >= _REMEMBERED:
                self._doubtful.clear()
            known = self._doubtful[key] = self._judged_doubtful(hit, places, language)
        return known

    def _judged_doubtful(self, hit: Hit, places: tuple[str, ...], language: str) -> bool:
        if _flagged(self._gazetteer[place] for place in places):
            return True
        name = hit.spellings[0].plain
        if " " in hit.form or "-" in name or any(letter.isdigit() for letter in name):
            return False
        languages = (language,) if language else self._index.languages
        return any(is_common(word, languages=languages, tables=self._tables) for word in {name, hit.form})

    def _nearest(self, places: tuple[str, ...], home: str) -> tuple[str, ...]:
        """Of places with one name take those at home, and the one that holds the others."""
        if len(places) == 1:
            return places
        known = self._chosen.get((places, home))
        if known is None:
            at_home = tuple(place for place in places if home and self._gazetteer.lies_in(place, home))
            known = self._widest(at_home or places)
            self._chosen[places, home] = known
        return known

    def _widest(self, places: tuple[str, ...]) -> tuple[str, ...]:
        for outer in places if len(places) <= _MOST_NESTED else ():
            if all(self._gazetteer.lies_in(place, outer) for place in places):
                return (outer,)
        return places

    def _told_apart(self, found: list[Mention]) -> Iterator[Mention]:
        """Tell places of one name apart by the places that the same text names beside them."""
        sure = {one.places[0] for one in found if len(one.places) == 1}
        for one in found:
            if len(one.places) == 1:
                yield one
                continue
            beside = tuple(place for place in one.places if self._is_beside(place, sure))
            chosen = self._widest(beside or one.places)
            several = {"several": str(len(chosen))} if len(chosen) > 1 else {}
            confidence = one.confidence * (_AMONG_SEVERAL if several else 1.0)
            yield one._replace(places=chosen, confidence=confidence, facts={**one.facts, **several})

    def _is_beside(self, place: str, sure: set[str]) -> bool:
        mine = self._gazetteer[place]
        return any(
            self._gazetteer.lies_in(place, other) or (mine.parent and mine.parent == self._gazetteer[other].parent)
            for other in sure
        )


def _flagged(places: Iterable[Place]) -> bool:
    """Tell whether a person said of one of these that its name is also something else."""
    return any(place.ambiguous for place in places)

"""Look up words in the names of a gazetteer, in all their forms, without holding all these forms.

The forms of a name begin alike and end in one of a few hundred sets of endings (all names in -la share one). So the
index holds, for each name, its beginning and a reference to a set of endings: 200,000 names take tens of megabytes
where their eight million forms would take a gigabyte. The beginnings stand in order, and each knows the next shorter
one that it begins with: one binary search finds all beginnings of a word.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kuulo.place.gazetteer import Gazetteer
from kuulo.place.spoken import WORD, plain_words, spellings

_CLITICS = ("kin", "kaan", "kään", "han", "hän", "ko", "kö", "pa", "pä")
# So many letters stand before a clitic at least.
_BEFORE_CLITIC = 4
_MARKS = re.compile(r"[^\W_][\u0300-\u036f]*(?:[-'’:]?[^\W_][\u0300-\u036f]*)*")
# What may stand between the words of one name.
_GAP = re.compile(r"[ \u00a0]{1,2}|\s?\n\s?|-|- |/|\. ")
_LONGEST_WORD, _REMEMBERED, _LOOKED_BACK = 80, 1 << 16, 160
# More places with one name cannot be told apart by anything that a text says; the rest of them is not looked up.
MOST_WITH_ONE_NAME = 500
# So many letters at its end can change in the forms of a name.
_DIFFERENT = 4


class Spelling(NamedTuple):
    """One name as it can end in a text: words before (""), endings of its last word, name (also in lower case, plain
    words), language and place.
    """

    before: str
    endings: frozenset[str]
    name: str
    plain: str
    language: str
    place: str


class Hit(NamedTuple):
    """Names that stand in a text: where, in which form (lower case), and the spellings of the places called so."""

    start: int
    end: int
    form: str
    spellings: tuple[Spelling, ...]


# What a word can end: by how many words stand before it, by these, the word in lower case and the spelling.
Matching = Mapping[int, Mapping[str, Sequence[tuple[str, Spelling]]]]
_NOTHING: Matching = {}


class Index:
    """All names of a gazetteer, ready to be found. Building 200,000 takes some seconds: keep it."""

    def __init__(self, gazetteer: Gazetteer, *, languages: Collection[str] = ()) -> None:
        self.gazetteer, self.languages = gazetteer, tuple(languages)
        self._known: dict[str, Matching] = {}
        by_start = self._by_start()
        self._starts = sorted(by_start)
        self._shorter = _next_shorter(self._starts)
        self._spellings = [tuple(by_start[start]) for start in self._starts]

    def _by_start(self) -> Mapping[str, Sequence[Spelling]]:
        found: defaultdict[str, list[Spelling]] = defaultdict(list)
        called: Counter[str] = Counter()
        shared: dict[frozenset[str], frozenset[str]] = {}
        for place in self.gazetteer.places.values():
            for name, language, forms in spellings(place, self.languages):
                plain = plain_words(name)
                called[plain] += 1
                if called[plain] > MOST_WITH_ONE_NAME:
                    continue
                for before, lasts in _by_opening(plain, forms):
                    start = _common_start(lasts)
                    endings = frozenset(last[len(start) :] for last in lasts)
                    endings = shared.setdefault(endings, endings)
                    found[start].append(Spelling(before, endings, name, plain, language, place.id))
        return found

    def hits(self, text: str) -> list[Hit]:
        """Give the names in a text, in their order; of several that overlap the longest."""
        composed = unicodedata.is_normalized("NFC", text)
        found: list[Hit] = []
        known, look_up = self._known, self._look_up
        for match in WORD.finditer(text) if composed else _MARKS.finditer(text):
            word = match[0]
            matching = known.get(word)
            if matching is None:
                matching = look_up(word)
            if matching:
                found += self._hits_at(text, match.start(), match.end(), matching)
            elif "-" in word and len(word) <= 2 * _LONGEST_WORD:
                found += self._hits_of_parts(text, match)
        return _apart(found)

    def _look_up(self, word: str) -> Matching:
        """Find the spellings that a word can end, and remember them."""
        if len(word) > _LONGEST_WORD:
            return _NOTHING
        plain = unicodedata.normalize("NFC", word).casefold().replace("’", "'")
        found = self._matching(plain)
        if not found and (":" in plain or plain.endswith(_CLITICS)):
            found = next(filter(None, map(self._matching, _shortened(plain))), _NOTHING)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[word] = found
        return found

    def _matching(self, form: str) -> Matching:
        """Give the spellings that end in this form, those with the shortest beginnings first."""
        starts, begun = self._starts, list[int]()
        at = bisect_right(starts, form) - 1
        while at >= 0:
            if form.startswith(starts[at]):
                begun.append(at)
            at = self._shorter[at]
        if not begun:
            return _NOTHING
        found: dict[int, dict[str, list[tuple[str, Spelling]]]] = {}
        for at in reversed(begun):
            ending = form[len(starts[at]) :]
            for one in self._spellings[at]:
                if ending in one.endings:
                    words = one.before.count(" ") + 1 if one.before else 0
                    found.setdefault(words, {}).setdefault(one.before, []).append((form, one))
        return found

    def _hits_at(self, text: str, start: int, end: int, matching: Matching) -> Iterator[Hit]:
        """Yield a hit for each beginning that fits: of "Malmin lentokenttä" also "lentokenttä", if both are names."""
        by_start: dict[tuple[int, str], list[Spelling]] = defaultdict(list)
        for words, by_opening in matching.items():
            # looked at once, however many names end alike: a town has hundreds of schools
            opening = _words_before(text, start, words) if words else ("", start)
            if opening is not None:
                for form, spelling in by_opening.get(opening[0], ()):
                    by_start[opening[1], f"{opening[0]} {form}".lstrip()].append(spelling)
        for (begins, form), spellings_here in by_start.items():
            yield Hit(begins, end, form, tuple(_nearest(spellings_here, form)))

    def _hits_of_parts(self, text: str, match: re.Match[str]) -> Iterator[Hit]:
        """Look at the parts of a word that is no name as a whole, the longest first: Kallio-Itä-Pasila."""
        ends = [at for at, letter in enumerate(match[0]) if letter == "-"] + [len(match[0])]
        begin = 0
        for end in ends:
            for stop in (one for one in reversed(ends) if one >= end):
                part = match[0][begin:stop]
                matching = self._known.get(part)
                if matching is None:
                    matching = self._look_up(part)
                first = match.start() + begin
                alone = {0: matching[0]} if 0 in matching else {}
                yield from self._hits_at(text, first, first + len(part), alone)
            begin = end + 1


def _by_opening(plain: str, forms: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Part the forms of a name by what stands before its last word, and by how that begins: where the first part
    inflects too (Uudessakaupungissa), all together would begin with hardly a letter.
    """
    alike = max(1, len(plain.rpartition(" ")[2]) - _DIFFERENT)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for form in forms:
        before, _, last = form.rpartition(" ")
        found[before, last[:alike]].append(last)
    for (before, _), lasts in found.items():
        yield before, lasts


def _common_start(words: list[str]) -> str:
    first, last = min(words), max(words)
    length = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:length]


def _next_shorter(starts: Sequence[str]) -> Sequence[int]:
    """Give for each beginning, in their order, which is the longest other one that it begins with; -1 for none."""
    found, open_ones = array("i"), list[int]()
    for at, start in enumerate(starts):
        while open_ones and not start.startswith(starts[open_ones[-1]]):
            open_ones.pop()
        found.append(open_ones[-1] if open_ones else -1)
        open_ones.append(at)
    return found


def _shortened(plain: str) -> Iterator[str]:
    """Give what else a word is looked up as: without the colon of its ending, without one clitic."""
    if ":" in plain:
        yield plain.replace(":", "")
    if plain.endswith(_CLITICS):
        shorter = next(plain.removesuffix(clitic) for clitic in _CLITICS if plain.endswith(clitic))
        if len(shorter) >= _BEFORE_CLITIC:
            yield shorter


def _words_before(text: str, start: int, count: int) -> tuple[str, int] | None:
    """Give the plain words before a place in a text, and where they begin; None where not so many stand together."""
    behind = start
    opening = text[max(0, start - _LOOKED_BACK) : start]
    offset = start - len(opening)
    words = list(_MARKS.finditer(opening))[-count:]
    if len(words) < count:
        return None
    for word in reversed(words):
        if not _GAP.fullmatch(text[offset + word.end() : behind]):
            return None
        behind = offset + word.start()
    return plain_words(unicodedata.normalize("NFC", " ".join(word[0] for word in words))), behind


def _nearest(spellings_here: list[Spelling], form: str) -> list[Spelling]:
    """Keep names that stand as they are before those that only have such a form: Osen is Osen, not Os."""
    own = [one for one in spellings_here if one.plain == form]
    return own or spellings_here


def _apart(found: list[Hit]) -> list[Hit]:
    """Take the longest of those that overlap."""
    if len(found) < 2:
        return found
    found.sort(key=lambda one: (one.start, one.end))
    taken: list[Hit] = []
    touching: list[Hit] = []
    reach = 0
    for hit in found:
        if hit.start >= reach:
            taken += _longest(touching)
            touching = []
        touching.append(hit)
        reach = max(reach, hit.end)
    return taken + _longest(touching)


def _longest(touching: list[Hit]) -> list[Hit]:
    if len(touching) < 2:
        return touching
    # in their order: what begins before a hit ends and overlaps it can only be the last of these
    taken: list[Hit] = []
    for hit in sorted(touching, key=lambda one: (one.start - one.end, one.start)):
        at = bisect_left(taken, hit.end, key=lambda one: one.start)
        if not at or taken[at - 1].end <= hit.start:
            taken.insert(at, hit)
    return taken

"""Find the names of people in texts: by known first names and surnames, titles, initials and closings of letters.

The rules would rather miss a name than take a place for one: many surnames are places (Kallio, Sandvik), and many
first names are words (Toivo, Stig, Hope), so these tell nothing unless something beside them does.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from kuulo.lang.common_words import common_words
from kuulo.lang.forms import finnish_forms
from kuulo.lang.words import word_places

_MOST_WORDS, _MOST_INITIALS = 4, 3
_POSSESSIVE = re.compile(r"['’]s$")
_LOCAL_CASE = re.compile(r"(?:s[st][aä]|l[lt][aä]|lle|aan|een|iin|oon|uun|yyn|ään|öön|[oiöä]ihin)$")
_BETWEEN = re.compile(r" |\u00a0")
_BEHIND_CLOSING = re.compile(r"[.,:!]*\s+|[.,:]")
_INITIAL_GAP = re.compile(r"\. ?|\.-")
_AT_END = re.compile(r"[^\w]*(?:\n|$)")
# Endings of the cases of surnames in -nen that hardly another word has, and of names that end in a consonant.
_NEN = re.compile(r"[aeiouyäöå](?:nen|s(?:elle|ell[aä]|elt[aä]|est[aä]|ess[aä]))$")
_NEN_BASE = re.compile(r"s(?:elle|ell[aä]|elt[aä]|est[aä]|ess[aä])$")
_CASE = re.compile(r"(?:s|in|ille|ill[aä]|ilt[aä]|ist[aä]|iin|i[aä])$")


class PersonName(NamedTuple):
    """Where a name begins and ends in its text, and which rule found it: full name, first name, surname, title,
    initials or closing.
    """

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    opens: bool

    @property
    def plain(self) -> str:
        """The word in lower case, without the English genitive."""
        return _POSSESSIVE.sub("", self.text).casefold()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def person_names(text: str) -> list[PersonName]:
    """Give the names of people in a text, in their order; none overlaps another. Titles are no part of a name."""
    words = _words_of(text)
    return [PersonName(words[at].start, words[stop - 1].end, why) for at, stop, why in _names_among(text, words)]


def words_of_names(texts: Iterable[str]) -> set[str]:
    """Give the words, in lower case, that stand in names of people at least half of the times that they stand.

    A word that is a known name and nothing else counts also where a capital letter tells nothing.
    """
    total: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for text in texts:
        words = _words_of(text)
        total.update(word.text.casefold() for word in words)
        within = {place for at, stop, _ in _names_among(text, words) for place in range(at, stop)}
        for at, word in enumerate(words):
            if word.capital and (at in within or first_name_alone(word.text) or surname_alone(word.text)):
                inside[word.text.casefold()] += 1
    return {word for word, count in inside.items() if 2 * count >= total[word]}


def _words_of(text: str) -> list[_Word]:
    return [_Word(start, end, text[start:end], opens) for start, end, opens in word_places(text)]


def _names_among(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int, str]]:
    """Give each name: the number of its first word, that of the word behind it, and the rule that found it."""
    at = 0
    while at < len(words):
        stop, why = _name_at(_Place(text, words, at)) if words[at].capital else (0, "")
        if why:
            yield at, stop, why
        at = stop if why else at + 1


def first_name_alone(word: str) -> bool:
    """Tell whether a word is a form of a known first name and nothing else, whatever its case."""
    return _plain(word.casefold()) in _lists().first


def surname_alone(word: str) -> bool:
    """Tell whether a word is a form of a known surname and nothing else, whatever its case."""
    return _plain(word.casefold()) in _lists().surname


@dataclass(frozen=True, slots=True)
class _Place:
    """A word of a text, as the possible beginning of a name."""

    text: str
    words: Sequence[_Word]
    at: int

    def gap(self, left: int) -> str:
        """Give what stands between a word and the next one; a letter that never joins where there is none."""
        if not 0 <= left < len(self.words) - 1:
            return "x"
        return self.text[self.words[left].end : self.words[left + 1].start]

    def before(self) -> str:
        """Give the word before in lower case."""
        return self.words[self.at - 1].plain if self.at else ""


def _name_at(place: _Place) -> tuple[int, str]:
    """Give where the name that begins at a word stops (the number of the word behind it), and why it is one."""
    initials = _after_initials(place)
    run = _run(place, initials)
    if not run or _is_place(place, run[-1]):
        return 0, ""
    for rule in (_by_initials, _by_title, _by_closing, _by_first_name, _by_surname):
        stop, why = rule(place, run, initials)
        if why:
            return stop, why
    return 0, ""


def _after_initials(place: _Place) -> int:
    """Give the number of the first word that is no initial with its full stop."""
    at = place.at
    while at < place.at + _MOST_INITIALS and _is_initial(place, at):
        at += 1
    return at


def _run(place: _Place, first: int) -> list[int]:
    """Give the numbers of words with a capital that may be one name together; small words of names among them."""
    run: list[int] = []
    at = first
    while at < len(place.words) and len(run) < _MOST_WORDS:
        word = place.words[at]
        if run and not _joined(place, at):
            break
        if run and _joins(place, at):
            at += 1
            continue
        if not _may_be_name(word) or (run and (_is_place(place, at) or _is_unknown_with_case(word))):
            break
        run.append(at)
        at += 1
    return run


def _joined(place: _Place, at: int) -> bool:
    """Tell whether a word stands right behind the one before, or behind an initial."""
    if _is_initial(place, at - 1):
        return True
    return bool(_BETWEEN.fullmatch(place.gap(at - 1))) and not place.words[at].opens


def _joins(place: _Place, at: int) -> bool:
    """Tell whether a word is a small one or an initial inside a name."""
    if at + 1 == len(place.words) or not _may_be_name(place.words[at + 1]):
        return False
    small = place.words[at].text in _lists().particle and _BETWEEN.fullmatch(place.gap(at))
    return bool(small) or _is_initial(place, at)


def _is_initial(place: _Place, at: int) -> bool:
    word = place.words[at]
    return len(word.text) == 1 and word.capital and bool(_INITIAL_GAP.fullmatch(place.gap(at)))


def _by_initials(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    """Two initials before any word with a capital, or one before what could be a surname."""
    many = after - place.at
    letters = "".join(word.text for word in place.words[place.at : after])
    likely = many > 1 and letters not in _lists().no_name
    likely |= many == 1 and _likeness(place.words[run[0]]) > 0
    return (run[0] + 1, "initials") if likely else (0, "")


def _by_title(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    first, gap = place.words[run[0]], place.gap(place.at - 1)
    fits = (
        after == place.at
        and _is_title(place)
        and (_BETWEEN.fullmatch(gap) or (gap.startswith(".") and place.before() in _lists().short_title))
        and not _is_unknown_with_case(first)
    )
    return (run[-1] + 1, "title") if fits else (0, "")


def _is_title(place: _Place) -> bool:
    """Tell whether the word before is a title; HR is none."""
    before = place.at - 1
    if before > 0 and place.words[before].text in _lists().particle and _BETWEEN.fullmatch(place.gap(before - 1)):
        before -= 1
    return before >= 0 and place.words[before].plain in _lists().title and not _shouted(place.words[before])


def _by_closing(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    """A name under a letter, behind "terv." or "mvh"."""
    known = _first_name(place.words[run[0]])
    at_end = _AT_END.match(place.text, place.words[run[-1]].end)
    fits = (
        after == place.at
        and place.before() in _lists().closing
        and _BEHIND_CLOSING.fullmatch(place.gap(place.at - 1))
        and (known == "sure" or (at_end and (known or _likeness(place.words[run[-1]]) > 1)))
    )
    return (run[-1] + 1, "closing") if fits else (0, "")


def _by_first_name(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    first = place.words[run[0]]
    known = _first_name(first)
    if after != place.at or not known or place.before() in _lists().holy:
        return 0, ""
    if len(run) > 1:
        needed = 0 if known == "sure" else 3 if first.opens else 1
        if max(_likeness(place.words[at]) for at in run[1:]) >= needed:
            return _end_of_full_name(place, run), "full name"
    alone = not (first.opens or _shouted(first) or _behind_capital(place) or _before_place(place, run[0]))
    return (run[0] + 1, "first name") if alone and known == "sure" else (0, "")


def _end_of_full_name(place: _Place, run: list[int]) -> int:
    """Stop behind the first surname, but take its second part along."""
    for here, after in zip(run[1:], [*run[2:], -1], strict=True):
        if _likeness(place.words[here]) > 1 and not (after > 0 and _likeness(place.words[after]) > 1):
            return here + 1
    return run[-1] + 1


def _by_surname(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    """A surname that is nothing else, where a sentence goes on; with the first names that stand beside it."""
    sure = [_likeness(place.words[at]) == 3 for at in run]
    opens = place.words[place.at].opens
    if after != place.at or not any(sure):
        return 0, ""
    beside = [at for at in run[1:] if _first_name(place.words[at])]
    if sure[0] and (beside or not (opens or _shouted(place.words[place.at]) or _behind_capital(place))):
        return (beside[-1] if beside else run[0]) + 1, "surname"
    if not opens and not sure[0] and not _behind_capital(place):
        return run[sure.index(True)] + 1, "surname"
    return 0, ""


def _behind_capital(place: _Place) -> bool:
    """Tell whether a word with a capital stands right before, so that both are one name of something else."""
    before = place.words[place.at - 1] if place.at else None
    return bool(
        before and before.capital and not before.opens and before.plain not in _lists().title
        and len(before.text) > 1 and _BETWEEN.fullmatch(place.gap(place.at - 1))
    )  # fmt: skip


def _before_place(place: _Place, at: int) -> bool:
    """Tell whether the next word belongs to the name of a place, and this one so too: Tapio Wirkkalan puisto."""
    after = at + 1
    joined = after < len(place.words) and place.words[after].capital and _joined(place, after)
    return joined and _is_place(place, after)


def _is_place(place: _Place, at: int) -> bool:
    """Tell whether a word is the name of a place, or the word behind it makes it one: Karl Johans gate."""
    if _is_compound(place.words[at]) or _names_place(place.words[at].plain):
        return True
    if at + 1 == len(place.words) or not re.fullmatch(r"[ \u00a0-]| & ", place.gap(at)):
        return False
    after = place.words[at + 1]
    lists = _lists()
    return after.plain in lists.place or after.plain.endswith(lists.long_place_ending) or after.text in lists.company


def _is_compound(word: _Word) -> bool:
    """Tell whether a word is made of a name and a common word: Aasen-tunet."""
    return "-" in word.text and word.text.rpartition("-")[2][:1].islower()


def _may_be_name(word: _Word) -> bool:
    """Tell whether a word could be a part of a name: with a capital, and no everyday word."""
    if not word.capital or len(word.text) < 2 or word.text in _lists().no_name or _is_compound(word):
        return False
    known = bool(_first_name(word)) or _likeness(word) > 1
    return known or not (_shouted(word) or word.plain in _everyday() or _names_place(word.plain))


def _shouted(word: _Word) -> bool:
    return word.text[:2].isupper() and len(word.text) > 1 and word.text[1].isalpha()


def _first_name(word: _Word) -> str:
    """Give "sure" or "doubtful" for a form of a known first name, "" for others."""
    lists = _lists()
    parts = word.plain.split("-")
    if any(part not in lists.first and part not in lists.doubtful for part in parts):
        return ""
    return "sure" if len(parts) > 1 or parts[0] in lists.first else "doubtful"


def _likeness(word: _Word) -> int:
    """Give how much a word looks like a surname: 3 it is nothing else, 2 a place or word too, 1 by its ending, 0."""
    return max(map(_surname, word.plain.split("-")))


@lru_cache(maxsize=1 << 14)
def _surname(plain: str) -> int:
    lists = _lists()
    if plain in lists.surname:
        return 3
    if plain in lists.no_surname or plain in _everyday():
        return 0
    if plain in lists.place_like:
        return 2
    base = _NEN_BASE.sub("nen", plain)
    if _NEN.search(plain) and len(plain) > 5 and not base.endswith(lists.no_surname_ending):
        return 3
    base = _CASE.sub("", plain)
    if base.endswith(lists.alone) and not base.endswith(("nen", "nens")) and base not in lists.alone:
        return 3
    return int(plain.endswith(lists.beside) and len(plain) > 4)


def _is_unknown_with_case(word: _Word) -> bool:
    """Tell whether a word stands in a Finnish case of place without being a known name: from Turku, in Kallio."""
    known = _first_name(word) or word.plain in _lists().surname or _surname(word.plain) == 3
    return not known and bool(_LOCAL_CASE.search(word.plain)) and not _nominative(word.plain)


def _nominative(plain: str) -> bool:
    """Tell whether an ending that looks like a case is the name's own: Mattila, Koskela."""
    return plain.endswith(("la", "lä")) and not plain.endswith(("lla", "llä"))


@lru_cache(maxsize=1 << 14)
def _names_place(plain: str) -> bool:
    lists = _lists()
    return plain in lists.place or (
        plain.endswith(lists.place_ending) and plain not in lists.surname and plain not in lists.place_like
    )


def _plain(lower: str) -> str:
    return _POSSESSIVE.sub("", lower)


@cache
def _everyday() -> frozenset[str]:
    return common_words("")


@dataclass(frozen=True, slots=True)
class _Lists:
    """What stands in person_names.toml, names with their forms, lower case but where the case tells."""

    first: frozenset[str]
    doubtful: frozenset[str]
    surname: frozenset[str]
    place_like: frozenset[str]
    no_surname: frozenset[str]
    title: frozenset[str]
    short_title: frozenset[str]
    closing: frozenset[str]
    place: frozenset[str]
    holy: frozenset[str]
    particle: frozenset[str]
    company: frozenset[str]
    no_name: frozenset[str]
    no_surname_ending: tuple[str, ...]
    alone: tuple[str, ...]
    beside: tuple[str, ...]
    place_ending: tuple[str, ...]
    long_place_ending: tuple[str, ...]


@cache
def _lists() -> _Lists:
    stored = tomllib.loads((files("kuulo.lang") / "person_names.toml").read_text("utf-8"))
    words, titles = stored["words"], stored["title"]
    first, doubtful = set(_words_in(stored["first"])), set(_words_in(stored["doubtful"])) | common_words("")
    sure = (first | _with_forms(first)) - doubtful
    return _Lists(
        first=frozenset(sure),
        # a name that is an everyday word somewhere is doubtful too: Ole, Per
        doubtful=(_with_forms(_words_in(stored["doubtful"])) | first) - sure,
        surname=_with_forms(stored["surname"].split()),
        place_like=_with_forms(stored["place_like"].split()),
        no_surname=_with_forms(stored["no_surname"].split()),
        title=frozenset(titles["words"].split() + titles["short"].split()),
        short_title=frozenset(titles["short"].split()),
        closing=frozenset(words["closing"].split()),
        place=_with_forms(words["place"].split()),
        holy=frozenset(words["holy"].split()),
        particle=frozenset(words["particle"].split()),
        company=frozenset(words["company"].split()),
        no_name=frozenset([*words["no_name"].split(), *words["company"].split()]),
        no_surname_ending=tuple(_words_in(stored["no_surname_ending"])),
        alone=tuple(_words_in(stored["alone"])),
        beside=tuple(_words_in(stored["beside"])),
        place_ending=_endings(words["place_ending"].split()),
        # short ones end many everyday words too: terkkuja, kylässä
        long_place_ending=_endings(ending for ending in words["place_ending"].split() if len(ending) > 4),
    )


def _words_in(text: str) -> Iterator[str]:
    """Give the words of a list, lower case."""
    return (word.casefold() for word in text.split())


def _endings(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_with_forms(names)))


def _with_forms(names: Iterable[str]) -> frozenset[str]:
    """Give names in their Finnish cases and with the genitive s of the other languages."""
    found: set[str] = set()
    for name in names:
        found |= finnish_forms(name) | {name.casefold() + "s"}
    return frozenset(found)

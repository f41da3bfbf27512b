"""Find the names of people in texts: by known first names and surnames, titles, initials and closings of letters.

The rules would rather miss a name than take a place for one: many surnames are places (Kallio, Sandvik), and many
first names are words (Toivo, Stig, Hope), so these tell nothing unless something beside them does.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kuulo.lang.name_lists import (
    FirstName,
    Likeness,
    everyday,
    first_name,
    first_name_alone,
    makes_place,
    name_lists,
    names_place,
    surname_alone,
    surname_likeness,
    without_genitive,
)
from kuulo.lang.words import word_places

_MOST_WORDS, _MOST_INITIALS, _LONGEST = 4, 3, 50
_LOCAL_CASE = re.compile(r"(?:s[st][aä]|l[lt][aä]|lle|aan|een|iin|oon|uun|yyn|ään|öön|[oiöä]ihin)$")
_BETWEEN = re.compile(r" |\u00a0")
_BEHIND_CLOSING = re.compile(r"[.,:!]*\s+|[.,:]")
_INITIAL_GAP = re.compile(r"\. ?|\.-")
_AT_END = re.compile(r"[^\w]*(?:\n|$)")


class PersonName(NamedTuple):
    """Where a name begins and ends in its text, and which rule found it: full name, first name, surname, title,
    initials or closing.
    """

    start: int
    end: int
    why: str


class _Known(NamedTuple):
    """What is known of a word by itself; ``plain`` is it in lower case, without the English genitive."""

    plain: str
    first_name: FirstName
    likeness: Likeness


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    opens: bool

    @property
    def plain(self) -> str:
        return _known(self.text).plain

    @property
    def first_name(self) -> FirstName:
        return _known(self.text).first_name

    @property
    def likeness(self) -> Likeness:
        return _known(self.text).likeness

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def _known(word: str) -> _Known:
    # what is longer is no name, and not to be remembered
    return _looked_up(word) if len(word) <= _LONGEST else _Known("", FirstName.NONE, Likeness.NONE)


@lru_cache(maxsize=1 << 14)
def _looked_up(word: str) -> _Known:
    plain = without_genitive(word)
    return _Known(plain, first_name(plain), surname_likeness(plain))


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
    small = place.words[at].text in name_lists().particle and _BETWEEN.fullmatch(place.gap(at))
    return bool(small) or _is_initial(place, at)


def _is_initial(place: _Place, at: int) -> bool:
    word = place.words[at]
    return len(word.text) == 1 and word.capital and bool(_INITIAL_GAP.fullmatch(place.gap(at)))


def _by_initials(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    """Two initials before any word with a capital, or one before what could be a surname."""
    many = after - place.at
    letters = "".join(word.text for word in place.words[place.at : after])
    likely = many > 1 and letters not in name_lists().no_name
    likely |= many == 1 and place.words[run[0]].likeness > Likeness.NONE
    return (run[0] + 1, "initials") if likely else (0, "")


def _by_title(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    first, gap = place.words[run[0]], place.gap(place.at - 1)
    fits = (
        after == place.at
        and _is_title(place)
        and (_BETWEEN.fullmatch(gap) or (gap.startswith(".") and place.before() in name_lists().short_title))
        and not _is_unknown_with_case(first)
    )
    return (run[-1] + 1, "title") if fits else (0, "")


def _is_title(place: _Place) -> bool:
    """Tell whether the word before is a title; HR is none."""
    before = place.at - 1
    if before > 0 and place.words[before].text in name_lists().particle and _BETWEEN.fullmatch(place.gap(before - 1)):
        before -= 1
    return before >= 0 and place.words[before].plain in name_lists().title and not _shouted(place.words[before])


def _by_closing(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    """A name under a letter, behind "terv." or "mvh"."""
    known = place.words[run[0]].first_name
    at_end = _AT_END.match(place.text, place.words[run[-1]].end)
    fits = (
        after == place.at
        and place.before() in name_lists().closing
        and _BEHIND_CLOSING.fullmatch(place.gap(place.at - 1))
        and (known is FirstName.SURE or (at_end and _may_sign(place, run)))
    )
    return (run[-1] + 1, "closing") if fits else (0, "")


def _may_sign(place: _Place, run: list[int]) -> bool:
    """Tell whether words that end a letter can be a name: two of them, or one that is known."""
    known = place.words[run[0]].first_name or place.words[run[-1]].likeness >= Likeness.ALSO_A_WORD
    return bool(known) or len(run) > 1


def _by_first_name(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    first = place.words[run[0]]
    known = first.first_name
    if after != place.at or not known or place.before() in name_lists().holy:
        return 0, ""
    if len(run) > 1:
        needed = Likeness.NONE if known is FirstName.SURE else Likeness.SURE if first.opens else Likeness.BY_ENDING
        if max(place.words[at].likeness for at in run[1:]) >= needed:
            return _end_of_full_name(place, run), "full name"
    alone = not (first.opens or _shouted(first) or _behind_capital(place) or _before_place(place, run[0]))
    return (run[0] + 1, "first name") if alone and known is FirstName.SURE else (0, "")


def _end_of_full_name(place: _Place, run: list[int]) -> int:
    """Stop behind the first surname, but take its second part along."""
    for here, after in zip(run[1:], [*run[2:], -1], strict=True):
        if place.words[here].likeness >= Likeness.ALSO_A_WORD and not (
            after > 0 and place.words[after].likeness >= Likeness.ALSO_A_WORD
        ):
            return here + 1
    return run[-1] + 1


def _by_surname(place: _Place, run: list[int], after: int) -> tuple[int, str]:
    """A surname that is nothing else, where a sentence goes on; with the first names that stand beside it."""
    sure = [place.words[at].likeness == Likeness.SURE for at in run]
    opens = place.words[place.at].opens
    if after != place.at or not any(sure):
        return 0, ""
    beside = [at for at in run[1:] if place.words[at].first_name]
    if sure[0] and (beside or not (opens or _shouted(place.words[place.at]) or _behind_capital(place))):
        return (beside[-1] if beside else run[0]) + 1, "surname"
    if not opens and not sure[0] and not _behind_capital(place):
        return run[sure.index(True)] + 1, "surname"
    return 0, ""


def _behind_capital(place: _Place) -> bool:
    """Tell whether a word with a capital stands right before, so that both are one name of something else."""
    before = place.words[place.at - 1] if place.at else None
    return bool(
        before and before.capital and not before.opens and before.plain not in name_lists().title
        and len(before.text) > 1 and _BETWEEN.fullmatch(place.gap(place.at - 1))
    )  # fmt: skip


def _before_place(place: _Place, at: int) -> bool:
    """Tell whether the next word belongs to the name of a place, and this one so too: Tapio Wirkkalan puisto."""
    after = at + 1
    joined = after < len(place.words) and place.words[after].capital and _joined(place, after)
    return joined and _is_place(place, after)


def _is_place(place: _Place, at: int) -> bool:
    """Tell whether a word is the name of a place, or the word behind it makes it one: Karl Johans gate."""
    if _is_compound(place.words[at]) or names_place(place.words[at].plain):
        return True
    if at + 1 == len(place.words) or not re.fullmatch(r"[ \u00a0-]| & ", place.gap(at)):
        return False
    after = place.words[at + 1]
    return makes_place(after.plain) or after.text in name_lists().company


def _is_compound(word: _Word) -> bool:
    """Tell whether a word is made of a name and a common word: Aasen-tunet."""
    return "-" in word.text and word.text.rpartition("-")[2][:1].islower()


def _may_be_name(word: _Word) -> bool:
    """Tell whether a word could be a part of a name: with a capital, and no everyday word."""
    if not word.capital or len(word.text) < 2 or word.text in name_lists().no_name or _is_compound(word):
        return False
    known = bool(word.first_name) or word.likeness >= Likeness.ALSO_A_WORD
    return known or not (_shouted(word) or word.plain in everyday() or names_place(word.plain))


def _shouted(word: _Word) -> bool:
    return word.text[:2].isupper() and len(word.text) > 1 and word.text[1].isalpha()


def _is_unknown_with_case(word: _Word) -> bool:
    """Tell whether a word stands in a Finnish case of place without being a known name: from Turku, in Kallio."""
    known = bool(word.first_name) or word.plain in name_lists().surname or word.likeness == Likeness.SURE
    return not known and bool(_LOCAL_CASE.search(word.plain)) and not _nominative(word.plain)


def _nominative(plain: str) -> bool:
    """Tell whether an ending that looks like a case is the name's own: Mattila, Koskela."""
    return plain.endswith(("la", "lä")) and not plain.endswith(("lla", "llä"))

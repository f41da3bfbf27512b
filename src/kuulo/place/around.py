"""What stands around a name in its text: the evidence for and against its being a place there."""

import re

from kuulo.lang.name_lists import FirstName, Likeness, first_name, name_lists, surname_likeness
from kuulo.lang.streets import addresses
from kuulo.place.cues import cues
from kuulo.place.index import Hit

_LOOKED_AT, _LONGEST_LETTERS = 80, 4
_BEFORE = re.compile(r"([^\W_]+(?:[-'’][^\W_]+)*\.?)$")
_AFTER = re.compile(r"[ \u00a0]([^\W_]+(?:[-'’][^\W_]+)*)")
_STOPS, _OPENERS = ".!?:;\n…", "\"'”»„«([*•–—#- \t\r\u00a0"
_SPACES = " \u00a0"
_IN_ADDRESS = re.compile(r"://|www\.|@|\.(?:fi|se|no|com|org|net|eu|ax)\b", re.IGNORECASE)
_INNER = re.compile(r"(?:ss[aä]|st[aä])$")
_ILLATIVE = re.compile(r"(?P<v>[aeiouyäöå])(?P=v)n$")
_OUTER = re.compile(r"(?:ll[aä]|lt[aä]|lle)$")
_DIGIT_SOON = re.compile(r"[^.!?\n]{0,40}?\d")


class Around:
    """A hit in its text: ``written`` as it stands there, with the words right before and behind it ("" for none)."""

    __slots__ = ("_after", "_before", "_name", "hit", "text", "word_after", "word_before", "written")

    def __init__(self, text: str, hit: Hit) -> None:
        self.text, self.hit = text, hit
        self.written = text[hit.start : hit.end]
        self._before = text[max(0, hit.start - _LOOKED_AT) : hit.start]
        self._after = text[hit.end : hit.end + _LOOKED_AT]
        self._name = hit.spellings[0].plain
        self.word_before, self.word_after = _last_word(self._before), _first_word(self._after)

    @property
    def capital(self) -> bool:
        """Tell whether it has a capital letter that tells something: not in a text that is all capitals, and not
        in a word of a few capitals, which could be letters that stand for something.
        """
        written = self.written.partition(":")[0]
        if not written.isupper():
            return written[0].isupper()
        return len(written) > _LONGEST_LETTERS and not _is_shouted(self._before + self._after)

    @property
    def opens(self) -> bool:
        """Tell whether it opens a sentence, where a capital letter tells nothing."""
        before = self._before.rstrip(_OPENERS)
        return not before or before[-1] in _STOPS

    @property
    def cue(self) -> str:
        """Give the word beside it that tells that it is a place, "" for none."""
        after, before = self.word_after.casefold(), self.word_before.casefold()
        return after if after in cues().behind else before if before in cues().before else ""

    @property
    def preposition(self) -> str:
        """Give the preposition of place before it, "" for none."""
        before = self.word_before.casefold()
        return before if before in cues().preposition else ""

    @property
    def organisation(self) -> str:
        """Give the word behind it that makes it the name of somebody (Turun yliopisto), "" for none."""
        after = self.word_after.casefold()
        return after if after in cues().organisation or self.word_after in name_lists().company else ""

    def local_case(self) -> str:
        """Give "inner" or "outer" for a Finnish case of place, "" for another form."""
        form, name = self.hit.form, self._name
        if form == name:
            return ""
        if _OUTER.search(form):
            return "outer"
        return "inner" if _INNER.search(form) or _is_illative(form, name) else ""

    def person(self) -> str:
        """Give the word beside it that makes it somebody's name (Heikki Kallio, rouva Laakso), "" for none."""
        if not self.written[0].isupper():
            return ""
        before, after = self.word_before, self.word_after
        if before[:1].isupper() and not self.local_case() and _gives_first_name(before):
            return before
        if before.rstrip(".").casefold() in name_lists().title and not self.local_case():
            return before
        bare = self.hit.form == self._name
        surname = bare and after[:1].isupper() and surname_likeness(after.casefold()) is Likeness.SURE
        return after if surname else ""

    def in_web_address(self) -> bool:
        """Tell whether it stands in a link, an e-mail address or somebody's handle."""
        start = "" if not self._before or self._before[-1].isspace() else self._before.split()[-1]
        end = "" if not self._after or self._after[0].isspace() else self._after.split()[0]
        return bool((start or end) and _IN_ADDRESS.search(f"{start}{self.written}{end}"))

    def street(self) -> str:
        """Give the street with a house number that it is a part of (Porvoon katu 5), "" for none."""
        if not _DIGIT_SOON.match(self._after):
            return ""
        near = self._before + self.written + self._after
        start = len(self._before)
        for one in addresses(near):
            if one.start <= start < one.end and one.number[0] >= start + len(self.written):
                return near[one.start : one.number[0]].strip()
        return ""


def _last_word(before: str) -> str:
    plain = before.rstrip(_SPACES)
    if not plain or not 1 <= len(before) - len(plain) <= 2:
        return ""
    found = _BEFORE.search(plain, len(plain) - len(plain.split()[-1]))
    return found[1] if found else ""


def _first_word(after: str) -> str:
    found = _AFTER.match(after)
    return found[1] if found else ""


def _is_illative(form: str, name: str) -> bool:
    """Tell Kallioon and Brändöhön; Espoon is a genitive."""
    if form[-3:-2] == "h" and form[:-3] == name:
        return True
    return bool(_ILLATIVE.search(form)) and form[:-1] != name


def _is_shouted(around: str) -> bool:
    letters = [letter for letter in around if letter.isalpha()]
    return not letters or sum(map(str.isupper, letters)) > len(letters) * 0.6


def _gives_first_name(word: str) -> bool:
    """Tell a first name, or the full stop of an initial."""
    if word.endswith("."):
        return len(word) == 2 and word[0].isupper()
    return first_name(word.casefold()) is FirstName.SURE

"""What stands around a name in its text: the evidence for and against its being a place there."""

import re
from dataclasses import dataclass
from functools import cached_property

from kuulo.lang.name_lists import FirstName, Likeness, first_name, name_lists, surname_likeness
from kuulo.lang.streets import addresses
from kuulo.place.cues import cues
from kuulo.place.index import Hit
from kuulo.place.spoken import plain_words

_LOOKED_AT, _LONGEST_LETTERS = 80, 4
_BEFORE = re.compile(r"([^\W_]+(?:[-'’][^\W_]+)*\.?)$")
_AFTER = re.compile(r"[ \u00a0]([^\W_]+(?:[-'’][^\W_]+)*)")
_STOPS, _OPENERS = ".!?:;\n…", "\"'”»„«([*•–—#- \t\r\u00a0"
_SPACES = " \u00a0"
_IN_ADDRESS = re.compile(r"://|www\.|@|\.(?:fi|se|no|com|org|net|eu|ax)\b", re.IGNORECASE)
_CHUNK = re.compile(r"\S+")
_INNER = re.compile(r"(?:ss[aä]|st[aä])$")
_ILLATIVE = re.compile(r"(?P<v>[aeiouyäöå])(?P=v)n$")
_OUTER = re.compile(r"(?:ll[aä]|lt[aä]|lle)$")
_DIGIT_SOON = re.compile(r"[^.!?\n]{0,40}?\d")


@dataclass(frozen=True)
class Around:
    """A hit in its text."""

    text: str
    hit: Hit

    @cached_property
    def _before(self) -> str:
        return self.text[max(0, self.hit.start - _LOOKED_AT) : self.hit.start]

    @cached_property
    def _after(self) -> str:
        return self.text[self.hit.end : self.hit.end + _LOOKED_AT]

    @cached_property
    def _name(self) -> str:
        return plain_words(self.hit.spellings[0].name)

    @property
    def written(self) -> str:
        """Give the name as it stands in the text."""
        return self.text[self.hit.start : self.hit.end]

    @property
    def capital(self) -> bool:
        """Tell whether it has a capital letter that tells something: not in a text that is all capitals, and not
        in a word of a few capitals, which could be letters that stand for something.
        """
        written = self.written.partition(":")[0]
        if not written.isupper():
            return written[0].isupper()
        return len(written) > _LONGEST_LETTERS and not _is_shouted(self._before + self._after)

    @cached_property
    def opens(self) -> bool:
        """Tell whether it opens a sentence, where a capital letter tells nothing."""
        before = self._before.rstrip(_OPENERS)
        return not before or before[-1] in _STOPS

    @cached_property
    def word_before(self) -> str:
        """Give the word right before, as it stands, "" where another sign is between."""
        before = self._before.rstrip(_SPACES)
        if not 1 <= len(self._before) - len(before) <= 2 or not before:
            return ""
        found = _BEFORE.search(before, len(before) - len(before.split()[-1]))
        return found[1] if found else ""

    @cached_property
    def word_after(self) -> str:
        """Give the word right behind, as it stands, "" where another sign is between."""
        found = _AFTER.match(self._after)
        return found[1] if found else ""

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
        around = f"{self._before}{self.written}{self._after}"
        if not _IN_ADDRESS.search(around):
            return False
        start, end = len(self._before), len(self._before) + len(self.written)
        return any(
            chunk.start() < end and start < chunk.end() and _IN_ADDRESS.search(chunk[0])
            for chunk in _CHUNK.finditer(around)
        )

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

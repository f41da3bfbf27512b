"""Mask what tells who somebody is: names, addresses, numbers of people, telephones, accounts and cars.

What is masked here is pseudonymous, not anonymous: a text can still tell who wrote it. The rules would rather mask
too much than too little, and a mark such as [name] stands in the place of what they found.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from kuulo.lang.forms import finnish_forms
from kuulo.lang.name_lists import first_name_alone, surname_alone
from kuulo.lang.person_names import person_names
from kuulo.lang.words import word_places

_LEADS = re.compile(r"\[(?:email|phone|id|account|plate|handle)\]")
_ONLY_NAMES = re.compile(r"(?:\[name\][\s,;&/-]*)+")
_FINNISH_STREETS = """
katu tie kuja polku kaari raitti väylä ranta rinne aukio tori puisto penger portti esplanadi bulevardi
"""
_NORDIC_STREETS = """
gata gatan gatas gate gaten väg vägen vei veien veg vegen stig stigen sti stien gränd gränden plan planen plats
platsen plass plassen torg torget allé allén alle bakke bakken backe backen svingen løkka ringen kroken kaj kajen kai
kaien esplanaden brygga bryggan brygge bryggen
"""
# Street types that are hardly ever the end of another word before a number.
_SMALL_STREETS = {
    *(form.casefold() for street in ("katu", "kuja", "polku", "tie") for form in finnish_forms(street)),
    *("gata", "gatan", "gate", "gaten", "vägen", "veien", "vegen"),
}
_ENGLISH_STREETS = "street|st|road|rd|lane|avenue|ave|square|drive|court|terrace"


def mask(text: str) -> str:
    """Give a text with marks in the place of what tells who somebody is; a masked text stays as it is."""
    while (masked := _once(text)) != text:
        text = masked
    return text


def tells_who(cell: str) -> bool:
    """Tell whether a short cell is a person's name, or holds an address or a number that leads to a person."""
    masked = mask(cell)
    return masked != cell and bool(_LEADS.search(masked) or _ONLY_NAMES.fullmatch(masked))


def _once(text: str) -> str:
    for rule in _RULES:
        text = rule.pattern.sub(rule.replaced, text)
    return _without_names(text)


def _without_names(text: str) -> str:
    parts, done = [], 0
    for start, end in _joined(_spans_of_names(text)):
        parts += [text[done:start], "[name]"]
        done = end
    return "".join([*parts, text[done:]])


def _spans_of_names(text: str) -> list[tuple[int, int]]:
    """Give where names stand: what the rules for names find, known names that open a sentence or are shouted, and
    full names without a capital letter.
    """
    places = [(start, end) for start, end, _ in word_places(text)]
    found = [(name.start, name.end) for name in person_names(text)]
    for start, end in places:
        word = text[start:end]
        if word[0].isupper() and (first_name_alone(word) or surname_alone(word)):
            found.append((start, end))
    for (start, end), (after, last) in pairwise(places):
        if text[end:after] == " " and first_name_alone(text[start:end]) and surname_alone(text[after:last]):
            found.append((start, last))
    return found


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern, the mark for what it finds, and a test of what was found."""

    mark: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = lambda _found: True

    def replaced(self, found: re.Match[str]) -> str:
        return f"[{self.mark}]" if self.holds(found[0]) else found[0]


def _digits(found: str) -> str:
    return "".join(str(int(sign)) for sign in found if sign.isdecimal())


def _is_date(day: int, month: int) -> bool:
    """Tell whether two numbers are a day and a month, also as people without a full number bear them (D-number,
    coordination number).
    """
    return 1 <= day % 40 <= 31 and day < 72 and 1 <= month % 40 <= 12 and month < 93


def _is_swedish(found: str) -> bool:
    digits = _digits(found)
    digits = digits[2:] if len(digits) == 12 else digits
    first, second, third = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    # Danish ones begin with the day
    dated = (1 <= second <= 12 and 1 <= third % 60 <= 31) or _is_date(first, second)
    return dated and (not found.isdecimal() or len(found) == 12 or _luhn(digits))


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_norwegian(found: str) -> bool:
    digits = _digits(found)
    return _is_date(int(digits[:2]), int(digits[2:4]))


def _is_account(found: str) -> bool:
    """Tell whether an IBAN's check digits fit; those of Nordic length are masked with a slip too."""
    plain = re.sub(r"[ -]", "", found).upper()
    if {"FI": 18, "SE": 24, "NO": 15, "DK": 18, "EE": 20}.get(plain[:2]) == len(plain):
        return True
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _is_phone(found: str) -> bool:
    """Tell whether digits can be a telephone's: no day or years of a calendar, and not the number of a company."""
    digits = _digits(found)
    dated = re.fullmatch(r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])| ?(?:19|20)\d\d)", found)
    return 7 <= len(digits) <= 15 and not dated and not re.fullmatch(r"\d{7}-\d", found)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _street() -> str:
    """Give the pattern of a street with a number: Rantakadulla 5 B 12, Karl Johans gate 22, 12 Hope Street."""
    finnish = {form for street in _FINNISH_STREETS.split() for form in finnish_forms(street)}
    types = _any_of(finnish | set(_NORDIC_STREETS.split()))
    upper = "[A-ZÀ-ÖØ-Þ]"
    number = r"\d{1,4}(?![.,]?\d)(?: ?[A-Za-z](?!\w))?(?: ?\d{1,3}(?!\w))?"
    one = rf"{upper}[\w-]*(?:{types})"
    several = rf"{upper}[\w'’-]*(?: {upper}[\w'’-]*){{0,2}} (?:{types})"
    english = rf"\d{{1,4}}[A-Za-z]? {upper}[\w'’-]*(?: {upper}[\w'’-]*){{0,2}} (?i:{_ENGLISH_STREETS})(?!\w)"
    behind = rf"{upper}[\w'’-]*(?: {upper}[\w'’-]*){{0,2}} (?i:{_ENGLISH_STREETS}) {number}"
    # hurried writers leave the capital out: an inflected street with a number is one all the same
    small = rf"[a-zß-öø-ÿ-]{{3,30}}(?:{_any_of(_SMALL_STREETS)})"
    return rf"(?<![\w'’-])(?:(?:{one}|{several}|{small}) {number}|{english}|{behind})"


def _begins(pattern: str) -> re.Pattern[str]:
    """Give a pattern that begins where no word, and no number with a sign in it, goes on."""
    return re.compile(rf"(?<!\w)(?<!\d[.,/–-]){pattern}", re.IGNORECASE)


# The order tells what a doubtful one is taken for.
_RULES = (
    _Rule("link", re.compile(r"(?:\b(?:https?|ftp)://|\bwww\.)[^\s<>\[\]]*[^\s<>\[\].,;:!?)'\"]", re.IGNORECASE)),
    _Rule("email", re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")),
    _Rule(
        "email",
        re.compile(
            r"(?<![\w.+'-])[\w.+'-]+ ?[(\[{] ?(?:at|ät|miu|miuku|snabel-?a|krøllalfa) ?[)\]}] ?[\w-]+(?:\.[\w-]+)+",
            re.IGNORECASE,
        ),
    ),
    _Rule(
        "link",
        re.compile(r"(?<![\w.-])(?:[\w-]+\.)+(?:fi|se|no|com|org|net|eu|io|me|ax)/[^\s<>\[\]]+", re.IGNORECASE),
    ),
    _Rule(
        "account",
        _begins(r"(?:FI\d\d(?:[ -]?\d){14}|NO\d\d(?:[ -]?\d){11}|SE\d\d(?:[ -]?\d){20})(?!\w)"),
        _is_account,
    ),
    _Rule("account", re.compile(r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?!\w)"), _is_account),
    _Rule("account", _begins(r"\d{4}\.\d\d\.\d{5}(?!\w)")),
    _Rule("id", _begins(r"\d{6}[-+–A-FU-Y]\d{3}[\dA-FHJ-NPR-Y](?!\w)"), _is_swedish),
    _Rule("id", _begins(r"(?:19|20)?\d{6}[-+–]?\d{4}(?![\w])"), _is_swedish),
    _Rule("id", _begins(r"\d{6} ?\d{5}(?!\w)"), _is_norwegian),
    _Rule("phone", _begins(r"(?:\+|00)[1-9](?:[ \-–().]{0,2}\d){6,13}(?!\w)"), _is_phone),
    _Rule("phone", re.compile(r"(?<![\w(])\(0\d{1,3}\)(?:[ –-]?\d){5,9}(?!\w)"), _is_phone),
    _Rule("phone", _begins(r"0[1-9]\d?(?:[ –-]{0,2}\d){5,10}(?!\w)"), _is_phone),
    _Rule("phone", _begins(r"[2-9]\d(?: ?\d\d){3}(?!\w)"), _is_phone),
    _Rule("phone", _begins(r"[2-9]\d\d ?\d\d ?\d{3}(?!\w)"), _is_phone),
    _Rule("plate", re.compile(r"(?<![\w-])(?:[A-ZÅÄÖ]{3}-\d{1,3}|[A-ZÅÄÖ]{2}-\d{2,3})(?![\w-])")),
    _Rule("plate", re.compile(r"(?<![\w-])(?:[A-HJ-PR-UW-Z]{3} ?\d\d[\dA-HJ-PR-UW-Z]|[A-Z]{2} ?\d{5})(?![\w-])")),
    _Rule("address", re.compile(_street())),
    _Rule("handle", re.compile(r"(?<![\w@])@\w(?:[\w.@-]*\w)?")),
)

"""Leads: the numbers, accounts and addresses in a text that lead to a person.

Each rule knows one way of writing one kind of them. What it finds that is surely such a lead is masked for work
already; what may be something else too (a link, the number of the house where a lamp is broken) only in public.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kuulo.lang.streets import Address, addresses, english_addresses

# Blanks, dashes and apostrophes of every kind count as the plain ones.
_ODD, _PLAIN = "\u00a0\u2007\u2009\u202f\u2010\u2011\u2012\u2013\u2014\u2212\u2019\uff20", "    ------'@"
_ALIKE, _ANY_ODD = str.maketrans(_ODD, _PLAIN), re.compile(f"[{_ODD}]")
# Stands where something was found: no word goes on over it.
_FILLER = "]"
_AROUND = 40
Match = re.Match[str]


class Lead(NamedTuple):
    """Where a lead begins and ends in its text, and its kind: link, email, account, id, phone, plate, number (of a
    house and its flat) or handle.
    """

    start: int
    end: int
    kind: str


def leads(text: str, *, public: bool) -> tuple[list[Lead], str]:
    """Give the leads in a text, and the text with fillers of the same length in their place."""
    # most texts hold none: to look is quicker than to translate
    plain = text.translate(_ALIKE) if _ANY_ODD.search(text) else text
    found: list[Lead] = []
    cues = {cue for cue in _CUES if cue.search(plain)}
    for rule in RULES:
        if rule.needs in cues:
            plain = rule.pattern.sub(_taking(rule, found, public=public), plain)
    for find in (addresses, english_addresses) if _DIGIT in cues or "[number]" in plain else ():
        plain = _without_addresses(plain, find, found, public=public)
    return found, plain


def _without_addresses(
    text: str, find: Callable[[str], Iterable[Address]], found: list[Lead], *, public: bool
) -> str:
    """Note the numbers of houses; the streets stay, and are no names of people."""
    there = list(find(text))
    found += (Lead(*one.number, "number") for one in there if not one.marked and (public or one.flat))
    return filled(text, ((one.start, one.end, "number") for one in there))


def filled(text: str, found: Iterable[tuple[int, int, str]]) -> str:
    """Give the text with fillers of the same length in the places that were found; these do not overlap."""
    parts, done = [], 0
    for start, end, _ in sorted(found):
        parts += [text[done:start], _FILLER * (end - start)]
        done = end
    return "".join([*parts, text[done:]])


_AT, _SLASH, _IS, _BRACKET, _DIGIT = map(re.compile, ("@", "/", "[:=]", r"[(\[{<*]", r"\d"))
_WEB = re.compile(r"://|www\.", re.IGNORECASE)
_SAID_AT = re.compile(r" (?:at|ät|miu|miuku|miumau|miukumauku|snabel-?a|alfakrøll|krøll-?alfa) ", re.IGNORECASE)
# an account, a person's number or a telephone has at least seven, and few other signs between them
_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")
# a plate, and an account with the sign of its country, begin with two or three letters
_LETTERS = re.compile(r"(?<!\w)[^\W\d_]{2,3}[ -]?\d")
_CUES = (_AT, _SLASH, _IS, _BRACKET, _DIGIT, _WEB, _SAID_AT, _DIGITS, _LETTERS)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and the kind of what it finds (the group "lead", where it has one).

    ``needs`` finds something in every text that holds one, and is quicker. ``holds`` tests what was found, and
    ``sure`` whether it is masked for work too. What is not is left alone by the rules after one that ``shelters`` it.
    """

    kind: str
    pattern: re.Pattern[str]
    needs: re.Pattern[str]
    holds: Callable[[Match], bool] = lambda _found: True
    sure: Callable[[Match], bool] = lambda _found: True
    shelters: bool = False


def _taking(rule: Rule, found: list[Lead], *, public: bool) -> Callable[[Match], str]:
    group = "lead" if "lead" in rule.pattern.groupindex else 0

    def take(match: Match) -> str:
        if not rule.holds(match):
            return match[0]
        taken = public or rule.sure(match)
        if not taken and not rule.shelters:
            return match[0]
        start, end = match.span(group)
        if taken:
            found.append(Lead(start, end, rule.kind))
        return match.string[match.start() : start] + _FILLER * (end - start) + match.string[end : match.end()]

    return take


def _never(_match: Match) -> bool:
    return False


def _near(words: str, *, behind: bool) -> Callable[[Match], bool]:
    """Give a test whether one of these words, or a word that begins so, stands before (or ``behind``)."""
    cue = re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE)

    def stands(match: Match) -> bool:
        before = match.string[max(0, match.start() - _AROUND) : match.start()]
        return bool(cue.search(before) or (behind and cue.search(match.string[match.end() : match.end() + _AROUND])))

    return stands


_near_id = _near(
    r"hetu|henkilötunnu|henkilönumero|sotu|sosiaaliturvatunnu|personbeteckning|personnummer|personnr|pnr|fødselsnummer|"
    r"fødselsnr|fnr|personnummer|d-nummer|cpr|samordningsnummer|identity (?:code|number)|personal (?:id|number|code)|"
    r"social security|ssn|syntymäaika|född|fødd|født",
    behind=False,
)
_near_plate = _near(
    r"rekisteri|rekkari|rek\.|reknro|kilpi|kilven|kilvet|auto|pakettiauto|mopo|moottoripyörä|skoot|reg\.|regnr|regist|"
    r"\w*bil(?:en|ar|er)?\b|moped|mc\b|skylt|skilt|nummerpl|car\b|van\b|truck|plate|vehicle|parke",
    behind=True,
)


def _digits(found: str) -> str:
    return "".join(str(int(sign)) for sign in found if sign.isdecimal())


def _is_date(day: int, month: int) -> bool:
    """Tell whether two numbers are a day and a month, also as people without a full number bear them (D-number,
    coordination number, and those made for tests).
    """
    return 1 <= day % 40 <= 31 and day < 72 and month < 93 and (1 <= month % 40 <= 12 or 1 <= month - 65 <= 12)


def _is_finnish(match: Match) -> bool:
    digits = _digits(match[0])
    return _is_date(int(digits[:2]), int(digits[2:4]))


def _is_checked_finnish(match: Match) -> bool:
    """Tell whether the control sign fits; a code with its sign of the century may be wrong near a word for it."""
    plain = re.sub(r"[ .-]", "", match[0]).upper()
    if match[0].isdecimal():
        return False
    body = _digits(match[0])
    body = body if plain[-1].isalpha() else body[:-1]
    if len(body) == 11:  # the year in full
        body = body[:4] + body[6:]
    return _is_finnish(match) and ("0123456789ABCDEFHJKLMNPRSTUVWXY"[int(body) % 31] == plain[-1] or _near_id(match))


def _is_nordic(match: Match) -> bool:
    """Tell a Swedish or Danish number: a day of birth and four digits."""
    digits = _digits(match[0])
    digits = digits[2:] if len(digits) == 12 else digits
    first, second, third = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    # Danish ones begin with the day
    return (1 <= second <= 12 and 1 <= third % 60 <= 31) or _is_date(first, second)


def _is_checked_nordic(match: Match) -> bool:
    digits = _digits(match[0])
    return _is_nordic(match) and (_luhn(digits[-10:]) or _near_id(match))


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_card(match: Match) -> bool:
    return _luhn(_digits(match[0]))


def _is_account(match: Match) -> bool:
    """Tell whether an IBAN's check digits fit."""
    plain = re.sub(r"[ -]", "", match[0]).upper()
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


_NO_PHONE = re.compile(
    r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|[ -]{1,3}(?:19|20)\d\d)"  # days, years
    r"|[0-3]\d(?:[ -]{1,3}|\.)[01]\d(?:[ -]{1,3}|\.)(?:19|20)\d\d"
    r"|[012]\d[0-5]\d ?- ?[012]\d[0-5]\d"  # hours
    r"|[012]\d ?- ?[012]\d ?[ -] ?[012]\d ?- ?[012]\d"
    r"|\d{7}-\d"  # a company
)


def _is_phone(match: Match) -> bool:
    """Tell whether digits can be a telephone's: no days, years or hours, and not the number of a company."""
    found = match["lead"] if "lead" in match.re.groupindex else match[0]
    return 7 <= len(_digits(found)) <= 15 and not _NO_PHONE.fullmatch(found)


_IBANS = {
    "FI": 18, "AX": 18, "SE": 24, "NO": 15, "DK": 18, "EE": 20, "DE": 22, "LT": 20, "PL": 28,
}  # fmt: skip


def _ibans() -> str:
    return "|".join(rf"{land}[ -]?\d\d(?:[ -]{{0,2}}\d){{{length - 4}}}" for land, length in _IBANS.items())


def _begins(pattern: str) -> re.Pattern[str]:
    """Give a pattern that begins where no word, and no number with a sign in it, goes on."""
    return re.compile(rf"(?<!\w)(?<!\d[.,-]){pattern}", re.IGNORECASE)


def _phone(pattern: str) -> re.Pattern[str]:
    """Give a pattern that may also begin right behind the word for a telephone."""
    return re.compile(
        rf"(?:(?<!\w)|(?<=\bpuh)|(?<=\btel)|(?<=\btlf))(?<!\d[.,-])(?P<lead>{pattern})(?!\w)", re.IGNORECASE
    )


_DOT = r"(?:\.| ?[(\[{] ?(?:dot|piste|punkt|prikk|punktum) ?[)\]}] ?)"
_DOMAIN = rf"[\w-]++(?:{_DOT}[\w-]+)+"
_AT_WORDS = (
    "at|ät|a|miu|miuku|miumau|miukumauku|ät-merkki|snabel|snabel-?a|alfakrøll|krøll-?alfa|kruskrøll|kattens svans"
)
_ENDS = "fi|se|no|dk|ax|ee|com|org|net|eu|io|me|info|example"
_PEOPLE_AT = (
    r"(?:facebook|fb|instagram|tiktok|twitter|x|threads|snapchat|linkedin|youtube|vk|reddit|t|telegram|wa|bsky|"
    r"pinterest|flickr|github|steamcommunity|ask|linktr|vsco|discord|messenger|m)"
)
_NO_PROFILE = (
    r"(?:groups|events|event|hashtag|explore|watch|search|p|reel|reels|share|sharer|story\.php|marketplace|pages|help|"
    r"policies|playlist|results|embed|company|jobs|s|tag|intent|i)"
)
_PROFILE = (
    rf"(?:https?://)?(?:[a-z-]{{1,8}}\.)?{_PEOPLE_AT}\.(?:com|net|me|app|net|ee|social|be)/"
    rf"(?!{_NO_PROFILE}(?:[/?#]|(?![\w.-])))[^\s<>\[\]()\"]*[\w/=]"
)
_CALLED = (
    r"insta(?:gram|gramissa)?|ig|snap(?:chat|chatissa)?|snäppi|snapissa|tiktok|telegram|discord|twitter|bluesky|mastodon|"
    r"facebook|fb|kik|signal|messenger|steam"
)
# The order tells what a doubtful one is taken for.
RULES = (
    Rule("link", re.compile(rf"(?<![\w.@/-]){_PROFILE}", re.IGNORECASE), _SLASH),
    Rule(
        "link",
        re.compile(r"(?<!\w)https?://[^\s<>\[\]/]+/(?:@|users/|u/|user/|profile/)[^\s<>\[\]]+", re.IGNORECASE),
        _SLASH,
    ),
    Rule("email", re.compile(rf"(?<![\w.+'-])[\w.+'-]++(?:@| @ |@ ){_DOMAIN}", re.IGNORECASE), _AT),
    Rule(
        "email",
        re.compile(
            rf"(?<![\w.+'-])[\w.+'-]++ ?[(\[{{<*] ?(?:{_AT_WORDS}|@) ?[)\]}}>*] ?{_DOMAIN}",
            re.IGNORECASE,
        ),
        _BRACKET,
    ),
    Rule(
        "email",
        re.compile(
            rf"(?<![\w.+'-])(?:(?=[\w+'-]*[.\d_])[\w.+'-]++ (?:at|ät) |[\w.+'-]++ (?:miu|miuku|miumau|miukumauku|"
            rf"snabel-?a|alfakrøll|krøll-?alfa) )[\w-]+(?: ?\. ?| (?:dot|piste|punkt|prikk) )(?:{_ENDS})(?!\w)",
            re.IGNORECASE,
        ),
        _SAID_AT,
    ),
    Rule(
        "link",
        re.compile(r"(?:\b(?:https?|ftp)://|\bwww\.)[^\s<>\[\]]*[^\s<>\[\].,;:!?)'\"]", re.IGNORECASE),
        _WEB,
        sure=_never,
        shelters=True,
    ),
    Rule(
        "link",
        re.compile(rf"(?<![\w.-])(?:[\w-]++\.)+(?:{_ENDS})/[^\s<>\[\]]+", re.IGNORECASE),
        _SLASH,
        sure=_never,
        shelters=True,
    ),
    Rule("account", _begins(rf"(?:{_ibans()})(?!\w)"), _DIGITS),
    Rule(
        "account",
        re.compile(r"(?<!\w)[A-Z]{2}\d\d(?:[ -]?[A-Z\d]{4}){2,7}(?:[ -]?[A-Z\d]{1,3})?(?!\w)"),
        _LETTERS,
        holds=_is_account,
    ),
    Rule("account", _begins(r"\d{4}[. ]\d\d[. ]\d{5}(?!\w)"), _DIGITS),
    Rule("account", _begins(r"\d{4}(?:[ -]?\d{4}){3}(?!\w)"), _DIGITS, holds=_is_card),
    Rule(
        "id",
        _begins(r"\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y](?!\w)"),
        _DIGITS,
        holds=_is_nordic,
    ),
    Rule("id", _begins(r"\d{6} ?[-+A-FU-Y]? ?\d{3} ?[\dA-FHJ-NPR-Y](?!\w)"), _DIGITS, holds=_is_checked_finnish),
    Rule(
        "id",
        _begins(r"\d\d[. ]\d\d[. ](?:19|20)?\d\d ?[-+A-FU-Y]? ?\d{3}[\dA-FHJ-NPR-Y](?!\w)"),
        _DIGITS,
        holds=_is_checked_finnish,
    ),
    Rule("id", _begins(r"(?:19|20)?\d{6}[-+]\d{4}(?!\w)"), _DIGITS, holds=_is_nordic),
    Rule(
        "id", _begins(r"(?:(?:19|20)\d{6} ?\d{4}|\d{10}|\d{6} [-+]? ?\d{4})(?!\w)"), _DIGITS, holds=_is_checked_nordic
    ),
    Rule("id", _begins(r"(?:19|20)?\d\d[ .-]\d\d[ .-]\d\d[ -]{1,3}\d{4}(?!\w)"), _DIGITS, holds=_is_checked_nordic),
    Rule("id", _begins(r"\d{6}[ .-]?\d{5}(?!\w)"), _DIGITS, holds=_is_finnish),
    Rule("id", _begins(r"\d\d[ .]\d\d[ .]\d\d[ .]\d{5}(?!\w)"), _DIGITS, holds=_is_finnish),
    Rule("phone", _phone(r"0[457]\d ?[./] ?\d{3}[ .-]?\d{2}[ .-]?\d{2,3}"), _DIGITS, holds=_is_phone),
    Rule("phone", _phone(r"(?:\+|00) ?[1-9](?:[ \-().]{0,3}\d){6,13}"), _DIGITS, holds=_is_phone),
    Rule(
        "phone",
        re.compile(r"(?<![\w(])(?P<lead>\((?:\+|00)[1-9]\d{0,2}\)(?:[ -]{0,2}\d){6,11})(?!\w)"),
        _DIGITS,
        holds=_is_phone,
    ),
    Rule("phone", re.compile(r"(?<![\w(])(?P<lead>\(0\d{1,3}\)(?:[ -]?\d){5,9})(?!\w)"), _DIGITS, holds=_is_phone),
    Rule("phone", _phone(r"0[1-9]\d?(?:[ -]{0,2}\d){5,10}"), _DIGITS, holds=_is_phone),
    Rule("phone", _phone(r"[2-9]\d(?:[ .]?\d\d){3}"), _DIGITS, holds=_is_phone),
    Rule("phone", _phone(r"[2-9]\d\d[ -]?\d\d[ -]?\d{3}"), _DIGITS, holds=_is_phone),
    Rule("plate", re.compile(r"(?<![\w-])(?!COVID)[A-ZÅÄÖ]{3}-\d{1,3}(?![\w-])"), _LETTERS),
    Rule("plate", re.compile(r"(?<![\w-])[A-Z]{2} ?[1-9]\d{4}(?![\w-])"), _LETTERS),
    Rule("plate", re.compile(r"(?<![\w-])[A-ZÅÄÖ]{2}-\d{2,3}(?![\w-])"), _LETTERS, sure=_near_plate),
    Rule(
        "plate",
        re.compile(r"(?<![\w-])[A-HJ-PR-UW-Z]{3} ?\d\d[\dA-HJ-PR-UW-Z](?![\w-])"),
        _LETTERS,
        sure=_near_plate,
    ),
    Rule(
        "plate",
        re.compile(r"(?<![\w-])(?:[a-zåäö]{3}-?\d{3}|[a-z]{3}\d\d[a-z]|[a-z]{2} ?\d{5})(?![\w-])", re.IGNORECASE),
        _LETTERS,
        holds=_near_plate,
    ),
    # a name is called by nobody like a function: @SUM(A1) is a formula
    Rule("handle", re.compile(r"(?<![\w@])@\w(?:[\w.@-]*\w)?(?![\w(])"), _AT),
    Rule(
        "handle",
        re.compile(
            rf"(?<!\w)(?:{_CALLED})(?:[- ]?(?:nimi|tili|konto|namn|navn))? ?[:=] ?@?(?P<lead>[\w.-]{{3,}}\w)",
            re.IGNORECASE,
        ),
        _IS,
    ),
    Rule("handle", re.compile(r"(?<![\w/])/?u/(?P<lead>[\w-]{3,})(?![\w/])"), _SLASH),
)

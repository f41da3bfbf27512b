"""Judge how much a text is about a municipality's tasks, and by which of its words."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from kuulo.lang.common_words import common_words
from kuulo.lang.forms import finnish_forms, nordic_forms
from kuulo.lang.services import concepts

# How much each sign tells by itself (0-1); what several tell adds up like chances of missing.
ACCOUNT, NAME, MUNICIPALITY, SERVICE, PART, COMPOUND = 1.0, 0.4, 0.4, 0.55, 0.2, 0.35
PROBLEM, QUESTION = 0.25, 0.1
# Each of the first two words of other matters leaves so much.
ELSEWHERE, _MOST_ELSEWHERE = 0.4, 2
_MOST_REASONS, _MOST_TEXT = 8, 20_000
_LISTS = {"fi": ("fi",), "sv": ("sv",), "no": ("nb", "nn"), "en": ("en",)}
_GROUPS = {code: (group,) for group, codes in _LISTS.items() for code in (group, *codes)}
_WORD = re.compile(r"@?[^\W\d_]+(?:[-'’.@][^\W_]+)*")
_LONGEST, _SHORTEST = 40, 5
_ENDINGS = {
    "sv": ("arna", "erna", "orna", "ens", "ets", "ar", "er", "or", "en", "et", "an", "a", "n", "s"),
    "no": ("ane", "ene", "ens", "ets", "ar", "er", "en", "et", "a", "e", "n", "s"),
    "en": ("ings", "ing", "ies", "es", "ed", "s", "e", "y"),
    "fi": (),
}


@dataclass(frozen=True, slots=True)
class Relevance:
    """``score`` is 0-1. ``why`` holds pairs of a code and a word of the text: "account", "name", "municipality",
    "service", "problem" and "question" speak for the municipality's tasks, "elsewhere" against.
    """

    score: float
    why: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What the municipality, its places and its accounts are called, ready to be looked for; make it by ``names``."""

    by_first: Mapping[str, tuple[tuple[str, ...], ...]]
    accounts: frozenset[str]

    def account_in(self, text: str) -> str:
        """Give the first of the municipality's accounts that a text names, "" where it names none."""
        if not self.accounts or "@" not in text:
            return ""
        return next((word for word in _WORD.findall(text[:_MOST_TEXT].casefold()) if word in self.accounts), "")


def names(told: Iterable[str]) -> Names:
    """Read names of the municipality and its places ("Malmi"), and of its accounts ("@kaupunki")."""
    return _names(tuple(told))


@lru_cache(maxsize=64)
def _names(told: tuple[str, ...]) -> Names:
    by_first: dict[str, set[tuple[str, ...]]] = {}
    accounts = set()
    for name in (one.strip().casefold() for one in told):
        if name.startswith("@"):
            accounts |= {name, f"@{name.split('@')[1]}"}
            continue
        for form in finnish_forms(name) | nordic_forms(name):
            first, *rest = form.split()
            by_first.setdefault(first, set()).add(tuple(rest))
    return Names({first: tuple(rest) for first, rest in by_first.items()}, frozenset(accounts))


def relevance(text: str, language: str, known: Names) -> Relevance:
    """Judge a text in a language (ISO 639; all languages are looked for where it is another or not known)."""
    text = text[:_MOST_TEXT].casefold()
    words = _WORD.findall(text)
    groups = _GROUPS.get(language, tuple(_LISTS))
    signs = [*_named(words, known), *_signs(words, groups)]
    if "?" in text:
        signs.append(("question", "?", QUESTION))
    return _judged(_first_of_each(signs))


def _judged(signs: Sequence[tuple[str, str, float]]) -> Relevance:
    missed, elsewhere = 1.0, 0
    for code, _, weight in signs:
        if code == "elsewhere":
            elsewhere += 1
        else:
            missed *= 1 - weight
    sure = any(code == "account" for code, _, _ in signs)
    score = 1.0 if sure else (1 - missed) * ELSEWHERE ** min(elsewhere, _MOST_ELSEWHERE)
    strongest = sorted(signs, key=lambda sign: (sign[0] != "elsewhere", -sign[2]))[:_MOST_REASONS]
    return Relevance(round(score, 3), tuple((code, word) for code, word, _ in strongest))


def _first_of_each(signs: Iterable[tuple[str, str, float]]) -> list[tuple[str, str, float]]:
    """Let a word count once; of problems only one."""
    seen: dict[str, tuple[str, str, float]] = {}
    for code, word, weight in signs:
        seen.setdefault(code if code == "problem" else word, (code, word, weight))
    return list(seen.values())


def _named(words: Sequence[str], known: Names) -> Iterator[tuple[str, str, float]]:
    for at, word in enumerate(words):
        if word in known.accounts:
            yield "account", word, ACCOUNT
        for rest in known.by_first.get(word, ()):
            if tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                yield "name", " ".join((word, *rest)), NAME


def _signs(words: Sequence[str], groups: tuple[str, ...]) -> Iterator[tuple[str, str, float]]:
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        for code, weight, rest in _told_by(word, groups):
            if not rest or rest == after:
                yield code, f"{word} {rest}" if rest else word, weight


@lru_cache(maxsize=100_000)
def _told_by(word: str, groups: tuple[str, ...]) -> tuple[tuple[str, float, str], ...]:
    """Give what a word tells: code, weight, and the word that must follow, "" for none."""
    if len(word) > _LONGEST:
        return ()
    cues = [found for group in groups for found in _cues(word, group)]
    service = max((_service(word, group) for group in groups), default=0.0)
    if service and not any(code == "elsewhere" and not rest for code, _, rest in cues):
        cues.append(("service", service, ""))
    return tuple(cues)


_CUE_WEIGHTS = {"municipality": MUNICIPALITY, "problem": PROBLEM, "elsewhere": 0.0}


def _cues(word: str, group: str) -> Iterator[tuple[str, float, str]]:
    index = _cue_index(group)
    for key in (word, *(word[:length] + "*" for length in range(2, len(word) + 1))):
        yield from index.get(key, ())


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("kuulo.lang") / "relevance.toml").read_text("utf-8"))


@cache
def _cue_index(group: str) -> dict[str, list[tuple[str, float, str]]]:
    index: dict[str, list[tuple[str, float, str]]] = {}
    for code, weight in _CUE_WEIGHTS.items():
        for entry in _tables()[code][group]:
            first, _, rest = entry.partition(" ")
            index.setdefault(first, []).append((code, weight, rest))
    return index


def _service(word: str, group: str) -> float:
    """Tell how much a word tells as one of the vocabulary of services: itself in some form, or a compound with it."""
    whole, stems = _vocabulary(group)
    if told := whole.get(word) or whole.get(_stem(word, group)):
        return told
    parts = (part for cut in range(_SHORTEST, len(word) - 1) for part in (word[:cut], word[-cut:]))
    return COMPOUND if group != "en" and any(part in stems for part in parts) else 0.0


@cache
def _vocabulary(group: str) -> tuple[dict[str, float], frozenset[str]]:
    """Give the weight of each form of a word of the vocabulary, and the words that compounds are looked at for."""
    whole: dict[str, float] = {}
    stems = set()
    for word, weight in _entries(group):
        for form in finnish_forms(word) if group == "fi" else {word, _stem(word, group)}:
            whole[form] = max(weight, whole.get(form, 0.0))
        if weight == SERVICE and len(word) > _SHORTEST:
            stems.add(_stem(word, group) if group != "fi" else word[:-1])
    return whole, frozenset(stem for stem in stems if len(stem) >= _SHORTEST)


def _entries(group: str) -> Iterator[tuple[str, float]]:
    """Give the words of the vocabulary: alone an entry, or a part of one that tells less."""
    everyday = set(_tables()["everyday"][group])
    for concept in concepts():
        for code in _LISTS[group]:
            for entry in (concept.wording[code].label, *concept.wording[code].words):
                parts = [part for part in _WORD.findall(entry.casefold()) if _tells(part, code) - everyday]
                yield from ((part, SERVICE if entry.casefold() == part else PART) for part in parts)


def _tells(word: str, language: str) -> set[str]:
    return {word} - common_words(language) if len(word) >= 4 else set()


def _stem(word: str, group: str) -> str:
    """Take the ending of a form off, where enough is left; both sides of a comparison go through it."""
    for ending in _ENDINGS[group]:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word

"""Hear the cues that tell what a message does: question words, wishes, refusals, faults, thanks, memories."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from kuulo.lang.common_words import common_words

LANGUAGES = ("fi", "sv", "no", "en")
_LISTS = {"fi": ("fi",), "sv": ("sv",), "no": ("nb", "nn"), "en": ("en",)}
# no entry of the lists is longer
_LONGEST_ENTRY = 40
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"(?<=[.!?…])\s+|\n+")

# the cue's place among the names, whether it must begin a sentence, and the entries that must follow
Cue = tuple[int, bool, tuple[str, ...]]


def sentences(text: str) -> list[str]:
    """Cut a text after full stops, question and exclamation marks, and at line ends."""
    return [part for part in _END.split(text) if part.strip()]


@cache
def cue_names() -> tuple[str, ...]:
    """Give the names of the cues, in the order of the file."""
    return tuple(_tables())


def cues_in(sentence: str, languages: Sequence[str]) -> set[int]:
    """Give the places in cue_names of the cues of these languages (of LANGUAGES) that a sentence holds."""
    words = words_of(sentence)
    found: set[int] = set()
    for language in languages:
        for at, word in enumerate(words):
            for cue, first, rest in _beginning_with(word, language):
                if cue not in found and (at == 0 or not first) and _follow(words, at + 1, rest):
                    found.add(cue)
    return found


def words_of(text: str) -> list[str]:
    """Give the words of a text in lower case, with straight apostrophes."""
    return _WORD.findall(text.casefold().replace("’", "'"))


def languages_of(text: str) -> list[str]:
    """Give the languages of the cues whose small words a text holds most; all where it holds none."""
    seen = Counter(language for word in words_of(text) for language in _common_in(word))
    most = max(seen.values(), default=0)
    return [language for language in LANGUAGES if seen[language] == most]


@lru_cache(maxsize=100_000)
def _common_in(word: str) -> list[str]:
    return [one for one, lists in _LISTS.items() if any(word in common_words(part) for part in lists)]


def _follow(words: Sequence[str], at: int, rest: Sequence[str]) -> bool:
    return len(words) >= at + len(rest) and all(
        _stands_for(entry, word) for entry, word in zip(rest, words[at : at + len(rest)], strict=True)
    )


def _stands_for(entry: str, word: str) -> bool:
    if entry == "_":
        return True
    if entry.endswith("*"):
        return word.startswith(entry[:-1])
    return word.endswith(entry[1:]) if entry.startswith("*") else word == entry


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("kuulo.lang") / "kind_cues.toml").read_text("utf-8"))


@cache
def _by_word(language: str) -> tuple[dict[str, list[Cue]], dict[str, list[Cue]], dict[str, list[Cue]]]:
    """Index the entries of a language by their first word: whole words, beginnings, endings."""
    whole: defaultdict[str, list[Cue]] = defaultdict(list)
    start: defaultdict[str, list[Cue]] = defaultdict(list)
    end: defaultdict[str, list[Cue]] = defaultdict(list)
    for number, lists in enumerate(_tables().values()):
        for entry in lists.get(language, ()):
            head, *rest = entry.removeprefix("^").split()
            cue = number, entry.startswith("^"), tuple(rest)
            if head.endswith("*"):
                start[head[:-1]].append(cue)
            elif head.startswith("*"):
                end[head[1:]].append(cue)
            else:
                whole[head].append(cue)
    return dict(whole), dict(start), dict(end)


@lru_cache(maxsize=100_000)
def _beginning_with(word: str, language: str) -> list[Cue]:
    """Give the entries whose first word may be this one."""
    whole, start, end = _by_word(language)
    found = list(whole.get(word, ()))
    for length in range(min(len(word), _LONGEST_ENTRY) + 1):
        found += start.get(word[:length], ())
        found += end.get(word[len(word) - length :], ())
    return found

"""Hear anger in a text, and set what it is about apart from how it is said.

Of the tone of one text only, never of a person or an opinion. Few signs that are sure, rather than many.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from kuulo.lang.kind_cues import cue_names, cues_in, languages_of, sentences

_MOST_TEXT, _MOST_SENTENCES, _LONGEST = 20_000, 3, 400
_WORD = re.compile(r"[^\W\d_]{3,}")
_MARKS = re.compile(r"[!?]*!{2,}[!?]*|!\?|\?{3,}")
# A sentence with one of these cues asks for something, or says what is wrong.
_ASKED = ("question_word", "why", "yes_no_question", "ought", "wish", "could", "suggest", "imperative")
_MATTER = frozenset((*_ASKED, "fault", "lack", "no_reply"))
_SHOUTED, _FEWEST_SHOUTED = 0.5, 4


def heated(text: str) -> bool:
    """Tell whether a text is heated: it curses twice, shouts in capitals, or curses once with marks (!!) beside."""
    text = text[:_MOST_TEXT]
    curses = sum(len(_rude(language).findall(text.casefold())) for language in languages_of(text))
    return curses > 1 or _shouts(text) or (curses == 1 and bool(_MARKS.search(text)))


def matter(text: str) -> tuple[str, ...]:
    """Give the sentences of a text, as they are, that ask for something or say what is wrong; three at most.

    Sentences without a curse come first; a question is always one.
    """
    languages = languages_of(text[:_MOST_TEXT])
    said = [one.strip() for one in sentences(text[:_MOST_TEXT]) if len(one) <= _LONGEST]
    asks = [one for one in said if "?" in one or _asks(one, languages)]
    calm = [one for one in asks if not any(_rude(language).search(one.casefold()) for language in languages)]
    return tuple((calm or asks)[:_MOST_SENTENCES])


def _asks(sentence: str, languages: list[str]) -> bool:
    names = cue_names()
    return any(names[cue] in _MATTER for cue in cues_in(sentence, languages))


def _shouts(text: str) -> bool:
    words: list[str] = _WORD.findall(text)
    loud = sum(word.isupper() for word in words)
    return loud >= max(_FEWEST_SHOUTED, _SHOUTED * len(words))


@cache
def _rude(language: str) -> re.Pattern[str]:
    lists: dict[str, list[str]] = tomllib.loads((files("kuulo.lang") / "heat.toml").read_text("utf-8"))["rude"]
    entries = sorted(lists[language], key=lambda one: (-len(one), one))
    told = (re.escape(one).replace(r"\*", r"\w{0,12}").replace(r"\ ", r"\s+") for one in entries)
    return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)")

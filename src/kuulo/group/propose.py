"""Take names for themes from elsewhere, where they pass every check that a name of Kuulo's own would pass.

What is handed out is pseudonymised and short; what comes back is a stranger's word and trusted in nothing.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kuulo.group.cluster import Array, centres_of
from kuulo.group.languages import LanguageBasis, without_language
from kuulo.group.name import Embed
from kuulo.group.phrases import names_in
from kuulo.group.result import Theme
from kuulo.group.state import State
from kuulo.lang.common_words import common_words
from kuulo.lang.identify import identify
from kuulo.lang.mask import mask
from kuulo.lang.name_lists import first_name_alone, surname_alone
from kuulo.lang.words import words

_FEWEST_MESSAGES = 3
_MOST_CENTRAL, _LONGEST_TEXT, _LOOKED_AT = 5, 400, 2_000
_SHORTEST_NAME, _LONGEST_NAME, _MOST_WORDS = 2, 60, 6
# How much farther from its group's centre than Kuulo's own name a proposed one may be.
_MARGIN = 0.05
# Below this many letters the identifier cannot tell Scandinavian languages apart.
_SURE_LETTERS = 20
_SCANDINAVIAN = frozenset({"sv", "nb", "nn", "da"})
_NORWEGIAN = frozenset({"nb", "nn", "da"})
_MARKUP = re.compile(r"[<>{}\[\]|\\`*_#~^=@\"“”]|//|&\w+;")


class NoAnswer(Exception):
    """Whoever is asked for names does not answer as it should: ``code`` says why; it is not asked again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoNames(Exception):
    """An answer came that holds no names; the next may."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is told of a group to whoever proposes its names: all of it pseudonymised."""

    languages: tuple[str, ...]
    keyphrases: Mapping[str, tuple[str, ...]]
    messages: tuple[str, ...]


Ask = Callable[[Matter], Mapping[str, object]]


@dataclass(slots=True)
class Proposals:
    """What came of asking: the state with the names taken, how many groups were ``asked`` about and how many
    ``answered``, the names ``taken``, those ``refused`` by reason, and the code of the failure that ended it, or "".
    """

    state: State
    asked: int = 0
    answered: int = 0
    taken: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failed: str = ""


def propose_names(state: State, *, languages: Sequence[str], embed: Embed, ask: Ask, model: str) -> Proposals:
    """Ask for names of the themes and subthemes that are new in this run and hold three messages or more.

    ``embed`` gives unit vectors. Names of earlier runs stay; so does every name whose proposal is refused. Where
    nothing was answered the state stays as it was.
    """
    done = Proposals(state)
    check = _Check.of(state, embed)
    themes = list(state.grouping.themes)
    for at, theme in enumerate(themes):
        if theme.since != state.grouping.run or theme.messages < _FEWEST_MESSAGES:
            continue
        done.asked += 1
        try:
            answer = ask(matter_of(theme, state, languages))
        except NoAnswer as failure:
            done.failed = failure.code
            break
        except NoNames:
            continue
        done.answered += 1
        themes[at] = _renamed(theme, themes, answer, languages, check, done)
    if done.answered:
        grouping = replace(state.grouping, themes=tuple(themes))
        done.state = replace(state, grouping=grouping, proposed_by=_also(state.proposed_by, model))
    return done


def matter_of(theme: Theme, state: State, languages: Sequence[str]) -> Matter:
    """Give what may be told of a theme: its keyphrases and central messages, masked, then cut."""
    keyphrases = {
        language: tuple(phrase for phrase in phrases if not _tells_person(phrase))
        for language, phrases in theme.keyphrases.items()
    }
    heads = (" ".join(state.messages[row].text.split())[:_LOOKED_AT] for row in theme.central[:_MOST_CENTRAL])
    # cut between words before it is masked: half a telephone number is no telephone number
    texts = (mask(head if len(head) < _LOOKED_AT else head.rpartition(" ")[0]) for head in heads)
    return Matter(tuple(languages), keyphrases, tuple(text[:_LONGEST_TEXT] for text in texts))


def _renamed(
    theme: Theme,
    themes: Sequence[Theme],
    answer: Mapping[str, object],
    languages: Sequence[str],
    check: "_Check",
    done: Proposals,
) -> Theme:
    """Give the theme with the proposed names that pass."""
    siblings = [other for other in themes if other.parent == theme.parent and other.id != theme.id]
    names = dict(theme.names)
    for language in languages:
        if language not in answer:
            continue
        taken = {other.names.get(language, "").casefold() for other in siblings}
        name = _tidied(answer[language])
        if name == names.get(language):
            continue
        if reason := check.reason_against(name, language=language, theme=theme, taken=taken):
            done.refused[reason] += 1
        else:
            names[language] = name
            done.taken += 1
    return theme if names == theme.names else replace(theme, names=names, named_by="model")


def _tidied(proposed: object) -> str:
    """Give a proposal without blanks around it, its letters composed; "" for what is no text."""
    return unicodedata.normalize("NFC", proposed).strip() if isinstance(proposed, str) else ""


def _also(earlier: str, model: str) -> str:
    known = [name for name in earlier.split(", ") if name]
    return ", ".join(known if model in known else [*known, model])


@dataclass(frozen=True, slots=True)
class _Check:
    """What a proposed name is held against: the names of places and people in the texts, and the groups' centres."""

    names: set[str]
    centres: Mapping[str, Array]
    embed: Embed

    @classmethod
    def of(cls, state: State, embed: Embed) -> "_Check":
        placements = state.grouping.placements
        heads = [place.copy_of if place.copy_of >= 0 else row for row, place in enumerate(placements)]
        first = sorted({head for head, place in zip(heads, placements, strict=True) if place.theme})
        vectors = without_language(state.raw, LanguageBasis.shipped())
        members: defaultdict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(first):
            if placements[row].status == "grouped":
                members[placements[row].theme].append(at)
                members[placements[row].subtheme].append(at)
        centres = {one: _centre(vectors[rows]) for one, rows in members.items()}
        return cls(names_in([state.messages[row].text for row in first]), centres, embed)

    def reason_against(self, name: str, *, language: str, theme: Theme, taken: set[str]) -> str:
        """Give why a name may not be taken: form, person, place, vague, language, taken or far; "" where it may."""
        said = [word.casefold() for word, _ in words(name)]
        reasons: dict[str, Callable[[], bool]] = {
            "form": lambda: not _well_formed(name),
            "person": lambda: _tells_person(name),
            "place": lambda: not self.names.isdisjoint(said),
            "vague": lambda: common_words(language).issuperset(said),
            "language": lambda: _other_language(name, language),
            "taken": lambda: name.casefold() in taken,
            "far": lambda: self._is_far(name, theme.names.get(language, ""), theme.id),
        }
        return next((reason for reason, holds in reasons.items() if holds()), "")

    def _is_far(self, name: str, own: str, group: str) -> bool:
        if group not in self.centres:
            return True
        proposed, ours = self.embed([name, own]) @ self.centres[group]
        return bool(proposed < ours - _MARGIN)


def _centre(vectors: Array) -> Array:
    return np.asarray(centres_of(vectors, np.zeros(len(vectors), np.int64))[0], np.float32)


def _well_formed(name: str) -> bool:
    """Tell whether a name is short, in one line, and without signs that mean something to a program."""
    return (
        _SHORTEST_NAME <= len(name) <= _LONGEST_NAME
        and len(name.split()) <= _MOST_WORDS
        and name.isprintable()
        and any(map(str.isalpha, name))
        and not _MARKUP.search(name)
    )


def _tells_person(text: str) -> bool:
    """Tell whether a text holds anything that would be masked, or a name of a person in whatever case."""
    return mask(text) != text or any(first_name_alone(word) or surname_alone(word) for word, _ in words(text))


def _other_language(name: str, language: str) -> bool:
    """Tell whether a name is surely in another language than it should be."""
    heard = identify(name)
    if heard in {"und", "se", language}:
        return False
    if heard not in _SCANDINAVIAN or language not in _SCANDINAVIAN:
        return True
    long = sum(map(str.isalpha, name)) >= _SURE_LETTERS
    return long and (heard in _NORWEGIAN) != (language in _NORWEGIAN)

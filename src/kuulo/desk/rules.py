"""Rules: what people's corrections tell the worker about where a message goes, read at once for a batch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from kuulo.desk.words import forms_of, word_forms
from kuulo.models import Correction, Placement, Tag, Theme

Kind = Correction.Kind
_PLACING = (Kind.MOVE, Kind.NOT_ABOUT, Kind.PIN, Kind.ALWAYS_HERE)


@dataclass(frozen=True, slots=True)
class WordRule:
    """Messages that hold all of the words, in any form, and any of the tags are always placed in ``theme``.

    Each word is the set of its forms. A rule without words asks for a tag alone, one without tags for the words.
    """

    theme: int
    words: tuple[frozenset[str], ...]
    tags: frozenset[str]

    def holds(self, forms: frozenset[str], tags: Collection[str]) -> bool:
        """Tell whether a text with these word forms and tags falls under the rule."""
        if self.tags and self.tags.isdisjoint(tags):
            return False
        return all(not word.isdisjoint(forms) for word in self.words)


@dataclass(frozen=True, slots=True)
class Rules:
    """The corrections in force. Families of near-copies are named by the id of their first message."""

    _into: Mapping[int, int] = field(default_factory=dict)
    _forbidden: Mapping[int, frozenset[int]] = field(default_factory=dict)
    _families: Mapping[int, int] = field(default_factory=dict)
    _words: tuple[WordRule, ...] = ()

    @classmethod
    def in_force(cls) -> "Rules":
        """Read every rule that holds, in at most five queries."""
        into = merged_into()
        book = _Book(into)
        corrections = Correction.objects.filter(undone_at=None, kind__in=_PLACING).order_by("pk")
        for row in corrections.values_list("kind", "theme", "other", "message", "message__copy_of", "facts"):
            book.take(*row)
        book.let_stay()
        forbidden = {family: frozenset(themes) for family, themes in book.forbidden.items()}
        return cls(into, forbidden, book.families, tuple(_with_aliases(book.words)))

    def merged(self, theme_id: int) -> int:
        """Give the theme that a theme was merged into in the end; itself where it was not."""
        return self._into.get(theme_id, theme_id)

    def forbidden(self, message_id: int, copy_of_id: int | None) -> frozenset[int]:
        """Give the themes where no machine may put a message."""
        return self._forbidden.get(copy_of_id or message_id, frozenset())

    def ordered(self, text: str, tags: Collection[str], copy_of_id: int | None) -> int | None:
        """Give the theme that a message belongs in by a rule; None where no rule speaks of it.

        ``text`` may be the message's ``search_text``, ``tags`` are names without their sign. ``copy_of_id`` is the
        first message of its family, so its own id where it opens one. The latest rule goes before earlier ones.
        """
        if copy_of_id is not None and copy_of_id in self._families:
            return self._families[copy_of_id]
        if not self._words:
            return None
        forms = word_forms(text) if any(rule.words for rule in self._words) else frozenset()
        never = self._forbidden.get(copy_of_id, frozenset()) if copy_of_id else frozenset()
        fitting = (rule.theme for rule in self._words if rule.theme not in never and rule.holds(forms, tags))
        return next(fitting, None)


class _Book:
    """Takes corrections, earliest first: what was said later of the same family goes before."""

    def __init__(self, into: Mapping[int, int]) -> None:
        self._into = into
        self.families: dict[int, int] = {}
        self.forbidden: defaultdict[int, set[int]] = defaultdict(set)
        self.words: list[WordRule] = []
        self._led_on: dict[int, int] = {}

    def take(
        self,
        kind: str,
        theme: int,
        other: int | None,
        message: int | None,
        copy_of: int | None,
        facts: dict[str, list[str]],
    ) -> None:
        """Add one correction's rule."""
        family = copy_of or message
        if family is None:
            self.words.insert(0, word_rule(self._end(theme), facts.get("words", []), facts.get("tags", [])))
        elif kind == Kind.NOT_ABOUT:
            self._forbid(family, theme)
        else:
            if kind == Kind.MOVE and other and other != theme:
                self._forbid(family, theme)
            self._order(family, other if kind == Kind.MOVE and other else theme)

    def _order(self, family: int, theme: int) -> None:
        self.families[family] = self._end(theme)
        self.forbidden[family] -= {theme, self._end(theme)}

    def _forbid(self, family: int, theme: int) -> None:
        self.forbidden[family] |= {theme, self._end(theme)}
        if self._end(theme) != theme:
            self._led_on[family] = self._end(theme)
        if self.families.get(family) == self._end(theme):
            del self.families[family]

    def let_stay(self) -> None:
        """Forbid no message the theme where it stands: it was there before the forbidden one was merged into it."""
        if self._led_on:
            stands = Placement.objects.filter(message__in=self._led_on, theme__in=set(self._led_on.values()))
            for family, theme in stands.values_list("message", "theme"):
                if self._led_on[family] == theme:
                    self.forbidden[family].discard(theme)

    def _end(self, theme: int) -> int:
        return self._into.get(theme, theme)


def word_rule(theme: int, words: Iterable[str], tags: Iterable[str]) -> WordRule:
    """Give the rule of words and tags as they were typed."""
    return WordRule(theme, tuple(frozenset(forms_of(word)) for word in words), frozenset(tags))


def pinned_in(theme: Theme) -> list[int]:
    """Give the ids of the messages that people pinned in a theme, latest first: they stand first among its quotes."""
    homes = [theme.pk, *went_into(theme)]
    pins = Correction.objects.filter(theme__in=homes, undone_at=None, kind=Kind.PIN).order_by("-pk")
    return [message for message in pins.values_list("message", flat=True) if message]


def went_into(theme: Theme) -> list[int]:
    """Give the ids of the themes that ended up in a theme."""
    return [earlier for earlier, last in merged_into().items() if last == theme.pk]


def merged_into() -> dict[int, int]:
    """Give, for each theme that was merged, the theme that it ended up in."""
    merged = dict(Theme.objects.filter(state=Theme.State.MERGED).values_list("pk", "merged_into_id"))
    return {theme: _end(theme, merged) for theme in merged}


def _end(theme: int, merged: Mapping[int, int | None]) -> int:
    while into := merged.get(theme):
        theme = into
    return theme


def _with_aliases(rules: list[WordRule]) -> Iterable[WordRule]:
    """Let each tag of a rule stand for all tags that are the same matter."""
    asked = {tag for rule in rules for tag in rule.tags}
    if not asked:
        return rules
    same = same_matter(asked)
    return [WordRule(rule.theme, rule.words, rule.tags.union(*(same[tag] for tag in rule.tags))) for rule in rules]


def same_matter(asked: set[str]) -> dict[str, set[str]]:
    """Give, for each tag, the tags that are the same matter, itself among them."""
    known = Tag.objects.filter(Q(alias_of__isnull=False) | Q(aliases__isnull=False)).distinct()
    matters: defaultdict[int, set[str]] = defaultdict(set)
    for pk, alias_of, name in known.values_list("pk", "alias_of", "name"):
        matters[alias_of or pk].add(name)
    return {tag: next((names for names in matters.values() if tag in names), {tag}) for tag in asked}

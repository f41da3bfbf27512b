"""Marks: a resident's text for a page, with the words that were sought marked in it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Self

from django.utils.safestring import SafeString, mark_safe

from kuulo.desk.search import SHORTEST_PART
from kuulo.desk.words import search_terms
from kuulo.report.encoding import quotable

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that are looked for, in all their forms."""

    forms: frozenset[str]

    @classmethod
    def of(cls, query: str) -> Self:
        """Read a query."""
        return cls(frozenset(form for forms in search_terms(query) for form in forms))

    def marked(self, text: str) -> SafeString:
        """Give a text as HTML: escaped, its control characters visible, the sought words in <mark>."""
        shown = quotable(text)
        if not self.forms:
            return mark_safe(escape(shown))  # noqa: S308 - it is escaped
        at, parts = 0, []
        for word in _WORD.finditer(shown):
            if self._holds(word[0]):
                parts += [escape(shown[at : word.start()]), "<mark>", escape(word[0]), "</mark>"]
                at = word.end()
        return mark_safe("".join([*parts, escape(shown[at:])]))  # noqa: S308 - every part of the text is escaped

    def _holds(self, word: str) -> bool:
        if not self.forms.isdisjoint(_forms(word)):
            return True
        small = word.casefold()
        return any(form in small for form in self.forms if len(form) >= SHORTEST_PART)


@lru_cache(maxsize=20_000)
def _forms(word: str) -> frozenset[str]:
    return frozenset(form for forms in search_terms(word) for form in forms)

"""Word search: the messages that hold whole words in any of their forms, by each engine's own index."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kuulo.desk.words import forms_of
from kuulo.models import Message


def holding(words: Iterable[str]) -> QuerySet[Message]:
    """Give the messages that hold every one of the words, in any form."""
    return _holding(sorted(forms_of(word)) for word in words)


def _holding(groups: Iterable[Iterable[str]]) -> QuerySet[Message]:
    if connection.vendor == "postgresql":
        found = "SELECT id FROM kuulo_message WHERE search_words @@ to_tsquery('simple', %s)"
    else:
        found = "SELECT rowid FROM message_words WHERE message_words MATCH %s"
    return Message.objects.filter(pk__in=RawSQL(found, [one_of_each(groups)]))  # noqa: S611 - the words are a parameter, quoted


def holding_any(forms: Sequence[str]) -> QuerySet[Message]:
    """Give the messages that hold one of the forms as a whole word, or, where it is of several words, as a phrase."""
    return _holding([forms]) if forms else Message.objects.none()


def one_of_each(groups: Iterable[Iterable[str]]) -> str:
    """Ask the engine's index, in its own language, for one form of each group; a form of several words is a phrase.

    Each form is taken as it is: no sign in it means anything.
    """
    if connection.vendor == "postgresql":
        return " & ".join("(" + " | ".join(map(_lexeme, forms)) + ")" for forms in groups)
    return " AND ".join("(" + " OR ".join(map(_phrase, forms)) + ")" for forms in groups)


def _phrase(form: str) -> str:
    return '"' + form.replace('"', '""') + '"'


def _lexeme(form: str) -> str:
    """Quote a form for to_tsquery, where a backslash and an apostrophe mean something."""
    return "'" + form.replace("\\", "\\\\").replace("'", "''") + "'"
